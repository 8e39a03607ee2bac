import { createBitWriter } from './bit-writer.ts'

/**
 * Pictures in HEVC (ITU-T H.265), grey and without any compression: every block is a slice of its own whose samples stand in it as they
 * are (I_PCM), so that the bits of the arithmetic coder are the same few in each.
 */

const BLOCK = 32

/** The coder's bits for "not split, and samples follow", and for "the slice ends here", each with zeros up to the next byte. */
const SAMPLES_FOLLOW = Buffer.from([0x86, 0x80])
const END_OF_SLICE = Buffer.from([0xfe, 0x80])

const NAL = { vps: 32, sps: 33, pps: 34, idr: 19 } as const
type NalType = keyof typeof NAL

type Size = { width: number; height: number }

/** Two zeros before a byte below 4 would look like the start of another unit, so a 3 is put between. */
const unitOf = (type: NalType, payload: Buffer): Buffer => {
  const bytes: number[] = [NAL[type] << 1, 1]
  let zeros = 0
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push(3)
      zeros = 0
    }
    bytes.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Buffer.from(bytes)
}

type Bits = ReturnType<typeof createBitWriter>

const writeProfile = ({ u }: Bits) => {
  u(8, 1) // Main
  u(32, 0x60000000)
  u(4, 0b1001)
  u(44, 0)
  u(8, 186) // level 6.2
}

const writeNumbers = ({ ue }: Bits, ...numbers: number[]) => {
  for (const number of numbers) ue(number)
}

const vps = (): Buffer => {
  const bits = createBitWriter()
  bits.u(4, 0)
  bits.u(2, 3)
  bits.u(9, 0)
  bits.u(1, 1)
  bits.u(16, 0xffff)
  writeProfile(bits)
  bits.u(1, 1)
  writeNumbers(bits, 0, 0, 0)
  bits.u(6, 0)
  bits.ue(0)
  bits.u(2, 0)
  return unitOf('vps', bits.end())
}

const blocksOf = (side: number): number => Math.ceil(side / BLOCK)

const sps = ({ width, height }: Size): Buffer => {
  const bits = createBitWriter()
  const [coded, codedHeight] = [blocksOf(width) * BLOCK, blocksOf(height) * BLOCK]
  bits.u(7, 0)
  bits.u(1, 1)
  writeProfile(bits)
  writeNumbers(bits, 0, 1, coded, codedHeight) // 4:2:0
  bits.u(1, 1)
  writeNumbers(bits, 0, (coded - width) / 2, 0, (codedHeight - height) / 2)
  writeNumbers(bits, 0, 0, 0)
  bits.u(1, 1)
  writeNumbers(bits, 0, 0, 0)
  writeNumbers(bits, 2, 0, 0, 3, 0, 0) // blocks of 32, transforms of 4 to 32
  bits.u(3, 0)
  bits.u(1, 1) // samples may stand as they are,
  bits.u(8, 0x77) // with 8 bits each,
  writeNumbers(bits, 2, 0) // in blocks of 32,
  bits.u(1, 1) // unfiltered
  bits.ue(0)
  bits.u(5, 0)
  return unitOf('sps', bits.end())
}

const pps = (): Buffer => {
  const bits = createBitWriter()
  writeNumbers(bits, 0, 0)
  bits.u(7, 0)
  writeNumbers(bits, 0, 0, 0)
  bits.u(3, 0)
  writeNumbers(bits, 0, 0)
  bits.u(7, 0)
  bits.u(1, 1) // no deblocking
  bits.u(1, 0)
  bits.u(1, 1)
  bits.u(2, 0)
  bits.ue(0)
  bits.u(2, 0)
  return unitOf('pps', bits.end())
}

/** Samples of one block, what lies outside the picture white, then its two grey planes of colour. */
const samplesOf = (grey: Buffer, { width, height }: Size, left: number, top: number): Buffer => {
  const samples = Buffer.alloc(BLOCK * BLOCK * 1.5, 128).fill(255, 0, BLOCK * BLOCK)
  for (let y = 0; y < Math.min(BLOCK, height - top); y += 1) {
    const from = (top + y) * width + left
    grey.copy(samples, y * BLOCK, from, from + Math.min(BLOCK, width - left))
  }
  return samples
}

const slice = (grey: Buffer, size: Size, block: number): Buffer => {
  const [across, down] = [blocksOf(size.width), blocksOf(size.height)]
  const bits = createBitWriter()
  bits.u(1, block === 0 ? 1 : 0)
  bits.u(1, 0)
  bits.ue(0)
  if (block > 0) bits.u(Math.ceil(Math.log2(across * down)), block)
  writeNumbers(bits, 2, 0)
  const samples = samplesOf(grey, size, (block % across) * BLOCK, Math.floor(block / across) * BLOCK)
  return unitOf('idr', Buffer.concat([bits.end(), SAMPLES_FOLLOW, samples, END_OF_SLICE]))
}

/** @param grey one byte a pixel; both sides even */
export const encodeHevc = (grey: Buffer, size: Size): { parameters: Buffer[]; slices: Buffer[] } => ({
  parameters: [vps(), sps(size), pps()],
  slices: Array.from({ length: blocksOf(size.width) * blocksOf(size.height) }, (_, block) => slice(grey, size, block)),
})
