import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { readBmpRows } from './bmp-rows.ts'
import type { Size } from './geometry.ts'
import type { PictureSource } from './picture-source.ts'
import { MAX_PIXELS, requirePixels } from './pixels.ts'

/** Of BITMAPINFOHEADER; Windows and OS/2 write longer ones that begin with the same fields (MS-WMF 2.2.2, "DIB header"). */
const INFO_HEADER = 40

/** OS/2 1.x: sides of 16 bits, three bytes a colour. */
const CORE_HEADER = 12

/** With these compressions so many bytes of masks follow a BITMAPINFOHEADER; in longer headers they are in the same place. */
const MASK_BYTES: Record<number, number> = { 3: 12, 6: 16 }

const COMPRESSIONS = new Set([0, 1, 2, 3, 6])

export type BmpHeader = Size & {
  bitsPerPixel: number
  /** 0: none, 1 and 2: run lengths of 8 and 4 bits, 3 and 6: colours by masks. */
  compression: number
  topDown: boolean
  /** Where pixels begin in the file. */
  pixelsAt: number
  /** How bright each colour of the palette is; empty without one. */
  palette: number[]
  /** Bits of red, green and blue, of a pixel of 16 or 32 bits. */
  masks: [number, number, number]
}

/** ITU-R BT.601, as libvips does it. */
export const brightness = (red: number, green: number, blue: number): number =>
  Math.round(0.299 * red + 0.587 * green + 0.114 * blue)

const readPalette = (file: Buffer, at: number, colours: number, bytesEach: number): number[] =>
  Array.from({ length: colours }, (_, index) => {
    const colour = at + index * bytesEach
    return brightness(file.readUInt8(colour + 2), file.readUInt8(colour + 1), file.readUInt8(colour))
  })

const masksOf = (file: Buffer, bitsPerPixel: number, compression: number): BmpHeader['masks'] => {
  if (compression in MASK_BYTES) return [file.readUInt32LE(54), file.readUInt32LE(58), file.readUInt32LE(62)]
  return bitsPerPixel === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0xff00, 0xff]
}

/** @throws Error or RangeError for what is no BMP, or one that embeds a JPEG or PNG for a printer */
export const readBmpHeader = (file: Buffer): BmpHeader => {
  const headerSize = file.readUInt32LE(14)
  const isCore = headerSize === CORE_HEADER
  if (file.toString('latin1', 0, 2) !== 'BM' || (!isCore && headerSize < INFO_HEADER))
    throw new Error('This is no header of a BMP')
  const width = isCore ? file.readUInt16LE(18) : file.readInt32LE(18)
  const signedHeight = isCore ? file.readUInt16LE(20) : file.readInt32LE(22)
  const bitsPerPixel = file.readUInt16LE(isCore ? 24 : 28)
  const compression = isCore ? 0 : file.readUInt32LE(30)
  if (width <= 0 || signedHeight === 0) throw new Error('The BMP has no size')
  if (!COMPRESSIONS.has(compression)) throw new Error(`Compression ${compression} of a BMP is not known`)
  const masksAfter = headerSize === INFO_HEADER ? (MASK_BYTES[compression] ?? 0) : 0
  const most = bitsPerPixel <= 8 ? 2 ** bitsPerPixel : 0
  const said = isCore ? 0 : file.readUInt32LE(46)
  const colours = said === 0 ? most : Math.min(said, most)
  return {
    ...{ width, height: Math.abs(signedHeight), bitsPerPixel, compression },
    topDown: signedHeight < 0,
    pixelsAt: file.readUInt32LE(10),
    palette: readPalette(file, 14 + headerSize + masksAfter, colours, isCore ? 3 : 4),
    masks: masksOf(file, bitsPerPixel, compression),
  }
}

/**
 * Opens a BMP, which libvips does not read. bmp-ts 1.0.9 has faults in pictures of 1 and 4 bits and in run lengths, and takes 4 bytes
 * a pixel; here it is one, since OCR wants grey.
 */
export const openBmp = async (path: string): Promise<PictureSource> => {
  const file = await readFile(path)
  const header = readBmpHeader(file)
  const { width, height } = header
  return {
    pages: 1,
    async sizeOf() {
      requirePixels(header, MAX_PIXELS)
      return { width, height }
    },
    async open() {
      requirePixels(header, MAX_PIXELS)
      return sharp(readBmpRows(file, header), { raw: { width, height, channels: 1 } })
    },
  }
}
