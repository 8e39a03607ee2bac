import { z } from 'zod'

/** `auto`: the `tesseract` on PATH if there is one that can be used, else the library that comes with us. */
export const OcrEngine = z.enum(['auto', 'bundled'])
export type OcrEngine = z.infer<typeof OcrEngine>

/**
 * The library's defaults, unlike the program's, take a page for one block of text, and both take one threshold for all of its pixels. F1 of words
 * with them, with PSM 3, and with Sauvola's local threshold too (`npm run bench:local:ocr` has such pages): an invoice 85, 100, 100; a page
 * with a table 50, 90, 93; a page in two columns, unevenly lit 76, 60, 96. It takes no longer.
 */
export const TESSERACT_PARAMETERS = {
  user_defined_dpi: '300',
  tessedit_pageseg_mode: '3',
  thresholding_method: '2',
} as const
