import type { Context } from './context.ts'
import { partBoxes } from './forms/boxes-in-picture.ts'
import type { FoundField } from './forms/form-fields.ts'
import type { FoundMark } from './forms/marks.ts'
import { withMarks } from './forms/place-marks.ts'
import { type Size, scaleBox } from './geometry.ts'
import type { GreyImage } from './grey-image.ts'
import { composePage, type PageFrame, rounded } from './layout.ts'
import { darkenLightText } from './light-text.ts'
import type { LaidOutPage } from './local-page.ts'
import { NOTHING_READ, type OcrResult, PHOTOGRAPH_MS, readPhotograph, readPicture } from './ocr.ts'
import { scanInReadingOrder } from './scan-order.ts'
import { layAskew, lookForLines, straighten } from './skew.ts'
import { partLines, scaleLines } from './structure/lines-in-picture.ts'
import { structured } from './structure/structure.ts'
import type { Line } from './structure/upright.ts'

/**
 * What was read on a page, and the lines that are drawn on it. Both lie as on the straightened page, which is larger than the page itself
 * when that is askew; `skew` is by how many degrees, clockwise.
 */
export type PageReading = Pick<OcrResult, 'lines' | 'turns'> & {
  drawn: Line[]
  marks: FoundMark[]
  fields: FoundField[]
  straight: Size
  skew: number
}

export type ImageReading = PageReading & Pick<OcrResult, 'confidence'>

export const nothingIn = (size: Size): ImageReading => ({
  ...NOTHING_READ,
  drawn: [],
  marks: [],
  fields: [],
  straight: size,
  skew: 0,
})

/**
 * The edges of a dark panel, of the header of a table say, are lines: those of the picture as it is count. With what is left of them once its
 * text is dark the adjacency F1 of such a table was 64, and is 100 without.
 */
const partLinesAndText = (image: GreyImage): ReturnType<typeof partLines> => {
  const darkened = darkenLightText(image)
  if (!darkened) return partLines(image)
  return { ...partLines(image), text: partLines(darkened).text }
}

/**
 * Straightens a picture, finds its lines, and reads it without them.
 * @param size of the picture in the unit that the boxes are to have
 */
export const readImage = async (image: GreyImage, size: Size, context: Context): Promise<ImageReading> => {
  const { skew, isPhotograph } = await lookForLines(image)
  const turned = skew === 0 ? image : await straighten(image, skew)
  const [byX, byY] = [size.width / image.width, size.height / image.height]
  const straight = { width: turned.width * byX, height: turned.height * byY }
  const { lines, text: unlined } = partLinesAndText(turned)
  // Invoices and receipts have nothing to tick, and a large "b" or "h" that is taken for a box is lost to a name.
  const { marks, text } =
    context.request.model === 'prebuilt-layout' ? partBoxes(turned, unlined) : { marks: [], text: unlined }
  // A large picture takes seconds up to here, which are not OCR's.
  context.emitter.progress('ocr')
  const { tesseract, ocrBudgetMs } = context
  const read = isPhotograph
    ? await readPhotograph(text, straight, tesseract, Math.min(PHOTOGRAPH_MS, ocrBudgetMs))
    : await readPicture(text, straight, tesseract, ocrBudgetMs)
  const ordered = scanInReadingOrder(read.lines, read.turns, straight)
  const placed = marks.map((mark) => ({ ...mark, box: scaleBox(mark.box, byX, byY) }))
  return { ...read, lines: ordered, drawn: scaleLines(lines, byX, byY), marks: placed, fields: [], straight, skew }
}

/** A page of what was read on it, with what the model looks for. */
export const composeReading = (
  { lines, turns, drawn, marks, fields, straight, skew }: PageReading,
  frame: Omit<PageFrame, 'turns'>,
  model: Context['request']['model'],
): LaidOutPage => {
  const laid = { ...frame, ...straight, turns }
  const read =
    model === 'prebuilt-read'
      ? composePage(lines, laid)
      : structured(composePage(withMarks(lines, marks, turns, straight), laid), drawn, fields, model)
  if (skew === 0) return read
  const { page, ...rest } = layAskew(read, skew, straight, frame, (value) => rounded(value, frame.unit))
  const [width, height] = [rounded(frame.width, frame.unit), rounded(frame.height, frame.unit)]
  return { ...rest, page: { ...page, width, height, angle: turnedBy(page.angle, skew) } }
}

/** Above -180 and up to 180, to a tenth of a degree. */
const turnedBy = (angle: number, degrees: number): number => {
  const sum = Math.round((angle + degrees) * 10) / 10
  return sum > 180 ? sum - 360 : sum <= -180 ? sum + 360 : sum
}
