import type { AnalyzedDocument, DocumentField } from '@adp/contract/result-fields.ts'
import { fold } from './fold.ts'
import { isEqual } from './totals.ts'

type Fields = Record<string, DocumentField>

/** Sums stand at a document's end: what an earlier page calls a total is that of the page. Everything else stands at its beginning. */
const AT_THE_END = new Set(
  'SubTotal Subtotal TotalTax TotalDiscount InvoiceTotal AmountDue PreviousUnpaidBalance Total Tip'.split(' '),
)

/** A number that was read less surely than this begins no document. */
const SURE = 0.6

const idOf = ({ fields }: AnalyzedDocument): string | null => {
  const id = fields?.InvoiceId
  return id?.valueString && (id.confidence ?? 0) >= SURE ? fold(id.valueString) : null
}

/** More pages are not one document: what is open is held in memory until it ends. */
const MOST_PAGES = 200

/** A page goes on with the document before it, unless it has another number; a receipt is over with its total. */
const goesOn = (open: AnalyzedDocument, part: AnalyzedDocument): boolean => {
  if (open.docType !== part.docType || (open.boundingRegions?.length ?? 0) >= MOST_PAGES) return false
  if (part.docType === 'receipt') return open.fields?.Total === undefined
  const [first, next] = [idOf(open), idOf(part)]
  return first === null || next === null || first === next
}

const joinField = (name: string, first: DocumentField, next: DocumentField): DocumentField => {
  if (first.valueArray && next.valueArray) return { ...first, valueArray: [...first.valueArray, ...next.valueArray] }
  if (AT_THE_END.has(name)) return next
  return (next.confidence ?? 0) > (first.confidence ?? 0) + 0.05 ? next : first
}

const joinFields = (first: Fields, next: Fields): Fields => {
  const joined = { ...first }
  for (const [name, field] of Object.entries(next)) {
    const known = joined[name]
    joined[name] = known ? joinField(name, known, field) : field
  }
  return joined
}

const join = (open: AnalyzedDocument, part: AnalyzedDocument): AnalyzedDocument => ({
  ...open,
  boundingRegions: [...(open.boundingRegions ?? []), ...(part.boundingRegions ?? [])],
  spans: [...open.spans, ...part.spans],
  fields: joinFields(open.fields ?? {}, part.fields ?? {}),
})

const amountOf = (field: DocumentField | undefined): number | undefined => field?.valueCurrency?.amount

/** The lines of all pages make the net, or the total: no page alone could tell. */
const withSumOfLines = (fields: Fields): Fields => {
  const lines = (fields.Items?.valueArray ?? []).map(({ valueObject }) =>
    amountOf(valueObject?.Amount ?? valueObject?.TotalPrice),
  )
  const sum = lines.reduce((all: number, line) => all + (line ?? 0), 0)
  const checked = { ...fields }
  for (const name of ['SubTotal', 'Subtotal', 'InvoiceTotal', 'Total']) {
    const field = fields[name]
    const amount = amountOf(field)
    if (field && amount !== undefined && lines.length > 0 && isEqual(amount, sum))
      checked[name] = { ...field, confidence: Math.max(field.confidence ?? 0, 0.97) }
  }
  return checked
}

const meanConfidence = (fields: Fields): number => {
  const found = Object.values(fields).flatMap(({ confidence }) => confidence ?? [])
  return found.length === 0 ? 0 : Math.round((found.reduce((sum, one) => sum + one, 0) / found.length) * 1000) / 1000
}

/** A document of what its pages show of it. */
const finish = ({ isPagePart: _, ...document }: AnalyzedDocument): AnalyzedDocument => {
  if (document.boundingRegions?.length === 1) return document
  const fields = withSumOfLines(document.fields ?? {})
  return { ...document, fields, confidence: meanConfidence(fields) }
}

/**
 * The documents of a file, from what each page shows of one (`isPagePart`), page by page: a page with another number begins another one.
 * Documents that are whole already, as Azure's are, stay as they are. Spans have to be the file's.
 */
export async function* mergeDocuments(found: AsyncIterable<AnalyzedDocument>): AsyncGenerator<AnalyzedDocument> {
  let open: AnalyzedDocument | null = null
  for await (const part of found) {
    if (open && part.isPagePart && goesOn(open, part)) {
      open = join(open, part)
      continue
    }
    if (open) yield finish(open)
    open = part.isPagePart ? part : null
    if (!part.isPagePart) yield part
  }
  if (open) yield finish(open)
}
