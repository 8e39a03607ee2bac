import sharp, { type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import { textImage } from '../../../test/fixtures.ts'
import { type GreyImage, prepareForOcr } from './grey-image.ts'
import { layAskew, lookForLines, straighten } from './skew.ts'

const TEXT = Array.from({ length: 12 }, (_, n) => `Line ${n} of a letter about paper`).join('\n')

const findSkew = async (image: GreyImage) => (await lookForLines(image)).skew

async function askew(degrees: number, spoil = (picture: Sharp) => picture): Promise<GreyImage> {
  const turned = await sharp(await textImage(TEXT, 'png'))
    .rotate(degrees, { background: '#fff' })
    .toBuffer({ resolveWithObject: true })
  return prepareForOcr(spoil(sharp(turned.data)), turned.info)
}

test.each([1.2, 4, -2.5, -9, 93, 88, 182, -88.8])(
  'text turned by %f degrees is so much askew from its nearest side',
  async (degrees) => {
    const fromNearest = degrees - 90 * Math.round(degrees / 90)
    expect(Math.abs((await findSkew(await askew(degrees))) - fromNearest)).toBeLessThan(0.25)
  },
)

test('what is straight enough to be read is left as it is', async () => {
  for (const degrees of [0, 0.3, 90, 180]) expect(await findSkew(await askew(degrees))).toBe(0)
})

test('a page with text is no photograph', async () => {
  for (const degrees of [0, 4, 90]) expect((await lookForLines(await askew(degrees))).isPhotograph).toBe(false)
})

test('a shadow over half of the page changes nothing', async () => {
  const shadow = Buffer.from(
    '<svg width="532" height="1507"><rect width="532" height="1507" fill="#000" opacity="0.6"/></svg>',
  )
  const shaded = await askew(3, (picture) => picture.composite([{ input: shadow, top: 0, left: 0, blend: 'over' }]))
  expect(Math.abs((await findSkew(shaded)) - 3)).toBeLessThan(0.25)
})

test('noise, a blank page and a picture of a few dots have no skew', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const size = { width: 1500, height: 1200 }
  const gravel = sharp({ create: { ...size, channels: 3, background: '#888', noise } })
  expect(await lookForLines(await prepareForOcr(gravel, size))).toEqual({ skew: 0, isPhotograph: true })
  const blank = { ...size, data: Buffer.alloc(size.width * size.height, 255) }
  expect(await lookForLines(blank)).toEqual({ skew: 0, isPhotograph: false })
  for (let n = 0; n < 50; n += 1) blank.data[1000 * n + 7 * n] = 0
  expect(await findSkew(blank)).toBe(0)
})

test('what is found in the straightened picture comes to lie where it was', async () => {
  // A black dot on white, far from the middle, in which a turn moves nothing.
  const image = { width: 400, height: 200, data: Buffer.alloc(400 * 200, 255) }
  for (let y = 20; y < 26; y += 1) image.data.fill(0, y * 400 + 300, y * 400 + 306)
  const straight = await straighten(image, 5)
  expect(straight.width).toBeGreaterThan(400)
  const dark = [...straight.data.entries()].filter(([, grey]) => grey < 128).map(([at]) => at)
  const mean = (of: (at: number) => number) => dark.reduce((sum, at) => sum + of(at) + 0.5, 0) / dark.length
  const [x, y] = [mean((at) => at % straight.width), mean((at) => Math.floor(at / straight.width))]
  const part = { words: [{ polygon: [x, y, x, y], span: { offset: 3, length: 1 } }], polygon: [] }
  const { words } = layAskew(part, 5, straight, image)
  expect(Math.abs((words[0]?.polygon[0] ?? 0) - 303)).toBeLessThan(1)
  expect(Math.abs((words[0]?.polygon[1] ?? 0) - 23)).toBeLessThan(1)
  expect(words[0]?.span).toEqual({ offset: 3, length: 1 })
})
