import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { textImage } from '../../../test/fixtures.ts'
import { grainOf, withoutGrain } from './grain.ts'
import type { GreyImage } from './grey-image.ts'

const TEXT = Array.from({ length: 20 }, (_, n) => `Line ${n} of a letter about paper`).join('\n')

let page: GreyImage
beforeAll(async () => {
  const { data, info } = await sharp(await textImage(TEXT, 'png'))
    .resize(800)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
  page = { data, width: info.width, height: info.height }
})

const spoiled = (change: (grey: number, random: () => number) => number): GreyImage => {
  const generator = xoroshiro128plus(7)
  const random = () => uniformFloat64(generator)
  return { ...page, data: Buffer.from(page.data.map((grey) => Math.max(0, Math.min(255, change(grey, random))))) }
}

/** The mean difference from the page as it was. */
const damage = ({ data }: GreyImage): number =>
  data.reduce((sum, grey, at) => sum + Math.abs(grey - (page.data[at] as number)), 0) / data.length

const GRAY = 200

/** Six uniform numbers are as good as normal, with a deviation of 0.7. */
const grain = (deviation: number) => (grey: number, random: () => number) =>
  (grey / 255) * GRAY + (deviation / Math.SQRT1_2) * (Array.from({ length: 6 }, random).reduce((a, b) => a + b) - 3)

test('a clean page is left as it is, and so is what a scanner or JPEG adds', async () => {
  expect((await withoutGrain(page)) === page).toBe(true)
  const scanned = spoiled(grain(5))
  expect((await withoutGrain(scanned)) === scanned).toBe(true)
})

test('specks of dust go, and letters stay', async () => {
  const dusty = spoiled((grey, random) => (random() < 0.03 ? 255 * Math.round(random()) : grey))
  const clean = await withoutGrain(dusty)
  expect(damage(dusty)).toBeGreaterThan(3.5)
  expect(damage(clean)).toBeLessThan(0.6)
})

test('specks of a scan that was enlarged go too', async () => {
  const dusty = spoiled((grey, random) => (random() < 0.03 ? 255 * Math.round(random()) : grey))
  const enlarged = ({ data, width, height }: GreyImage) =>
    sharp(data, { raw: { width, height, channels: 1 } })
      .resize(Math.round(width * 1.35))
      .toColourspace('b-w')
      .raw()
      .toBuffer()
  const size = { width: Math.round(page.width * 1.35), height: Math.round(page.height * 1.35) }
  const [clean, specked] = [await enlarged(page), await enlarged(dusty)]
  const { data } = await withoutGrain({ ...size, data: specked })
  // Smoothing changes the edges of letters a little; a speck is far from what it lies on.
  const specksOf = (picture: Buffer) => picture.filter((grey, at) => Math.abs(grey - (clean[at] as number)) > 64).length
  expect(specksOf(data)).toBeLessThan(specksOf(specked) / 5)
})

test.each([15, 30])('grain of %f is measured and smoothed', async (deviation) => {
  const grainy = spoiled(grain(deviation))
  expect(grainOf(grainy)).toBeGreaterThan(deviation * 0.85)
  expect(grainOf(grainy)).toBeLessThan(deviation * 1.15)
  expect(grainOf(await withoutGrain(grainy))).toBeLessThan(deviation / 3)
})

test('print whose strokes are a pixel wide is no dust', async () => {
  const small = await sharp(page.data, { raw: { width: page.width, height: page.height, channels: 1 } })
    .resize(Math.round(page.width * 0.45))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const print = { data: small.data, width: small.info.width, height: small.info.height }
  expect((await withoutGrain(print)) === print).toBe(true)
})
