import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Polygon } from '@adp/contract/analyze-result.ts'
import type { ContentType } from '@adp/contract/document.ts'
import pino from 'pino'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  blankPdf,
  corruptJpeg,
  corruptPdf,
  encryptedPdf,
  manyScannedPages,
  multiPageTiff,
  type PictureFormat,
  pngOfSize,
  scannedPdf,
  textImage,
  textPdf,
} from '../../../test/fixtures.ts'
import type { ExtractedPage } from '../extractor.ts'
import { createLocalExtractor } from './local-extractor.ts'
import { type LaidOutPage, LocalPage } from './local-page.ts'
import { unpacked } from './packed-text.ts'

const MAX_PAGES = 5
const TEXT = 'Invoice 4711\nTotal amount due'

let folder: string
let extractor: ReturnType<typeof createLocalExtractor>

const options = {
  maxChildren: 1,
  memoryBytes: 2 ** 30,
  pageTimeoutMs: 120_000,
  totalTimeoutMs: 170_000,
  maxPages: MAX_PAGES,
  languages: ['eng', 'por'],
  log: pino({ level: 'silent' }),
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adp-test-'))
  extractor = createLocalExtractor(options)
})

afterAll(async () => {
  await extractor.close()
  await rm(folder, { recursive: true })
})

const extract = async (bytes: Buffer, contentType: ContentType = 'application/pdf', pagesDone = new Set<number>()) => {
  const path = join(folder, 'document')
  await writeFile(path, bytes)
  const pages: LaidOutPage[] = []
  let pagesTotal = 0
  const events = {
    onOpened: async (total: number) => {
      pagesTotal = total
    },
    onPage: async (read: ExtractedPage) => {
      const { content, page, parts = null } = unpacked(read)
      pages.push({ content, page: LocalPage.parse(page), parts })
    },
  }
  await extractor.begin({ path, contentType, pagesDone }, events, new AbortController().signal)
  return { pages, pagesTotal, contents: pages.map((page) => page.content) }
}

const firstPage = async (bytes: Buffer, contentType: ContentType = 'application/pdf') => {
  const [first] = (await extract(bytes, contentType)).pages
  if (!first) throw new Error('No page')
  return first
}

const topLeft = (polygon: Polygon | undefined) => polygon?.slice(0, 2)

describe('PDF', () => {
  test('its own text, with boxes in inches', async () => {
    const { content, page } = await firstPage(await textPdf([TEXT]))
    expect(content).toBe(TEXT)
    expect(page).toMatchObject({ pageNumber: 1, unit: 'inch', angle: 0, width: 8.2678, height: 11.6929 })
    expect(page.words.map((word) => word.confidence)).toEqual([1, 1, 1, 1, 1])
    // Drawn 60 pt from the left, with the baseline 80 pt below the top.
    const [left, top, right, , , bottom] = page.words[0]?.polygon ?? []
    expect(left).toBeCloseTo(60 / 72, 1)
    expect(right).toBeGreaterThan(1.5)
    expect(top).toBeLessThan(80 / 72)
    expect(bottom).toBeGreaterThan(80 / 72 - 0.05)
  })

  test('the words of a scanned page are where those of the text page are', async () => {
    const own = await firstPage(await textPdf([TEXT]))
    const scanned = await firstPage(await scannedPdf(TEXT))
    expect(scanned.content).toBe(TEXT)
    expect(scanned.page).toMatchObject({ unit: 'inch', width: own.page.width, height: own.page.height })
    for (const [index, word] of scanned.page.words.entries()) {
      expect(word.confidence).toBeGreaterThan(0.8)
      expect(word.confidence).toBeLessThan(1)
      expect(word.polygon[0]).toBeCloseTo(own.page.words[index]?.polygon[0] ?? 0, 1)
    }
  })

  test('pages of both kinds, in order; those that are done are not read again', async () => {
    const all = await extract(await textPdf(['one page', 'two pages', 'three pages', 'four pages', 'five pages']))
    expect(all.pagesTotal).toBe(5)
    expect(all.contents).toEqual(['one page', 'two pages', 'three pages', 'four pages', 'five pages'])
    const some = await extract(await manyScannedPages(3, 'scanned again'), 'application/pdf', new Set([1, 3]))
    expect(some.pagesTotal).toBe(3)
    expect(some.pages.map(({ page }) => page.pageNumber)).toEqual([2])
    expect(some.contents).toEqual(['scanned again'])
  })

  test('a blank page is a page without text', async () => {
    const { contents, pages } = await extract(await blankPdf(2))
    expect(contents).toEqual(['', ''])
    expect(pages[1]?.page).toMatchObject({ words: [], lines: [], width: 8.2678 })
  })

  test.each([
    ['encrypted', () => encryptedPdf(), 'file_encrypted'],
    ['corrupt', () => corruptPdf(), 'file_corrupt'],
    ['of too many pages', () => blankPdf(MAX_PAGES + 1), 'too_many_pages'],
    ['of no bytes', () => Buffer.alloc(0), 'file_corrupt'],
  ])('%s', async (_, make, code) => {
    await expect(extract(await make())).rejects.toMatchObject({ name: 'ExtractionError', code })
  })
})

