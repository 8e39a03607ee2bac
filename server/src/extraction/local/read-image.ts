import type { Context } from './context.ts'
import type { Size } from './geometry.ts'
import type { GreyImage } from './grey-image.ts'
import { composePage, type PageFrame, rounded } from './layout.ts'
import type { LaidOutPage } from './local-page.ts'
import { NOTHING_READ, type OcrResult, readPicture } from './ocr.ts'
import { findSkew, layAskew, straighten } from './skew.ts'
import { partLines, scaleLines } from './structure/lines-in-picture.ts'
import { structured } from './structure/structure.ts'
import type { Line } from './structure/upright.ts'

/**
 * What was read on a page, and the lines that are drawn on it. Both lie as on the straightened page, which is larger than the page itself
 * when that is askew; `skew` is by how many degrees, clockwise.
 */
export type PageReading = Pick<OcrResult, 'lines' | 'turns'> & { drawn: Line[]; straight: Size; skew: number }

export type ImageReading = PageReading & Pick<OcrResult, 'confidence'>

export const nothingIn = (size: Size): ImageReading => ({ ...NOTHING_READ, drawn: [], straight: size, skew: 0 })

/**
 * Straightens a picture, finds its lines, and reads it without them.
 * @param size of the picture in the unit that the boxes are to have
 */
export const readImage = async (image: GreyImage, size: Size, context: Context): Promise<ImageReading> => {
  const skew = await findSkew(image)
  const turned = skew === 0 ? image : await straighten(image, skew)
  const [byX, byY] = [size.width / image.width, size.height / image.height]
  const straight = { width: turned.width * byX, height: turned.height * byY }
  const { lines, text } = partLines(turned)
  // A large picture takes seconds up to here, which are not OCR's.
  context.emitter.progress('ocr')
  const read = await readPicture(text, straight, context.tesseract, context.ocrBudgetMs)
  return { ...read, drawn: scaleLines(lines, byX, byY), straight, skew }
}

/** A page of what was read on it, with what the model looks for. */
export const composeReading = (
  { lines, turns, drawn, straight, skew }: PageReading,
  frame: Omit<PageFrame, 'turns'>,
  model: Context['request']['model'],
): LaidOutPage => {
  const read = structured(composePage(lines, { ...frame, ...straight, turns }), drawn, model)
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
