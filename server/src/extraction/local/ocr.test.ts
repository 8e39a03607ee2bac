import { expect, test } from 'vitest'
import { ExtractionError } from '../extractor.ts'
import type { QuarterTurns } from './geometry.ts'
import type { GreyImage } from './grey-image.ts'
import type { FoundLine } from './layout.ts'
import { readPhotograph, readPicture } from './ocr.ts'

const image: GreyImage = { width: 100, height: 50, data: Buffer.alloc(5000) }
image.data[0] = 255
const size = { width: 200, height: 100 }

const [TO_THE_RIGHT, DOWN] = [0, 1] as const

/** A reading of one line; the box of each of its words is in the picture's top left. */
const reading = (text: string, confidence: number, turns: QuarterTurns = TO_THE_RIGHT): FoundLine[] => {
  const box = { x: 10, y: 5, width: 20, height: 5 }
  return [{ turns, words: text.split(' ').map((word) => ({ text: word, confidence: confidence / 100, box })) }]
}

/** Gives one reading after the other, and counts them. */
const readings = (...all: FoundLine[][]) => {
  const seen: GreyImage[] = []
  const tesseract = async (picture: GreyImage) => {
    seen.push(picture)
    return all[seen.length - 1] ?? reading('none', 0)
  }
  return { seen, tesseract }
}

test('a sure reading is the only one', async () => {
  const { seen, tesseract } = readings(reading('Dear Sir', 90))
  const result = await readPicture(image, size, tesseract, 1000)
  expect(seen).toHaveLength(1)
  expect(result).toMatchObject({ turns: 0, confidence: 0.9 })
  expect(result.lines[0]?.words[0]).toEqual({
    text: 'Dear',
    confidence: 0.9,
    box: { x: 20, y: 10, width: 40, height: 10 },
  })
})

test('an unsure one is compared with the turned ones', async () => {
  const { seen, tesseract } = readings(
    reading('H I l = c', 50),
    reading('o = l I H', 50),
    reading('Dear Madam, dear Sir', 90),
  )
  const result = await readPicture(image, size, tesseract, 1000)
  expect(seen.map(({ width }) => width)).toEqual([100, 100, 50])
  // Turned clockwise it can be read, so it is turned anticlockwise.
  expect(result.turns).toBe(3)
  expect(result.lines[0]?.words[0]?.box).toEqual({ x: 10, y: 40, width: 10, height: 40 })
})

test.each([
  ['down the page', [reading('Dear Madam, dear Sir', 90, DOWN)], 1],
  [
    'up the page, found by turning it round',
    [reading('H I l', 50, DOWN), reading('Dear Madam, dear Sir', 90, DOWN)],
    3,
  ],
  ['upside down', [reading('H I l', 50), reading('Dear Madam, dear Sir', 90)], 2],
])('text that runs %s is turned so', async (_, all, turns) => {
  const { seen, tesseract } = readings(...all)
  const result = await readPicture(image, size, tesseract, 1000)
  expect(seen).toHaveLength(all.length)
  expect(result.turns).toBe(turns)
  expect(result.lines[0]?.turns).toBe(turns)
})

test('a page is turned as most of its words are', async () => {
  const { tesseract } = readings([...reading('Fax', 90, DOWN), ...reading('Dear Madam, dear Sir', 90)])
  const { turns, lines } = await readPicture(image, size, tesseract, 1000)
  expect([turns, ...lines.map((line) => line.turns)]).toEqual([0, 1, 0])
})

test('bad text that is not on its side is only compared with itself upside down', async () => {
  const { seen, tesseract } = readings(reading('readable words although with little confidence', 61))
  expect((await readPicture(image, size, tesseract, 1000)).turns).toBe(0)
  expect(seen).toHaveLength(2)
})

test('no further reading when there would be no time for it', async () => {
  let time = 0
  const { seen, tesseract } = readings(reading('H I l', 50), reading('H I l', 50), reading('H I l', 50))
  const slow = (picture: GreyImage) => {
    time += 400
    return tesseract(picture)
  }
  await readPicture(image, size, slow, 1000, () => time)
  expect(seen).toHaveLength(2)
})

test('a second reading that fails does not spoil the first', async () => {
  const { tesseract } = readings(reading('H I l', 50))
  let calls = 0
  const failing = (picture: GreyImage) => {
    calls += 1
    return calls === 1 ? tesseract(picture) : Promise.reject(new Error('gave up'))
  }
  expect((await readPicture(image, size, failing, 1000)).lines).toHaveLength(1)
})

test('of a photograph only sure words are kept, and none when it takes too long', async () => {
  const few = [...reading('l |= ~x o', 80), ...reading('Bakery s1 %', 90)]
  const [word] = few[1]?.words ?? []
  Object.assign(few[1]?.words[2] ?? {}, { confidence: 0.3 })
  const { lines } = await readPhotograph(image, size, readings(few).tesseract, 1000)
  expect(lines.map(({ words }) => words.map(({ text }) => text))).toEqual([[word?.text, 's1']])
  const late = () => Promise.reject(new ExtractionError('page_timeout', 'too late'))
  expect((await readPhotograph(image, size, late, 1000)).lines).toEqual([])
  await expect(readPhotograph(image, size, () => Promise.reject(new Error('broken')), 1000)).rejects.toThrow('broken')
})

test('a picture without contrast is not read', async () => {
  const { seen, tesseract } = readings()
  const blank = { ...image, data: Buffer.alloc(5000, 200) }
  expect(await readPicture(blank, size, tesseract, 1000)).toMatchObject({ lines: [], confidence: 0 })
  expect(seen).toHaveLength(0)
})
