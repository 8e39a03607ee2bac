import { expect, test } from 'vitest'
import { bmpFile } from '../../test/bmp.ts'
import { type PictureFormat, textImage, textPdf } from '../../test/fixtures.ts'
import { heicFile } from '../../test/heic.ts'
import { SNIFF_BYTES, sniffType } from './sniff-type.ts'

const sniff = async (bytes: Buffer) => sniffType(bytes.subarray(0, SNIFF_BYTES))

test.each<PictureFormat>(['png', 'jpeg', 'webp', 'tiff', 'gif'])('%s', async (format) => {
  expect(await sniff(await textImage('x', format))).toBe(`image/${format}`)
})

test('BMP, HEIC, and PDF', async () => {
  const picture = await textImage('x', 'png')
  expect(await sniff(await bmpFile(picture, 24))).toBe('image/bmp')
  const heic = await heicFile(picture)
  expect(await sniff(heic)).toBe('image/heic')
  const branded = (brand: string) => Buffer.concat([heic.subarray(0, 8), Buffer.from(brand), heic.subarray(12)])
  expect(await sniff(branded('mif1'))).toBe('image/heif')
  expect(await sniff(branded('hevc'))).toBe('image/heic')
  expect(await sniff(await textPdf(['x']))).toBe('application/pdf')
})

test.each<[string, Buffer]>([
  ['a program', Buffer.from('MZ\x90\0\x03\0\0\0')],
  ['zeros', Buffer.alloc(5000)],
  ['a film', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0')],
])('%s is nothing that can be processed', async (_, bytes) => {
  expect(await sniff(bytes)).toBeNull()
})
