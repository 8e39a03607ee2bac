import sharp, { type Sharp } from 'sharp'
import { evenLight } from './even-light.ts'
import type { QuarterTurns, Size } from './geometry.ts'
import { withoutGrain } from './grain.ts'

/** One byte for each pixel, 0 is black, row by row from the top. */
export type GreyImage = Size & { data: Buffer }

/** Tesseract is at its best with letters of 20 to 30 px: a page of 1,500 px and more on its short side has them. */
const SHORT_SIDE = 1500

/** More enlargement adds time, but no detail. */
const MAX_ENLARGEMENT = 2

/** The most pixels that a side may have for OCR: A4 at 340 dpi. Beyond it Tesseract takes longer and reads no better. */
export const LONG_SIDE = 4000

/** A page whose darkest and lightest pixel are closer than this (of 255) has nothing to read; JPEG noise on white paper stays below it. */
const BLANK_CONTRAST = 32

/** Text needs at least this many pixels in height; a smaller picture is a dot or a line. */
const SMALLEST_SIDE = 8

/** By what factor a picture of this size is scaled for OCR, at most to LONG_SIDE. */
export const ocrScale = ({ width, height }: Size): number => {
  const enlargement = Math.min(MAX_ENLARGEMENT, Math.max(1, SHORT_SIDE / Math.min(width, height)))
  return Math.min(enlargement, LONG_SIDE / Math.max(width, height))
}

const scaled = async (picture: Sharp, { width, height }: Size, scale: number): Promise<GreyImage> => {
  const size = [width, height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number]
  const { data, info } = await picture
    .resize(...size, { fit: 'fill', kernel: 'lanczos3' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/**
 * Prepares a picture of `size` (as a person sees it) for OCR: on white, grey, without grain, evenly lit, at the size that ocrScale says.
 * Grain is found before the picture is enlarged, which makes blots of it, and after it was made smaller, which takes most of it away.
 */
export const prepareForOcr = async (picture: Sharp, size: Size): Promise<GreyImage> => {
  const scale = ocrScale(size)
  const grey = await scaled(picture.flatten({ background: '#fff' }).greyscale(), size, Math.min(1, scale))
  const clean = evenLight(await withoutGrain(grey))
  return scale <= 1
    ? clean
    : scaled(sharp(clean.data, { raw: { width: clean.width, height: clean.height, channels: 1 } }), size, scale)
}

/** True when there is nothing to read in the picture. */
export const isBlank = ({ data, width, height }: GreyImage): boolean => {
  if (Math.min(width, height) < SMALLEST_SIDE) return true
  let [darkest, lightest] = [255, 0]
  for (const value of data) {
    if (value < darkest) darkest = value
    if (value > lightest) lightest = value
    if (lightest - darkest >= BLANK_CONTRAST) return false
  }
  return true
}

/** Turns a picture clockwise. */
export const turnImage = async ({ data, width, height }: GreyImage, turns: QuarterTurns): Promise<GreyImage> => {
  const turned = sharp(data, { raw: { width, height, channels: 1 } }).rotate(turns * 90)
  const result = await turned.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  return { data: result.data, width: result.info.width, height: result.info.height }
}

/** The picture as a PGM file, which costs no compression. */
export const toPgm = ({ data, width, height }: GreyImage): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data])
