import sharp, { type Sharp } from 'sharp'
import { openBmp } from './bmp.ts'
import type { Size } from './geometry.ts'
import { openHeic } from './heic.ts'
import { MAX_PIXELS, requirePixels } from './pixels.ts'
import type { ExtractRequest } from './protocol.ts'

/** A picture file whose header was read. Pages are counted from 0. */
export type PictureSource = {
  pages: number
  /** As a person sees it, after the file's own rotation. Throws ExtractionError image_too_large before a pixel is decoded. */
  sizeOf(page: number): Promise<Size>
  /** The pixels of a page, as a person sees it. */
  open(page: number): Promise<Sharp>
}

/** What libvips reads itself. Only TIFF has pages: the frames of an animated GIF or WebP are one picture, the first. */
const openWithLibvips = async (path: string, hasPages: boolean): Promise<PictureSource> => {
  const open = (page: number) => sharp(path, { page, limitInputPixels: MAX_PIXELS, failOn: 'error' })
  const { pages = 1 } = await open(0).metadata()
  return {
    pages: hasPages ? pages : 1,
    async sizeOf(page) {
      const { width, height } = (await open(page).metadata()).autoOrient
      // Metadata alone is read without the limit.
      requirePixels({ width, height }, MAX_PIXELS)
      return { width, height }
    },
    open: async (page) => open(page).autoOrient(),
  }
}

/** Opens a picture by its type. Throws what its decoder throws. */
export const openPicture = async ({
  path,
  contentType,
}: Pick<ExtractRequest, 'path' | 'contentType'>): Promise<PictureSource> => {
  if (contentType === 'image/bmp') return openBmp(path)
  if (contentType === 'image/heic' || contentType === 'image/heif') return openHeic(path)
  return openWithLibvips(path, contentType === 'image/tiff')
}
