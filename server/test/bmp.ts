import sharp from 'sharp'

export type BmpKind = 1 | 4 | 8 | 16 | 24 | 32 | 'runs' | 'top down' | 'os/2'

const HEADERS = 54

const bitsOf = (kind: BmpKind): number => {
  if (kind === 'runs') return 8
  return kind === 'top down' || kind === 'os/2' ? 24 : kind
}

/** How one pixel of this brightness is written. A palette has 2 to the number of bits greys. */
const writeRow = (row: Buffer, bits: number): Buffer => {
  const bytes = Buffer.alloc(Math.ceil((row.length * bits) / 32) * 4)
  for (const [x, grey] of row.entries()) {
    const high = grey >> 3
    if (bits <= 8) {
      const perByte = 8 / bits
      const at = Math.floor(x / perByte)
      bytes[at] = (bytes[at] ?? 0) | ((grey >> (8 - bits)) << (8 - bits * ((x % perByte) + 1)))
    } else if (bits === 16) bytes.writeUInt16LE((high << 10) | (high << 5) | high, 2 * x)
    else bytes.fill(grey, (x * bits) / 8, (x * bits) / 8 + 3)
  }
  return bytes
}

/** Runs of equal pixels, at most 255 long; what is no run is written as it is where it has three pixels or more. */
const writeRuns = (row: Buffer): Buffer => {
  const bytes: number[] = []
  for (let x = 0; x < row.length; ) {
    let end = x + 1
    while (end < row.length && row[end] === row[x] && end - x < 255) end += 1
    const plain = row.subarray(x, Math.min(x + 3, row.length))
    if (end - x > 1 || plain.length < 3) bytes.push(end - x, row[x] ?? 0)
    else bytes.push(0, 3, ...plain, 0)
    x = end - x > 1 || plain.length < 3 ? end : x + 3
  }
  return Buffer.from([...bytes, 0, 0])
}

const header = (
  size: { width: number; height: number },
  kind: BmpKind,
  pixelBytes: number,
  colours: number,
): Buffer => {
  const isCore = kind === 'os/2'
  const bytes = Buffer.alloc(isCore ? 26 : HEADERS)
  bytes.write('BM', 'latin1')
  bytes.writeUInt32LE(bytes.length + 4 * colours + pixelBytes, 2)
  bytes.writeUInt32LE(bytes.length + 4 * colours, 10)
  bytes.writeUInt32LE(isCore ? 12 : 40, 14)
  if (isCore) {
    bytes.writeUInt16LE(size.width, 18)
    bytes.writeUInt16LE(size.height, 20)
  } else {
    bytes.writeInt32LE(size.width, 18)
    bytes.writeInt32LE(kind === 'top down' ? -size.height : size.height, 22)
  }
  bytes.writeUInt16LE(1, isCore ? 22 : 26)
  bytes.writeUInt16LE(bitsOf(kind), isCore ? 24 : 28)
  if (kind === 'runs') bytes.writeUInt32LE(1, 30)
  return bytes
}

/** A BMP of one picture, in grey. */
export const bmpFile = async (picture: Buffer, kind: BmpKind): Promise<Buffer> => {
  const { data, info } = await sharp(picture)
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const bits = bitsOf(kind)
  const rows = Array.from({ length: info.height }, (_, y) => {
    const row = data.subarray(y * info.width, (y + 1) * info.width)
    return kind === 'runs' ? writeRuns(row) : writeRow(row, bits)
  })
  const colours = bits <= 8 ? 2 ** bits : 0
  const palette = Buffer.from(
    Array.from({ length: colours }, (_, index) => Math.round((index * 255) / (colours - 1))).flatMap((grey) => [
      grey,
      grey,
      grey,
      0,
    ]),
  )
  const pixels = Buffer.concat(kind === 'top down' ? rows : rows.reverse())
  return Buffer.concat([header(info, kind, pixels.length, colours), palette, pixels])
}

/** A BMP of a few bytes that claims to have so many pixels. */
export const bmpOfSize = (width: number, height: number): Buffer =>
  Buffer.concat([header({ width, height }, 24, 0, 0), Buffer.alloc(64)])
