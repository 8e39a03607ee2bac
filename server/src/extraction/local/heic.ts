import { readFile } from 'node:fs/promises'
import heic, { type Picture } from 'heic-decode'
import sharp from 'sharp'
import type { PictureSource } from './picture-source.ts'
import { MAX_PIXELS_AT_ONCE, requirePixels } from './pixels.ts'

/** Calls `use` with the primary picture; the others are thumbnails, frames of a burst, or masks. Its container is read, its pixels are not. */
const withPrimary = async <T>(path: string, use: (picture: Picture) => T | Promise<T>): Promise<T> => {
  const pictures = await heic.all({ buffer: await readFile(path) })
  try {
    return await use(pictures[0])
  } finally {
    pictures.dispose()
  }
}

/**
 * Opens a HEIC or HEIF file. libheif applies the file's own rotation; EXIF's says the same once more, and is not to be applied
 * (ISO/IEC 23008-12, A.2.1).
 */
export const openHeic = async (path: string): Promise<PictureSource> => {
  const { width, height } = await withPrimary(path, ({ width, height }) => ({ width, height }))
  return {
    pages: 1,
    async sizeOf() {
      requirePixels({ width, height }, MAX_PIXELS_AT_ONCE)
      return { width, height }
    },
    async open() {
      requirePixels({ width, height }, MAX_PIXELS_AT_ONCE)
      const { data } = await withPrimary(path, (picture) => picture.decode())
      return sharp(Buffer.from(data.buffer), { raw: { width, height, channels: 4 } })
    },
  }
}
