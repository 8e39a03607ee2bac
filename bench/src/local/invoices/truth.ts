import type { DocumentField } from '@adp/contract/result-fields.ts'
import type { Sample } from './sample.ts'

/** What a document says, by the names of fields; those of lines are `Items.0.Description`. All as text that can be compared. */
export type Truth = Map<string, string>

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

const money = (amount: number): string => amount.toFixed(2)

const ITEM_FIELDS = { description: 'Description', quantity: 'Quantity', price: 'UnitPrice', amount: 'Amount' } as const

const valuesOf = (sample: Sample): Record<string, string> => ({
  VendorName: plain(sample.vendor.name),
  VendorAddress: plain(sample.vendor.address.join('')),
  CustomerName: plain(sample.customer.name),
  CustomerAddress: plain(sample.customer.address.join('')),
  InvoiceId: plain(sample.id),
  InvoiceDate: sample.issued,
  DueDate: sample.due,
  PurchaseOrder: plain(sample.order),
  SubTotal: money(sample.subtotal),
  VendorTaxId: plain(sample.vendor.taxId),
  TotalTax: money(sample.tax),
  InvoiceTotal: money(sample.total),
})

/** @param shown what the layout has drawn */
export const truthOf = (sample: Sample, shown: ReadonlySet<string>): Truth => {
  const truth: Truth = new Map(Object.entries(valuesOf(sample)).filter(([name]) => shown.has(name)))
  for (const [index, item] of sample.items.entries())
    for (const [column, name] of Object.entries(ITEM_FIELDS) as [keyof typeof ITEM_FIELDS, string][]) {
      const value = {
        description: plain(item.description),
        quantity: money(item.quantity),
        price: money(item.price),
        amount: money(item.amount),
      }[column]
      if (shown.has(`Items.${column}`)) truth.set(`Items.${index}.${name}`, value)
    }
  if (sample.currencyCode) truth.set('currency', sample.currencyCode)
  return truth
}

const textOf = (field: DocumentField): string | undefined => {
  if (field.valueCurrency) return money(field.valueCurrency.amount)
  if (field.valueNumber !== undefined) return money(field.valueNumber)
  if (field.type === 'address') return plain(field.content ?? '')
  const text = field.valueString ?? field.valuePhoneNumber
  if (text !== undefined) return plain(text)
  if (field.type === 'phoneNumber') return plain(field.content ?? '')
  return field.valueDate ?? field.valueTime
}

/** Fields of a result in the same way; what has no value, as a date that cannot be told, was not found. */
export const foundIn = (fields: Record<string, DocumentField>): Truth => {
  const found: Truth = new Map()
  for (const [name, field] of Object.entries(fields)) {
    const text = textOf(field)
    if (text !== undefined) found.set(name, text)
    for (const [index, item] of (field.valueArray ?? []).entries())
      for (const [part, each] of Object.entries(item.valueObject ?? {})) {
        const value = textOf(each)
        if (value !== undefined) found.set(`${name}.${index}.${part}`, value)
      }
  }
  const code = (fields.InvoiceTotal ?? fields.Total)?.valueCurrency?.currencyCode
  if (code) found.set('currency', code)
  return found
}