describe('pictures', () => {
  test.each<[PictureFormat, ContentType]>([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
    ['tiff', 'image/tiff'],
  ])('%s, with boxes in pixels', async (format, contentType) => {
    const { content, page } = await firstPage(await textImage(TEXT, format), contentType)
    expect(content).toBe(TEXT)
    expect(page).toMatchObject({ unit: 'pixel', angle: 0, width: 1240, height: 1754 })
    // Drawn 60 pt from the left at 150 dpi.
    expect(Math.abs((page.words[0]?.polygon[0] ?? 0) - 125)).toBeLessThan(6)
  })

  test('each page of a TIFF is a page', async () => {
    const { contents, pagesTotal } = await extract(await multiPageTiff(['First sheet', 'Second sheet']), 'image/tiff')
    expect(pagesTotal).toBe(2)
    expect(contents).toEqual(['First sheet', 'Second sheet'])
  })

  test.each([
    [90, 90, [1617, 125]],
    [180, 180, [1115, 1617]],
    [270, -90, [137, 1115]],
  ] as const)(
    'turned by %d degrees: read all the same, and boxes are where the text stands',
    async (degrees, angle, corner) => {
      const { content, page } = await firstPage(
        await textImage(`${TEXT}\nThank you very much`, 'png', degrees),
        'image/png',
      )
      expect(content).toBe(`${TEXT}\nThank you very much`)
      expect(page.angle).toBe(angle)
      const [x, y] = topLeft(page.words[0]?.polygon) ?? []
      expect(Math.abs((x ?? 0) - corner[0])).toBeLessThan(12)
      expect(Math.abs((y ?? 0) - corner[1])).toBeLessThan(12)
    },
  )

  test('EXIF rotation is applied, so that the page is as a person sees it', async () => {
    const sideways = await sharp(await textImage(TEXT, 'png', 270))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const { content, page } = await firstPage(sideways, 'image/jpeg')
    expect(content).toBe(TEXT)
    expect(page).toMatchObject({ angle: 0, width: 1240, height: 1754 })
  })

  test('text on a transparent background', async () => {
    const clear = await sharp(await textImage(TEXT, 'png'))
      .unflatten()
      .png()
      .toBuffer()
    expect((await firstPage(clear, 'image/png')).content).toBe(TEXT)
  })

  test('a picture of nothing is a page without text', async () => {
    const grey = sharp({ create: { width: 300, height: 200, channels: 3, background: '#ccc' } })
    expect((await firstPage(await grey.png().toBuffer(), 'image/png')).content).toBe('')
  })

  test('askew: straightened to be read, and polygons lie along the text as it stands', async () => {
    const turned = await sharp(await textImage(`${TEXT}\nThank you very much`, 'png'))
      .rotate(6, { background: '#fff' })
      .toBuffer({ resolveWithObject: true })
    const { content, page } = await firstPage(turned.data, 'image/png')
    expect(content).toBe(`${TEXT}\nThank you very much`)
    expect(page).toMatchObject({ width: turned.info.width, height: turned.info.height })
    expect(Math.abs(page.angle - 6)).toBeLessThan(0.3)
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = page.lines[0]?.polygon ?? []
    expect(Math.abs((Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI - 6)).toBeLessThan(0.3)
    // Where the letters are dark, a word is: between its corners, and not beside them.
    const [left = 0, top = 0, , , , , bottomX = 0, bottomY = 0] = page.words[0]?.polygon ?? []
    const inside = await sharp(turned.data)
      .extract({
        left: Math.round(Math.min(left, bottomX)),
        top: Math.round(top),
        width: 10,
        height: Math.round(bottomY - top),
      })
      .stats()
    expect(inside.channels[0]?.min).toBeLessThan(100)
  })

  test('noise would keep OCR busy for minutes: it has no text, and the next picture is read', async () => {
    const read = async (bytes: Buffer) => {
      const path = join(folder, 'picture')
      await writeFile(path, bytes)
      const contents: string[] = []
      const events = {
        onOpened: async () => {},
        onPage: async (page: ExtractedPage) => void contents.push(page.content),
      }
      const input = { path, contentType: 'image/jpeg', pagesDone: new Set<number>() } as const
      await extractor.begin(input, events, new AbortController().signal)
      return contents
    }
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const gravel = sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#888', noise } })
    expect(await read(await gravel.jpeg().toBuffer())).toEqual([''])
    expect(await read(await textImage(TEXT, 'jpeg'))).toEqual([TEXT])
  })

  test.each<[string, () => Buffer | Promise<Buffer>, ContentType, string]>([
    ['cut off', corruptJpeg, 'image/jpeg', 'file_corrupt'],
    ['of no sense', () => Buffer.from('II*\0 and nothing else'), 'image/tiff', 'file_corrupt'],
    ['of too many pages', () => multiPageTiff(Array(MAX_PAGES + 1).fill('x')), 'image/tiff', 'too_many_pages'],
    ['of more pixels than are accepted', () => pngOfSize(20_000, 20_000), 'image/png', 'image_too_large'],
  ])('%s', async (_, make, contentType, code) => {
    await expect(extract(await make(), contentType)).rejects.toMatchObject({ name: 'ExtractionError', code })
  })
})
