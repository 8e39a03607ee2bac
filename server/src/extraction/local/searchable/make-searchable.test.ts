import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ContentType } from '@adp/contract/document.ts'
import { PDFDocument as Editable } from '@cantoo/pdf-lib'
import fc from 'fast-check'
import { degrees, PDFDocument } from 'pdf-lib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawnPdf } from '../../../../test/drawn-pdf.ts'
import { joinedPdf, multiPageTiff, textPdf } from '../../../../test/fixtures.ts'
import { type PdfWord, readPdfWords } from '../../../../test/pdf-words.ts'
import { picturesOf } from '../../../../test/picture-of-pdf.ts'
import { makeSearchable } from './make-searchable.ts'
import type { SearchableLine, SearchablePage } from './searchable-page.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-searchable-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The searchable PDF of a document whose pages were read so; null: it is the original. */
async function make(bytes: Buffer, contentType: ContentType, pages: SearchablePage[]): Promise<Buffer | null> {
  const [document, words, output] = ['document', 'words', 'output'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ]
  await rm(output, { force: true })
  await writeFile(document, bytes)
  await writeFile(words, pages.map((page) => `${JSON.stringify(page)}\n`).join(''))
  await makeSearchable({ path: document, contentType }, { words, output }, () => {})
  return existsSync(output) ? readFile(output) : null
}

async function made(...args: Parameters<typeof make>): Promise<Buffer> {
  const pdf = await make(...args)
  if (!pdf) throw new Error('nothing was added')
  return pdf
}

const box = (x: number, y: number, width: number, height: number) => [
  ...[x, y, x + width, y],
  ...[x + width, y + height, x, y + height],
]

/** Words of one line, each with its place and its width. */
const lineOf = (y: number, height: number, words: [text: string, x: number, width: number][]): SearchableLine => ({
  polygon: box(
    words[0]?.[1] ?? 0,
    y,
    (words.at(-1)?.[1] ?? 0) + (words.at(-1)?.[2] ?? 0) - (words[0]?.[1] ?? 0),
    height,
  ),
  words: words.map(([text, x, width]) => ({ text, polygon: box(x, y, width, height), isSure: false })),
})

/** A page of 6 by 4 inches as it is seen, with two lines. */
const READ: SearchablePage = {
  pageNumber: 1,
  width: 6,
  height: 4,
  lines: [
    lineOf(0.5, 0.2, [
      ['Invoice', 0.5, 1],
      ['No.', 1.8, 0.4],
      ['17', 2.5, 0.3],
    ]),
    lineOf(3, 0.1, [['Thanks!', 4, 1.5]]),
  ],
}

const rounded = ({ text, x, y, width, height, degrees: turned }: PdfWord) => [
  text,
  ...[x, y, width, height, turned].map((value) => Math.round(value) + 0),
]

/** In points, as READ says. */
const EXPECTED = [
  ['Invoice', 36, 36, 72, 14, 0],
  ['No.', 130, 36, 29, 14, 0],
  ['17', 180, 36, 22, 14, 0],
  ['Thanks!', 288, 216, 108, 7, 0],
]

const red = { r: 255, g: 0, b: 0 }
/** 600 x 400 pixels, red in the top left quarter. */
const picture = () =>
  sharp({ create: { width: 600, height: 400, channels: 3, background: '#fff' } })
    .composite([{ input: { create: { width: 300, height: 200, channels: 3, background: red } }, left: 0, top: 0 }])
    .png()
    .toBuffer()

/** A scan of 6 by 4 inches for whoever looks at it: the file has it turned, and turns it back, within a larger sheet. */
async function turnedScan(turns: number): Promise<Buffer> {
  const pdf = await PDFDocument.create()
  const [width, height] = turns % 2 === 1 ? [288, 432] : [432, 288]
  const page = pdf.addPage([width + 50, height + 70])
  const image = await pdf.embedPng(
    await sharp(await picture())
      .rotate(-90 * turns)
      .toBuffer(),
  )
  page.drawImage(image, { x: 20, y: 30, width, height })
  page.setCropBox(20, 30, width, height)
  page.setRotation(degrees(90 * turns))
  return Buffer.from(await pdf.save())
}

test.each([0, 1, 2, 3])('words lie where they were read, on a page that its file turns %i times', async (turns) => {
  const scan = await turnedScan(turns)
  const [page] = await readPdfWords(await made(scan, 'application/pdf', [READ]))
  expect([page?.width, page?.height]).toEqual([432, 288])
  expect(page?.words.map(rounded)).toEqual(EXPECTED)
})

