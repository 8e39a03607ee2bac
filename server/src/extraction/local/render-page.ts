import { LiteParse, type ParsedPage } from '@llamaindex/liteparse'
import sharp from 'sharp'
import { type GreyImage, LONG_SIDE, prepareForOcr } from './grey-image.ts'
import { POINTS_PER_INCH } from './text-layer.ts'

/** What a scanner uses for text. A page larger than LONG_SIDE at this resolution is rendered at less. */
const OCR_DPI = 200

/** A page so thin that its short side has fewer pixels than this has no text; it claims 2147483648 pt of height. */
const THINNEST_RENDERING = 8

/** A page of a PDF as a picture for OCR; null when there is nothing on it. */
export const renderForOcr = async (path: string, page: ParsedPage): Promise<GreyImage | null> => {
  const dpi = Math.min(OCR_DPI, (LONG_SIDE * POINTS_PER_INCH) / Math.max(page.width, page.height))
  if ((Math.min(page.width, page.height) * dpi) / POINTS_PER_INCH < THINNEST_RENDERING) return null
  const options = { ocrEnabled: false, quiet: true, numWorkers: 1, dpi }
  const [screenshot] = await new LiteParse(options).screenshot(path, [page.pageNum])
  return screenshot && !screenshot.isSolidFill ? prepareForOcr(sharp(screenshot.imageBuffer), screenshot) : null
}
