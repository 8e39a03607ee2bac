import type { AnalyzedDocumentOutput, DocumentFieldOutput } from '@azure-rest/ai-document-intelligence'
import type { PageWriter, Placed } from './page-writer.ts'

const CONFIDENCE = 0.9

const field = (
  value: DocumentFieldOutput,
  { spans, boundingRegions }: Placed,
  content: string,
): DocumentFieldOutput => ({
  ...value,
  content,
  ...(boundingRegions && { boundingRegions }),
  confidence: CONFIDENCE,
  spans,
})

/** A field of each type that has a text of its own, by name: what is printed, and what is read from it. */
const PRINTED: Record<string, [printed: string, value: DocumentFieldOutput]> = {
  VendorName: ['Contoso😀', { type: 'string', valueString: 'Contoso😀' }],
  InvoiceDate: ['24.06.2017', { type: 'date', valueDate: '2017-06-24' }],
  ServiceTime: ['14:05', { type: 'time', valueTime: '14:05:00' }],
  VendorPhone: ['+351211234567', { type: 'phoneNumber', valuePhoneNumber: '+351211234567' }],
  Quantity: ['2.5', { type: 'number', valueNumber: 2.5 }],
  Copies: ['3', { type: 'integer', valueInteger: 3 }],
  CountryOfOrigin: ['Portugal', { type: 'countryRegion', valueCountryRegion: 'PRT' }],
  Signature: ['Signed', { type: 'signature', valueSignature: 'signed' }],
  InvoiceTotal: [
    '$1234.50',
    { type: 'currency', valueCurrency: { currencySymbol: '$', amount: 1234.5, currencyCode: 'USD' } },
  ],
  VendorAddress: [
    'Lisboa',
    { type: 'address', valueAddress: { city: 'Lisboa', countryRegion: 'PRT', streetAddress: 'Rua da Prata 1' } },
  ],
  Paid: ['yes', { type: 'boolean', valueBoolean: true }],
  Terms: ['net30', { type: 'selectionGroup', valueSelectionGroup: ['net30'] }],
}

/** An invoice with a field of every type there is, printed on the page. */
export function writeInvoice(page: PageWriter): AnalyzedDocumentOutput {
  const fields: Record<string, DocumentFieldOutput> = {}
  for (const [name, [printed, value]] of Object.entries(PRINTED)) {
    fields[name] = field(value, valueOn(page, name, printed), printed)
  }
  const mark = page.mark('selected')
  fields.Urgent = field({ type: 'selectionMark', valueSelectionMark: 'selected' }, mark, mark.content)
  const item = page.line(['Item', 'Widget', '$12.50'])
  const [, description, amount] = item.words as [Placed, Placed, Placed]
  const valueObject = {
    Description: field({ type: 'string', valueString: 'Widget' }, description, description.content),
    Amount: field(
      { type: 'currency', valueCurrency: { currencySymbol: '$', amount: 12.5, currencyCode: 'USD' } },
      amount,
      amount.content,
    ),
  }
  fields.Items = { type: 'array', valueArray: [field({ type: 'object', valueObject }, item, item.content)] }
  return { docType: 'invoice', fields, confidence: 1, spans: [] }
}

/** The fields that were asked for by name, each with a value on the page. */
export function writeQueryFields(page: PageWriter, names: string[]): Record<string, DocumentFieldOutput> {
  const read = (name: string) => {
    const printed = `answer-to-${name}`
    return field({ type: 'string', valueString: printed }, valueOn(page, name, printed), printed)
  }
  return Object.fromEntries(names.map((name) => [name, read(name)]))
}

function valueOn(page: PageWriter, name: string, printed: string): Placed {
  return page.line([`${name}:`, printed]).words[1] as Placed
}
