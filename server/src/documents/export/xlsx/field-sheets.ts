import type { AnalyzedDocument, DocumentField, KeyValuePair } from '@adp/contract/result-fields.ts'
import { mergeDocuments } from '../../../extraction/local/business/merge-documents.ts'
import { withMarks } from '../formats.ts'
import type { Sheet, SheetCell, SheetValue } from './sheet-xml.ts'

const row = (values: SheetValue[], isHead = false): SheetCell[] =>
  values.map((value, column) => ({ column, value, isHead }))

const number = (value: number): SheetValue => ({ number: value, format: 0 })

const confidenceOf = ({ confidence }: { confidence?: number }): SheetValue =>
  confidence === undefined ? '' : number(confidence)

async function* pairRows(pairs: AsyncIterable<{ page: number; part: KeyValuePair }>): AsyncGenerator<SheetCell[]> {
  yield row(['Page', 'Key', 'Value', 'Confidence'], true)
  for await (const { page, part } of pairs) {
    const { key, value } = part
    yield row([number(page), withMarks(key.content), withMarks(value?.content ?? ''), confidenceOf(part)])
  }
}

/** Keys and their values, as they are written. */
export const pairSheet = (pairs: AsyncIterable<{ page: number; part: KeyValuePair }>): Sheet => ({
  name: 'Key-value pairs',
  widths: [8, 40, 60, 12],
  rows: pairRows(pairs),
})

/** The value of a field as data, the empty text where it has none of one cell. */
function dataOf(field: DocumentField): SheetValue {
  const { valueCurrency, valueBoolean } = field
  const found = field.valueNumber ?? field.valueInteger ?? valueCurrency?.amount
  if (found !== undefined) return number(found)
  if (valueBoolean !== undefined) return String(valueBoolean)
  return (
    field.valueDate ??
    field.valueTime ??
    field.valueString ??
    field.valuePhoneNumber ??
    field.valueCountryRegion ??
    field.valueSelectionMark ??
    field.valueSignature ??
    field.valueSelectionGroup?.join(', ') ??
    ''
  )
}

/** A field and those inside it by their path, like `Items[0].Amount`. */
function* flatten(field: DocumentField, path: string): Generator<[string, DocumentField]> {
  if (field.valueArray) for (const [at, each] of field.valueArray.entries()) yield* flatten(each, `${path}[${at}]`)
  else if (field.valueObject)
    for (const [name, each] of Object.entries(field.valueObject)) yield* flatten(each, path ? `${path}.${name}` : name)
  else yield [path, field]
}

type Documents = AsyncIterable<{ page: number; part: AnalyzedDocument }>

async function* partsOf(documents: Documents): AsyncGenerator<AnalyzedDocument> {
  for await (const { part } of documents) yield part
}

const pageOf = ({ boundingRegions }: Pick<DocumentField, 'boundingRegions'>): number | undefined =>
  boundingRegions?.[0]?.pageNumber

async function* fieldRows(documents: Documents): AsyncGenerator<SheetCell[]> {
  yield row(['Page', 'Document', 'Field', 'Value', 'Currency', 'As written', 'Confidence'], true)
  // A page has what stands on it; the pages of an invoice are one.
  for await (const document of mergeDocuments(partsOf(documents)))
    for (const [path, field] of flatten({ type: 'object', valueObject: document.fields ?? {} }, '')) {
      const page = pageOf(field) ?? pageOf(document)
      yield row([
        page === undefined ? '' : number(page),
        document.docType,
        path,
        dataOf(field),
        field.valueCurrency?.currencyCode ?? field.valueCurrency?.currencySymbol ?? '',
        field.content ?? '',
        confidenceOf(field),
      ])
    }
}

/** The fields of invoices, receipts and their like: the value as data, and as it is written. */
export const fieldSheet = (documents: Documents): Sheet => ({
  name: 'Fields',
  widths: [8, 16, 32, 40, 10, 40, 12],
  rows: fieldRows(documents),
})
