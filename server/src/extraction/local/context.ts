import type { Emitter } from './emitter.ts'
import type { ExtractRequest } from './protocol.ts'
import type { Tesseract } from './tesseract.ts'

/** What a reader needs for one document. */
export type Context = {
  request: ExtractRequest
  emitter: Emitter
  tesseract: Tesseract
  /** How long the OCR of one page may take, in ms. */
  ocrBudgetMs: number
}
