import type { LocalModel } from '@adp/contract/extraction-options.ts'
import type { AnalyzedDocument } from '@adp/contract/result-fields.ts'
import type { Fields, Place } from './azure-fields.ts'
import { findInvoice } from './invoice.ts'
import { invoiceFields } from './invoice-fields.ts'
import { INVOICE_LABELS } from './invoice-labels.ts'
import { findReceipt } from './receipt.ts'
import { receiptFields } from './receipt-fields.ts'
import { RECEIPT_LABELS } from './receipt-labels.ts'
import { type SheetSource, sheetOf } from './sheet.ts'

/** A page with more words than this is no page of an invoice, and what is made of hostile text would take its time. */
const MOST_WORDS = 5_000

const fieldsOf = (source: SheetSource, model: LocalModel, place: Place): Fields => {
  if (model === 'prebuilt-invoice') {
    const sheet = sheetOf(source, INVOICE_LABELS)
    return invoiceFields(findInvoice(sheet), sheet.currencyCode, place)
  }
  const sheet = sheetOf(source, RECEIPT_LABELS)
  return receiptFields(findReceipt(sheet, source.tokens), sheet.currencyCode, place)
}

const DOC_TYPES: Partial<Record<LocalModel, string>> = { 'prebuilt-invoice': 'invoice', 'prebuilt-receipt': 'receipt' }

/** As sure as its fields are on the whole. */
const meanConfidence = (fields: Fields): number => {
  const found = Object.values(fields).flatMap(({ confidence }) => confidence ?? [])
  const mean = found.reduce((sum, confidence) => sum + confidence, 0) / Math.max(1, found.length)
  return Math.round(mean * 1000) / 1000
}

/**
 * What a page shows of an invoice or a receipt, where the model looks for one: the fields that were found surely enough. null when there is
 * none on the page.
 */
export const findDocument = (source: SheetSource, model: LocalModel, place: Place): AnalyzedDocument | null => {
  const docType = DOC_TYPES[model]
  if (!docType || source.tokens.length > MOST_WORDS) return null
  const fields = fieldsOf(source, model, place)
  if (Object.keys(fields).length === 0) return null
  const { page } = place
  const whole = { pageNumber: page.pageNumber, polygon: [0, 0, page.width, 0, page.width, page.height, 0, page.height] }
  return {
    docType,
    boundingRegions: [whole],
    spans: page.spans,
    fields,
    confidence: meanConfidence(fields),
    isPagePart: true,
  }
}
