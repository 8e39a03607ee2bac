import type { ContentType } from '@adp/contract/document.ts'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BmpKind, bmpFile, bmpOfSize } from '../../../test/bmp.ts'
import { textImage } from '../../../test/fixtures.ts'
import { heicFile } from '../../../test/heic.ts'
import { startLocalReading } from '../../../test/local-reading.ts'
import { readBmpHeader } from './bmp.ts'
import { readBmpRows } from './bmp-rows.ts'

const TEXT = 'Invoice 4711\nTotal amount due'

let reading: Awaited<ReturnType<typeof startLocalReading>>
let page: Buffer

beforeAll(async () => {
  reading = await startLocalReading()
  page = await textImage(TEXT, 'png')
})

afterAll(() => reading.close())

const only = async (bytes: Buffer, type: ContentType) => {
  const [first, ...others] = await reading.read(bytes, type)
  expect(others).toEqual([])
  return first
}

const UPRIGHT = { pageNumber: 1, unit: 'pixel', angle: 0, width: 1240, height: 1754 }

describe('BMP', () => {
  // Odd sides, so that rows are filled up to their four bytes.
  const shades = () => sharp(page).extract({ left: 120, top: 125, width: 61, height: 37 }).png().toBuffer()

  test.each<[BmpKind, number]>([
    [1, 128],
    [4, 17],
    [8, 0],
    [16, 8],
    [24, 0],
    [32, 0],
    ['runs', 0],
    ['top down', 0],
    ['os/2', 0],
  ])('%s: every pixel is as it was, as far as the format can say it', async (kind, mostOff) => {
    const picture = await shades()
    const expected = await sharp(picture).greyscale().toColourspace('b-w').raw().toBuffer()
    const file = await bmpFile(picture, kind)
    const grey = readBmpRows(file, readBmpHeader(file))
    const off = grey.map((value, at) => Math.abs(value - (expected[at] ?? 0)))
    expect(grey).toHaveLength(expected.length)
    expect(Math.max(...off)).toBeLessThanOrEqual(mostOff)
    expect(Math.min(...grey)).toBeLessThan(128)
  })

  test('its text is read', async () => {
    expect(await only(await bmpFile(page, 24), 'image/bmp')).toMatchObject({ content: TEXT, page: UPRIGHT })
  })

  test.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['cut off', async () => (await bmpFile(page, 8)).subarray(0, 100_000), 'file_corrupt'],
    ['of no sense', () => Buffer.from('BM and nothing else'), 'file_corrupt'],
    ['of more pixels than are accepted', () => bmpOfSize(30_000, 30_000), 'image_too_large'],
    ['of no size', () => bmpOfSize(0, 10), 'file_corrupt'],
  ])('%s', async (_, make, code) => {
    await expect(reading.read(await make(), 'image/bmp')).rejects.toMatchObject({ code })
  })
})

describe('GIF', () => {
  test('its first frame is read', async () => {
    const frames = [page, await textImage('Another frame', 'png')]
    const film = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    expect(await only(film, 'image/gif')).toMatchObject({ content: TEXT, page: UPRIGHT })
  })

  test('cut off', async () => {
    const gif = await textImage(TEXT, 'gif')
    await expect(reading.read(gif.subarray(0, 600), 'image/gif')).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})

describe('HEIC', () => {
  test('its text is read', async () => {
    expect(await only(await heicFile(page), 'image/heic')).toMatchObject({ content: TEXT, page: UPRIGHT })
  })

  test('as a person sees it: turned as the file says', async () => {
    const sideways = await sharp(page).rotate(90).png().toBuffer()
    expect(await only(await heicFile(sideways, { turns: 1 }), 'image/heif')).toMatchObject({
      content: TEXT,
      page: UPRIGHT,
    })
  })

  test('is measured without being decoded', async () => {
    const frame = { pageNumber: 1, width: 1240, height: 1754, unit: 'pixel', hasText: false }
    expect(await reading.measure(await heicFile(page), 'image/heic')).toEqual([frame])
  })

  test.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['cut off', async () => (await heicFile(page)).subarray(0, 100_000), 'file_corrupt'],
    ['of no sense', () => Buffer.from('\0\0\0\x18ftypheic and nothing else'), 'file_corrupt'],
    [
      'of more pixels than are accepted',
      () => heicFile(page, { claimed: { width: 30_000, height: 30_000 } }),
      'image_too_large',
    ],
  ])('%s', async (_, make, code) => {
    await expect(reading.read(await make(), 'image/heic')).rejects.toMatchObject({ code })
  })
})