test('the original is in it byte for byte, and looks the same', async () => {
  const scan = await turnedScan(1)
  const pdf = await made(scan, 'application/pdf', [READ])
  expect(pdf.subarray(0, scan.length).equals(scan)).toBe(true)
  const [[before], [after]] = [await picturesOf(scan, 72), await picturesOf(pdf, 72)]
  expect(before && after && Buffer.compare(before, after)).toBe(0)
})

test("only the pages that lack their text get it, and of those that have some, what is not the file's own", async () => {
  const stamped = await drawnPdf((drawing) => drawing.text('Stamp 4711', 300, 20))
  const pdf = await joinedPdf([await textPdf(['A page with a text layer of its own']), await turnedScan(0), stamped])
  const sure = {
    ...lineOf(0.2, 0.1, [
      ['Stamp', 4, 0.5],
      ['read', 5, 0.5],
    ]),
  }
  const [stamp, guess] = sure.words
  const pages = [
    { ...READ, lines: [lineOf(1, 0.2, [['guessed', 1, 1]])] },
    { ...READ, pageNumber: 2 },
    { ...READ, pageNumber: 3, lines: [{ ...sure, words: [{ ...stamp, isSure: true }, guess] as typeof sure.words }] },
  ]
  const texts = (await readPdfWords(await made(pdf, 'application/pdf', pages))).map((page) =>
    page.words.map(({ text }) => text),
  )
  expect(texts[0]?.join(' ')).not.toContain('guessed')
  expect(texts[1]).toEqual(EXPECTED.map(([text]) => text))
  expect(texts[2]).toContain('read')
  expect(texts[2]?.join(' ').match(/Stamp/g)).toHaveLength(1)
  expect(await make(await textPdf(['All of it is its own']), 'application/pdf', [READ])).toBeNull()
})

test('text askew lies askew', async () => {
  // Down by 0.3 inches on 3: 5.7 degrees.
  const askew = [1, 1, 4, 1.3, 3.98, 1.5, 0.98, 1.2]
  const half = [2.5, 1.15, 4, 1.3, 3.98, 1.5, 2.48, 1.35]
  const line = { polygon: askew, words: [{ text: 'half', polygon: half, isSure: false }] }
  const [page] = await readPdfWords(await made(await turnedScan(3), 'application/pdf', [{ ...READ, lines: [line] }]))
  const [word] = page?.words ?? []
  expect(word?.degrees).toBeCloseTo(5.71, 1)
  expect(word?.x).toBeCloseTo(2.48 * 72, 0)
  expect(word && word.x + word.width).toBeCloseTo(4 * 72, 0)
})

test('any character can be copied', async () => {
  const scan = await turnedScan(0)
  const someText = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .map((text) => text.replaceAll(/[\s\p{C}]/gu, '').normalize('NFC'))
  // What is written from right to left is in the file as the eye has it, and readers turn it around in ways of their own.
  const fromTheLeft = someText.filter(
    (text) =>
      text.isWellFormed() &&
      text !== '' &&
      !/[\u0590-\u08FF\uFB1D-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u.test(text),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fromTheLeft, { minLength: 1, maxLength: 5 }), async (texts) => {
      const lines = texts.map((text, at) => lineOf(0.5 + at * 0.5, 0.2, [[text, 1, 2]]))
      const [page] = await readPdfWords(await made(scan, 'application/pdf', [{ ...READ, lines }]))
      expect(page?.words.map(({ text }) => text)).toEqual(texts)
    }),
    { numRuns: 25 },
  )
  const hebrew = { ...READ, lines: [lineOf(1, 0.2, [['שלום', 1, 2]])] }
  const [page] = await readPdfWords(await made(scan, 'application/pdf', [hebrew]))
  expect(page?.words.map(({ text }) => text)).toEqual(['שלום'])
})

const asPixels = (page: SearchablePage, dpi: number): SearchablePage => ({
  ...page,
  width: page.width * dpi,
  height: page.height * dpi,
  lines: page.lines.map((line) => ({
    polygon: line.polygon.map((value) => value * dpi),
    words: line.words.map((word) => ({ ...word, polygon: word.polygon.map((value) => value * dpi) })),
  })),
})

