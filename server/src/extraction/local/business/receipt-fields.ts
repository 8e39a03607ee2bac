import type { DocumentField } from '@adp/contract/result-fields.ts'
import {
  addressField,
  arrayField,
  currencyField,
  dateField,
  type Fields,
  numberField,
  objectField,
  type Place,
  phoneField,
  present,
  stringField,
  timeField,
} from './azure-fields.ts'
import type { Receipt } from './receipt.ts'
import type { ReceiptItem } from './receipt-lines.ts'

const itemField = (item: ReceiptItem, code: string | null, place: Place): DocumentField | null => {
  const fields = present({
    Description: stringField(item.description, place),
    Quantity: numberField(item.quantity, place),
    TotalPrice: currencyField(item.totalPrice, code, place),
  })
  return Object.keys(fields).length > 0 ? objectField(fields, item.tokens, place) : null
}

/** A receipt's fields by Azure's names. @param code of the document's currency, where it has one only */
export const receiptFields = (receipt: Receipt, code: string | null, place: Place): Fields => {
  const { merchant, totals } = receipt
  return present({
    MerchantName: stringField(merchant?.name, place),
    MerchantAddress: addressField(merchant?.address, place),
    MerchantPhoneNumber: phoneField(receipt.phone, place),
    TransactionDate: dateField(receipt.date, place),
    TransactionTime: timeField(receipt.time, place),
    Subtotal: currencyField(totals.subtotal, code, place),
    TotalTax: currencyField(totals.tax, code, place),
    Tip: currencyField(totals.tip, code, place),
    Total: currencyField(totals.total, code, place),
    Items: arrayField(receipt.items.flatMap((item) => itemField(item, code, place) ?? [])),
  })
}
