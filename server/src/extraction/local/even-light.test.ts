import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { textImage } from '../../../test/fixtures.ts'
import { evenLight } from './even-light.ts'
import type { GreyImage } from './grey-image.ts'

const TEXT = Array.from({ length: 20 }, (_, n) => `Line ${n} of a letter about paper`).join('\n')

let page: GreyImage
beforeAll(async () => {
  const { data, info } = await sharp(await textImage(TEXT, 'png'))
    .resize(620)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
  page = { data, width: info.width, height: info.height }
})

const changed = (change: (grey: number, x: number, y: number) => number): GreyImage => ({
  ...page,
  data: Buffer.from(page.data.map((grey, at) => change(grey, at % page.width, Math.floor(at / page.width)))),
})

/** The tones where the page had white paper, and where it had black letters. */
const tonesOf = ({ data }: GreyImage) => {
  const where = (isWanted: (grey: number) => boolean) =>
    [...page.data.keys()].filter((at) => isWanted(page.data[at] as number)).map((at) => data[at] as number)
  const [paper, ink] = [where((grey) => grey === 255), where((grey) => grey < 40)].map((all) =>
    all.toSorted((a, b) => a - b),
  )
  const share = (all: number[] | undefined, part: number) => all?.[Math.floor(part * all.length)] ?? Number.NaN
  return { darkPaper: share(paper, 0.01), lightInk: share(ink, 0.99) }
}

test('a page that is evenly lit is left as it is', () => {
  expect(evenLight(page) === page).toBe(true)
})

test.each([
  ['from the left', (x: number) => 1 - 0.7 * x],
  ['from a corner', (x: number, y: number) => 0.25 + 0.75 * (1 - Math.hypot(x, y) / 1.5)],
  ['dark at its edges', (x: number, y: number) => 1 - 0.9 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)],
])('paper that is lit %s is white all over', (_, light) => {
  const lit = changed((grey, x, y) => grey * light(x / page.width, y / page.height))
  expect(tonesOf(lit).darkPaper).toBeLessThan(170)
  const { darkPaper, lightInk } = tonesOf(evenLight(lit))
  expect(darkPaper).toBeGreaterThan(220)
  expect(lightInk).toBeLessThan(90)
})

test('faint print becomes dark', () => {
  const { darkPaper, lightInk } = tonesOf(evenLight(changed((grey) => 190 + grey * 0.2)))
  expect(darkPaper).toBe(255)
  expect(lightInk).toBeLessThan(100)
})

test('black print that is blurred is not faint', async () => {
  const { data, width, height } = page
  const soft = sharp(data, { raw: { width, height, channels: 1 } }).blur(1.6)
  const blurred = { ...page, data: await soft.toColourspace('b-w').raw().toBuffer() }
  expect(evenLight(blurred) === blurred).toBe(true)
})

test('a dark panel beside the text is no shade of the paper', () => {
  const panelled = changed((grey, x, y) => (y > 700 && x > 350 ? 60 : grey))
  expect(evenLight(panelled) === panelled).toBe(true)
  const lit = changed((grey, x, y) => (y > 700 && x > 350 ? 40 : grey * (1 - (0.5 * x) / page.width)))
  const { data } = evenLight(lit)
  expect(data[750 * page.width + 450]).toBeLessThan(90)
})

test('the edge of a shadow is left to the local threshold', () => {
  const shaded = changed((grey, x) => (x < page.width / 2 ? grey * 0.4 : grey))
  expect(evenLight(shaded) === shaded).toBe(true)
})

test('a blank page gets no print', () => {
  const blank = { ...page, data: Buffer.alloc(page.data.length, 240) }
  blank.data.fill(215, 0, 200)
  expect(evenLight(blank) === blank).toBe(true)
})
