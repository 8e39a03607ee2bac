import sharp from 'sharp'
import { encodeHevc } from './hevc.ts'

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const u32 = (value: number): Buffer => Buffer.concat([u16(Math.floor(value / 65_536)), u16(value % 65_536)])
const box = (type: string, ...parts: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body])
}
const fullBox = (type: string, ...parts: (Buffer | string)[]): Buffer => box(type, u32(0), ...parts)

const lengthBefore = (unit: Buffer): Buffer => Buffer.concat([u32(unit.length), unit])

/** The decoder's configuration record (ISO/IEC 14496-15, 8.3.3.1). */
const hvcC = (parameters: Buffer[]): Buffer => {
  const head = Buffer.from('010160000000900000000000baf000fcfdf8f800000f03', 'hex')
  const arrays = parameters.map((unit, index) =>
    Buffer.concat([Buffer.from([0x80 | (32 + index)]), u16(1), u16(unit.length), unit]),
  )
  return box('hvcC', head, ...arrays)
}

type Options = {
  /** What the file claims, where that is another size. */
  claimed?: { width: number; height: number }
  /** Quarter turns, anticlockwise, by which a viewer is to turn it. */
  turns?: number
}

/** A HEIC file (ISO/IEC 23008-12) of one picture, in grey. Its sides have to be even. */
export const heicFile = async (picture: Buffer, { claimed, turns = 0 }: Options = {}): Promise<Buffer> => {
  const { data, info } = await sharp(picture)
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { parameters, slices } = encodeHevc(data, info)
  const { width, height } = claimed ?? info
  const pixels = Buffer.concat(slices.map(lengthBefore))
  const properties = [hvcC(parameters), fullBox('ispe', u32(width), u32(height)), box('irot', Buffer.from([turns]))]
  const type = box('ftyp', 'heic', u32(0), 'mif1', 'heic')
  const meta = (pixelsAt: number) =>
    fullBox(
      'meta',
      fullBox('hdlr', u32(0), 'pict', Buffer.alloc(13)),
      fullBox('pitm', u16(1)),
      fullBox('iinf', u16(1), box('infe', Buffer.from([2, 0, 0, 0]), u16(1), u16(0), 'hvc1', Buffer.alloc(1))),
      box('iprp', box('ipco', ...properties), fullBox('ipma', u32(1), u16(1), Buffer.from([3, 0x81, 2, 0x83]))),
      fullBox('iloc', Buffer.from([0x44, 0]), u16(1), u16(1), u16(0), u16(1), u32(pixelsAt), u32(pixels.length)),
    )
  const pixelsAt = type.length + meta(0).length + 8
  return Buffer.concat([type, meta(pixelsAt), box('mdat', pixels)])
}
