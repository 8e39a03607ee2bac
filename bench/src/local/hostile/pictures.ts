import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { pngChunk, pngOfSize } from '../../../../server/test/fixtures.ts'
import { heicFile } from '../../../../server/test/heic.ts'
import type { HostileFile } from './hostile-file.ts'

/** Pictures that claim, or have, more pixels or pages than fit anywhere. */

const bmpOfSize = (width: number, height: number): Buffer => {
  const header = Buffer.alloc(58)
  header.write('BM')
  header.writeUInt32LE(58, 2)
  header.writeUInt32LE(54, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(width, 18)
  header.writeInt32LE(height, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(24, 28)
  return header
}

const gifOfSize = (side: number): Buffer => {
  const header = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\0\0\0\0\0\x02\x02D\x01\0;', 'latin1')
  for (const at of [6, 8, 24, 26]) header.writeUInt16LE(side, at)
  return header
}

const blank = (side: number) =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()

/** A good JPEG whose frame header says that it is larger. */
const jpegOfSize = async (side: number): Promise<Buffer> => {
  const jpeg = await sharp(await blank(64))
    .jpeg()
    .toBuffer()
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  jpeg.writeUInt16BE(side, frame + 5)
  jpeg.writeUInt16BE(side, frame + 7)
  return jpeg
}

type Entry = [tag: number, type: number, value: number]

/** Directories of one pixel each, one behind the other; `next` says where the last one leads. */
const tiff = (count: number, entries: Entry[], next: number): Buffer => {
  const size = 2 + entries.length * 12 + 4
  const file = Buffer.alloc(8 + count * size)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(8, 4)
  for (let directory = 0; directory < count; directory += 1) {
    let at = 8 + directory * size
    file.writeUInt16LE(entries.length, at)
    at += 2
    for (const [tag, type, value] of entries) {
      file.writeUInt16LE(tag, at)
      file.writeUInt16LE(type, at + 2)
      file.writeUInt32LE(1, at + 4)
      file.writeUInt32LE(value, at + 8)
      at += 12
    }
    file.writeUInt32LE(directory === count - 1 ? next : 8 + (directory + 1) * size, at)
  }
  return file
}

const tiffEntries = (side: number): Entry[] => [
  [256, 4, side],
  [257, 4, side],
  [258, 3, 8],
  [259, 3, 1],
  [262, 3, 1],
  [273, 4, 8],
  [277, 3, 1],
  [278, 4, side],
  [279, 4, side * side],
]

/** One that has what it claims: all of it black, so that it takes 100 KB. */
const monochromePng = (side: number): Buffer => {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side))
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', rows), pngChunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])
}

const noise = (side: number) => sharp(randomBytes(side * side), { raw: { width: side, height: side, channels: 1 } })

export const hostilePictures = (): HostileFile[] => [
  { kind: 'png: claims 30,000 px', make: () => pngOfSize(30_000, 30_000) },
  { kind: 'png: has 30,000 px', make: () => monochromePng(30_000) },
  { kind: 'png: has 16,000 px', make: () => monochromePng(16_000) },
  { kind: 'png: claims two billion px', make: () => pngOfSize(0x7fffffff, 0x7fffffff) },
  { kind: 'jpeg: claims 30,000 px', make: () => jpegOfSize(30_000) },
  { kind: 'jpeg: claims 15,000 px', make: () => jpegOfSize(15_000) },
  { kind: 'gif: claims 65,535 px', make: () => gifOfSize(65_535) },
  { kind: 'gif: claims 15,000 px', make: () => gifOfSize(15_000) },
  { kind: 'bmp: claims 30,000 px', make: () => bmpOfSize(30_000, 30_000) },
  { kind: 'bmp: claims 8,000 px', make: () => bmpOfSize(8_000, -8_000) },
  {
    kind: 'webp: has 16,383 px',
    make: () =>
      sharp({ create: { width: 16_383, height: 16_383, channels: 3, background: '#888' } })
        .webp({ lossless: true, effort: 0 })
        .toBuffer(),
  },
  {
    kind: 'heic: claims 30,000 px',
    make: async () => heicFile(await blank(64), { claimed: { width: 30_000, height: 30_000 } }),
  },
  { kind: 'tiff: claims 30,000 px', make: () => tiff(1, tiffEntries(30_000), 0) },
  { kind: 'tiff: a directory that leads to itself', make: () => tiff(3, tiffEntries(1), 8) },
  { kind: 'tiff: 100,000 pages', make: () => tiff(100_000, tiffEntries(1), 0) },
  { kind: 'tiff: 4,000 pages', make: () => tiff(4_000, tiffEntries(2), 0) },
  { kind: 'jpeg: noise, 3,000 px', make: () => noise(3_000).jpeg().toBuffer() },
  { kind: 'png: noise of soft spots, 2,500 px', make: () => noise(2_500).blur(2).normalise().png().toBuffer() },
]
