import type { LocalModel } from '@adp/contract/extraction-options.ts'
import type { BoundingRegion } from '@adp/contract/geometry.ts'
import type { AnalyzedDocument } from '@adp/contract/result-fields.ts'
import type { LocalPage } from '../local-page.ts'
import type { Fields, Place } from './azure-fields.ts'
import { findInvoice } from './invoice.ts'
import { invoiceFields } from './invoice-fields.ts'
import { INVOICE_LABELS } from './invoice-labels.ts'
import { isTitle } from './parties.ts'
import { findReceipt } from './receipt.ts'
import { receiptFields } from './receipt-fields.ts'
import { RECEIPT_LABELS } from './receipt-labels.ts'
import { type Sheet, type SheetSource, sheetOf } from './sheet.ts'

/** A page with more words than this is no page of an invoice, and what is made of hostile text would take its time. */
const MOST_WORDS = 5_000

type FoundFields = { fields: Fields; hasTitle: boolean }

const titled = (sheet: Pick<Sheet<string>, 'phrases'>): boolean => sheet.phrases.some(({ text }) => isTitle(text))

const fieldsOf = (source: SheetSource, model: LocalModel, place: Place): FoundFields => {
  if (model === 'prebuilt-invoice') {
    const sheet = sheetOf(source, INVOICE_LABELS)
    return { fields: invoiceFields(findInvoice(sheet), sheet.currencyCode, place), hasTitle: titled(sheet) }
  }
  const sheet = sheetOf(source, RECEIPT_LABELS)
  const receipt = findReceipt(sheet, source.tokens)
  return { fields: receiptFields(receipt, sheet.currencyCode, place), hasTitle: titled(sheet) }
}

/** What makes a page one of an invoice or a receipt: one of them may stand on any page, two hardly. */
const EVIDENCE =
  'InvoiceId InvoiceDate DueDate PurchaseOrder SubTotal TotalTax InvoiceTotal AmountDue CustomerName TransactionDate TransactionTime Subtotal Total'.split(
    ' ',
  )
const ENOUGH = 2

/** A sum that says its currency, lines with prices, and a title count for more: a last page may have the total alone. */
const isEvident = (fields: Fields, hasTitle: boolean): boolean => {
  const named = EVIDENCE.filter((name) => fields[name]).length
  const total = fields.InvoiceTotal ?? fields.AmountDue ?? fields.Total
  const isMoney = /\p{Sc}|[A-Z]{3}/u.test(total?.content ?? '')
  return named + (isMoney ? 1 : 0) + (fields.Items ? ENOUGH : 0) + (hasTitle && named > 0 ? 1 : 0) >= ENOUGH
}

const DOC_TYPES: Partial<Record<LocalModel, string>> = { 'prebuilt-invoice': 'invoice', 'prebuilt-receipt': 'receipt' }

/** As sure as its fields are on the whole. */
const meanConfidence = (fields: Fields): number => {
  const found = Object.values(fields).flatMap(({ confidence }) => confidence ?? [])
  const mean = found.reduce((sum, confidence) => sum + confidence, 0) / Math.max(1, found.length)
  return Math.round(mean * 1000) / 1000
}

const wholeOf = ({ pageNumber, width, height }: LocalPage): BoundingRegion => ({
  pageNumber,
  polygon: [0, 0, width, 0, width, height, 0, height],
})

/**
 * What a page shows of an invoice or a receipt, where the model looks for one: the fields that were found surely enough. null when there is
 * none on the page.
 */
export const findDocument = (source: SheetSource, model: LocalModel, place: Place): AnalyzedDocument | null => {
  const docType = DOC_TYPES[model]
  if (!docType || source.tokens.length > MOST_WORDS) return null
  const { fields, hasTitle } = fieldsOf(source, model, place)
  if (!isEvident(fields, hasTitle)) return null
  const { page } = place
  return {
    docType,
    ...('words' in page ? { boundingRegions: [wholeOf(page)] } : {}),
    spans: page.spans,
    fields,
    confidence: meanConfidence(fields),
    isPagePart: true,
  }
}
