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
  present,
  stringField,
} from './azure-fields.ts'
import type { Invoice } from './invoice.ts'
import type { LineItem } from './line-items.ts'

const itemField = (item: LineItem, code: string | null, place: Place): DocumentField | null => {
  const fields = present({
    Date: dateField(item.date, place),
    ProductCode: stringField(item.productCode, place),
    Description: stringField(item.description, place),
    Quantity: numberField(item.quantity, place),
    Unit: stringField(item.unit, place),
    UnitPrice: currencyField(item.unitPrice, code, place),
    Tax: currencyField(item.tax, code, place),
    Amount: currencyField(item.amount, code, place),
  })
  return Object.keys(fields).length > 0 ? objectField(fields, item.tokens, place) : null
}

/** An invoice's fields by Azure's names. @param code of the document's currency, where it has one only */
export const invoiceFields = (invoice: Invoice, code: string | null, place: Place): Fields => {
  const { vendor, customer, totals } = invoice
  return present({
    VendorName: stringField(vendor?.name, place),
    VendorAddress: addressField(vendor?.address, place),
    VendorTaxId: stringField(invoice.vendorTaxId, place),
    CustomerName: stringField(customer?.name, place),
    CustomerAddress: addressField(customer?.address, place),
    CustomerTaxId: stringField(invoice.customerTaxId, place),
    CustomerId: stringField(invoice.customerId, place),
    InvoiceId: stringField(invoice.id, place),
    InvoiceDate: dateField(invoice.date, place),
    DueDate: dateField(invoice.due, place),
    PurchaseOrder: stringField(invoice.purchaseOrder, place),
    PaymentTerm: stringField(invoice.paymentTerm, place),
    SubTotal: currencyField(totals.subtotal, code, place),
    TotalTax: currencyField(totals.tax, code, place),
    TotalDiscount: currencyField(totals.discount, code, place),
    InvoiceTotal: currencyField(totals.total, code, place),
    AmountDue: currencyField(totals.due, code, place),
    PreviousUnpaidBalance: currencyField(totals.previous, code, place),
    Items: arrayField(invoice.items.flatMap((item) => itemField(item, code, place) ?? [])),
  })
}