/** The colours of the quarters, from the top left by rows. */
async function quarters(pdf: Buffer): Promise<string> {
  const [page] = await picturesOf(pdf, 36)
  const { data, info } = await sharp(page).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => {
    const [r = 0, g = 0, b = 0] = data.subarray(
      (Math.round(y * info.height) * info.width + Math.round(x * info.width)) * 3,
    )
    return r > 200 && g > 200 && b > 200 ? 'white' : r > 200 && g < 80 ? 'red' : r < 80 ? 'black' : `${r},${g},${b}`
  }
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)].join(' ')
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('a JPEG is in it as it is, turned as its EXIF says: %i', async (orientation) => {
  // Turned first, mirrored then: sharp has an order of its own within one pipeline.
  const [turn, mirror] = (
    [
      [0, false],
      [0, true],
      [180, false],
      [180, true],
      [90, true],
      [270, false],
      [270, true],
      [90, false],
    ] as const
  )[orientation - 1] as readonly [number, boolean]
  const rotated = await sharp(await picture())
    .rotate(turn)
    .png()
    .toBuffer()
  const turned = await sharp(rotated).flop(mirror).png().toBuffer()
  const jpeg = await sharp(turned).withMetadata({ orientation, density: 100 }).jpeg().toBuffer()
  const pdf = await made(jpeg, 'image/jpeg', [asPixels(READ, 100)])
  expect(pdf.includes(jpeg)).toBe(true)
  expect(await quarters(pdf)).toBe('red white white white')
  const [page] = await readPdfWords(pdf)
  expect([page?.width, page?.height]).toEqual([432, 288])
  expect(page?.words.map(rounded)).toEqual(EXPECTED)
})

test.each<[string, ContentType, (image: Sharp) => Sharp]>([
  ['png', 'image/png', (image) => image.png()],
  ['png with a palette', 'image/png', (image) => image.png({ palette: true })],
  ['transparent png', 'image/png', (image) => image.ensureAlpha().png()],
  ['16 bits', 'image/png', (image) => image.toColourspace('rgb16').png()],
  ['gif', 'image/gif', (image) => image.gif()],
  ['webp', 'image/webp', (image) => image.webp()],
  ['tiff', 'image/tiff', (image) => image.tiff({ compression: 'lzw' })],
  ['CMYK jpeg', 'image/jpeg', (image) => image.toColourspace('cmyk').jpeg()],
])(
  'a picture becomes a page as long as a sheet of A4 when it does not say how large it is: %s',
  async (_, type, encode) => {
    const pdf = await made(await encode(sharp(await picture())).toBuffer(), type, [asPixels(READ, 100)])
    expect(await quarters(pdf)).toMatch(/^(red|23\d,\d+,\d+) white white white$/)
    const [page] = await readPdfWords(pdf)
    expect(Math.round(page?.width ?? 0)).toBe(842)
    expect(page?.words.map(({ text }) => text)).toEqual(EXPECTED.map(([text]) => text))
  },
)

test('black and white stays so, in a bit a pixel', async () => {
  const tiff = await sharp(await picture())
    .removeAlpha()
    .toColourspace('b-w')
    .tiff({ bitdepth: 1, compression: 'ccittfax4' })
    .toBuffer()
  const pdf = await made(tiff, 'image/tiff', [asPixels(READ, 100)])
  expect(await quarters(pdf)).toBe('black white white white')
  expect(pdf.length).toBeLessThan(6000)
})

test('every page of a TIFF is one, also those that were not read', async () => {
  const pdf = await made(await multiPageTiff(['one', 'two', 'three']), 'image/tiff', [
    { ...asPixels(READ, 100), pageNumber: 2 },
  ])
  expect((await readPdfWords(pdf)).map(({ words }) => words.length)).toEqual([0, 4, 0])
})

test('a PDF whose end is damaged is written anew; one in which nothing may be changed becomes pictures', async () => {
  const scan = await turnedScan(1)
  const damaged = Buffer.from(scan.toString('latin1').replace(/startxref\s+\d+/, 'startxref\n99'), 'latin1')
  const [page] = await readPdfWords(await made(damaged, 'application/pdf', [READ]))
  expect(page?.words.map(rounded)).toEqual(EXPECTED)

  const editable = await Editable.load(scan)
  await editable.encrypt({ userPassword: '', ownerPassword: 'secret', permissions: {} })
  const encrypted = Buffer.from(await editable.save())
  const pdf = await made(encrypted, 'application/pdf', [READ])
  expect(await quarters(pdf)).toBe('red white white white')
  expect((await readPdfWords(pdf))[0]?.words.map(rounded)).toEqual(EXPECTED)
})
