import { type BmpHeader, brightness } from './bmp.ts'

/** What is not painted, as a run length may leave it. */
const PAPER = 255

const lineOf = ({ height, topDown }: BmpHeader, row: number): number => (topDown ? row : height - 1 - row)

/** Moves the bits of a mask to the range 0 to 255. */
const channel = (mask: number): ((pixel: number) => number) => {
  if (mask === 0) return () => 0
  const shift = 31 - Math.clz32(mask & -mask)
  const most = mask >>> shift
  return (pixel) => (((pixel & mask) >>> shift) * 255) / most
}

type ReadPixel = (row: number, x: number) => number

const pixelReader = (file: Buffer, { bitsPerPixel: bits, palette, masks }: BmpHeader): ReadPixel => {
  const grey = (index: number) => palette[index] ?? 0
  if (bits === 24)
    return (row, x) => {
      const at = row + 3 * x
      return brightness(file.readUInt8(at + 2), file.readUInt8(at + 1), file.readUInt8(at))
    }
  if (bits === 16 || bits === 32) {
    const [red, green, blue] = [channel(masks[0]), channel(masks[1]), channel(masks[2])]
    return (row, x) => {
      const pixel = bits === 16 ? file.readUInt16LE(row + 2 * x) : file.readUInt32LE(row + 4 * x)
      return brightness(red(pixel), green(pixel), blue(pixel))
    }
  }
  if (bits === 8) return (row, x) => grey(file.readUInt8(row + x))
  if (bits !== 1 && bits !== 4) throw new Error(`A BMP has no ${bits} bits a pixel`)
  const perByte = 8 / bits
  return (row, x) => {
    const byte = file.readUInt8(row + Math.floor(x / perByte))
    return grey((byte >> (8 - bits * ((x % perByte) + 1))) & (2 ** bits - 1))
  }
}

const readPlain = (file: Buffer, header: BmpHeader, grey: Buffer): void => {
  const { width, height, bitsPerPixel, pixelsAt } = header
  const read = pixelReader(file, header)
  // Rows begin at multiples of four bytes.
  const stride = Math.ceil((width * bitsPerPixel) / 32) * 4
  for (let row = 0; row < height; row += 1) {
    const line = lineOf(header, row) * width
    for (let x = 0; x < width; x += 1) grey[line + x] = read(pixelsAt + row * stride, x)
  }
}

/** Run lengths, of 8 bits a pixel or of 4 (MS-WMF 3.1.6). Every step takes two bytes of the file, so it ends. */
const readRuns = (file: Buffer, header: BmpHeader, grey: Buffer): void => {
  const { width, height, palette, pixelsAt } = header
  const fours = header.compression === 2
  let [at, row, x] = [pixelsAt, 0, 0]
  const paint = (index: number) => {
    if (row < height && x < width) grey[lineOf(header, row) * width + x] = palette[index] ?? 0
    x += 1
  }
  const half = (byte: number, place: number) => (fours ? (place % 2 === 0 ? byte >> 4 : byte & 15) : byte)
  while (row < height && at + 1 < file.length) {
    const [count, value] = [file.readUInt8(at), file.readUInt8(at + 1)]
    at += 2
    if (count > 0) for (let place = 0; place < count; place += 1) paint(half(value, place))
    else if (value === 0) [row, x] = [row + 1, 0]
    else if (value === 1) return
    else if (value === 2) {
      x += file.readUInt8(at)
      row += file.readUInt8(at + 1)
      at += 2
    } else {
      for (let place = 0; place < value; place += 1)
        paint(half(file.readUInt8(at + (fours ? place >> 1 : place)), place))
      // To an even number of bytes.
      at += 2 * Math.ceil(value / (fours ? 4 : 2))
    }
  }
}

/**
 * The pixels of a BMP from top to bottom, one byte each, 0 is black. Transparency is not looked at: most programs leave it at 0.
 * @throws RangeError when pixels are missing
 */
export const readBmpRows = (file: Buffer, header: BmpHeader): Buffer => {
  const grey = Buffer.alloc(header.width * header.height, PAPER)
  if (header.compression === 1 || header.compression === 2) readRuns(file, header, grey)
  else readPlain(file, header, grey)
  return grey
}
