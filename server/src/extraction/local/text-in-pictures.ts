import type { ParsedPage } from '@llamaindex/liteparse'
import type { Context } from './context.ts'
import { concernsOnePage, messageOf } from './failure.ts'
import type { Box } from './geometry.ts'
import type { GreyImage } from './grey-image.ts'
import { PHOTOGRAPH_MS, readPhotograph } from './ocr.ts'
import type { PageReading } from './read-image.ts'
import { renderForOcr } from './render-page.ts'
import { lookForLines } from './skew.ts'

/** Letters reach out of the box of their word by some of this, in inches. */
const MARGIN = 0.03

/** The page has been read already, so its pictures may take only this share of what a page may. */
const SHARE_OF_BUDGET = 0.5

/** Paints over what is known, so that only the rest is read: that takes the time that the rest is worth. */
const withoutWords = (image: GreyImage, boxes: readonly Box[], perInch: number): GreyImage => {
  const data = Buffer.from(image.data)
  const within = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value * perInch)))
  for (const { x, y, width, height } of boxes) {
    const [left, right] = [within(x - MARGIN, image.width), within(x + width + MARGIN, image.width)]
    for (let row = within(y - MARGIN, image.height); row < within(y + height + MARGIN, image.height); row += 1)
      data.fill(255, row * image.width + left, row * image.width + right)
  }
  return { ...image, data }
}

/** A page's own text, and behind it the words that stand in its pictures only. What fails there costs the page nothing but a warning. */
export const withTextInPictures = async (
  own: PageReading,
  page: ParsedPage,
  { request, emitter, tesseract, ocrBudgetMs }: Context,
): Promise<PageReading> => {
  try {
    const image = await renderForOcr(request.path, page)
    if (!image) return own
    const boxes = own.lines.flatMap(({ words }) => words.map(({ box }) => box))
    const rest = withoutWords(image, boxes, image.width / own.straight.width)
    emitter.progress('ocr')
    const { isPhotograph } = await lookForLines(rest)
    const budgetMs = Math.min(isPhotograph ? PHOTOGRAPH_MS : Number.POSITIVE_INFINITY, ocrBudgetMs * SHARE_OF_BUDGET)
    const { lines } = await readPhotograph(rest, own.straight, tesseract, budgetMs)
    return { ...own, lines: [...own.lines, ...lines] }
  } catch (error) {
    if (!concernsOnePage(error)) throw error
    emitter.warning(page.pageNum, `OCR of its pictures failed: ${messageOf(error)}`)
    return own
  }
}
