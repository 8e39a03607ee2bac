import { readFile } from 'node:fs/promises'
import { type PDFContext, PDFHexString, type PDFObject } from '@cantoo/pdf-lib'
import sharp, { type Sharp } from 'sharp'
import type { Size } from '../geometry.ts'

/** A picture as an object of a PDF, and how it lies on its page: EXIF's orientation, 1 is upright. */
export type PdfImage = { object: PDFObject; orientation: number }

/** Photographs in formats that a PDF does not take. */
const JPEG_QUALITY = 90

const SPACES: Record<number, string> = { 1: 'DeviceGray', 3: 'DeviceRGB' }

const imageDict = ({ width, height }: Size) => ({ Type: 'XObject', Subtype: 'Image', Width: width, Height: height })

const jpegObject = (context: PDFContext, bytes: Buffer, size: Size, channels: number): PDFObject =>
  context.stream(bytes, {
    ...imageDict(size),
    ...{ ColorSpace: SPACES[channels], BitsPerComponent: 8, Filter: 'DCTDecode' },
  })

/** A JPEG's bytes as they are, its orientation apart; null for one in the colours of print, which viewers show differently. */
export const wrapJpeg = async (context: PDFContext, path: string): Promise<PdfImage | null> => {
  const { width, height, channels, orientation = 1 } = await sharp(path).metadata()
  if (!(channels in SPACES)) return null
  return { object: jpegObject(context, await readFile(path), { width, height }, channels), orientation }
}

type Chunk = { type: string; data: Buffer }

/** Of the PNG specification, 5.3: length, type, data, checksum. */
const chunksOf = (png: Buffer): Chunk[] => {
  const chunks: Chunk[] = []
  for (let at = 8; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

/** A PNG's pixels are what FlateDecode with PNG's predictors reads (ISO 32000-1, 7.4.4.4), so that they are not compressed again. */
const pngObject = (context: PDFContext, png: Buffer): PDFObject => {
  const chunks = chunksOf(png)
  const header = (chunks[0] as Chunk).data
  const [width, height, bits, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]]
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data
  const space = palette
    ? context.obj(['Indexed', 'DeviceRGB', palette.length / 3 - 1, PDFHexString.of(palette.toString('hex'))])
    : (SPACES[kind === 2 ? 3 : 1] as string)
  return context.stream(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)), {
    ...imageDict({ width, height }),
    ...{ ColorSpace: space, BitsPerComponent: bits, Filter: 'FlateDecode' },
    DecodeParms: { Predictor: 15, Colors: kind === 2 ? 3 : 1, BitsPerComponent: bits, Columns: width },
  })
}

/** A picture that is to look as it does: `lossless` keeps every pixel; `bits` 1 is black and white. */
export const encodeImage = async (
  context: PDFContext,
  picture: Sharp,
  { lossless, bits }: { lossless: boolean; bits?: number | undefined },
): Promise<PdfImage> => {
  const flat = picture.flatten({ background: '#ffffff' })
  if (!lossless) {
    const { data, info } = await flat
      .toColourspace('srgb')
      .jpeg({ quality: JPEG_QUALITY })
      .toBuffer({ resolveWithObject: true })
    return { object: jpegObject(context, data, info, info.channels), orientation: 1 }
  }
  const png = await (bits === 1
    ? flat.toColourspace('b-w').png({ palette: true, colours: 2, dither: 0 })
    : flat.toColourspace('srgb').png({ compressionLevel: 6, adaptiveFiltering: true })
  ).toBuffer()
  return { object: pngObject(context, png), orientation: 1 }
}
