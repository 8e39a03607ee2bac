import { ExtractionError } from '../extractor.ts'
import type { Size } from './geometry.ts'

/** libvips' own limit, 16,383 x 16,383 px: A0 at 340 dpi. A picture that claims more is not opened. */
export const MAX_PIXELS = 0x3fff * 0x3fff

/**
 * Of a format that is decoded whole, at 9.5 bytes a pixel and more: 50 megapixels, as the largest photos of telephones have,
 * take 640 MB here, and the default cap is 1,024.
 */
export const MAX_PIXELS_AT_ONCE = 64 * 2 ** 20

/** @throws ExtractionError image_too_large */
export const requirePixels = ({ width, height }: Size, most: number): void => {
  if (width * height <= most) return
  throw new ExtractionError(
    'image_too_large',
    `The picture has ${width} x ${height} px; ${most} px in all are accepted`,
  )
}
