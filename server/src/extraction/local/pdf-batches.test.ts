import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pdfWithoutItsSecondPage, textPdf } from '../../../test/fixtures.ts'
import { startLocalReading } from '../../../test/local-reading.ts'
import { useScratch } from '../../../test/scratch.ts'
import { parsePdf } from './pdf-batches.ts'

const scratch = useScratch()
let reading: Awaited<ReturnType<typeof startLocalReading>>

beforeAll(async () => {
  reading = await startLocalReading()
})

afterAll(() => reading.close())

test('a page that is not there fails alone, and the others are read', async () => {
  const pages = await reading.read(pdfWithoutItsSecondPage(), 'application/pdf')
  expect(pages.map(({ content, failure }) => [content, failure?.code])).toEqual([
    ['The first page', undefined],
    ['', 'file_corrupt'],
    ['The third page', undefined],
  ])
})

const TEXTS = Array.from({ length: 11 }, (_, index) => `Page ${index + 1}`)

test('of a document that was read in part, the rest is read', async () => {
  const done = new Set([1, 2, 3, 5, 6, 11])
  const pages = await reading.read(await textPdf(TEXTS), 'application/pdf', done)
  expect(pages.map(({ content }) => content)).toEqual(['Page 4', 'Page 7', 'Page 8', 'Page 9', 'Page 10'])
})

const batchesOf = async (file: string, request: { pagesDone?: number[]; careful?: boolean }) => {
  const batches: number[][] = []
  const all = { path: file, pagesDone: [], pages: null, careful: false, limits: { maxPages: 20 }, ...request }
  for await (const { pageNumbers, result } of parsePdf(all, {})) {
    expect(result.pages.map(({ pageNum }) => pageNum)).toEqual(pageNumbers)
    batches.push(pageNumbers)
  }
  return batches
}

test('pages are parsed eight at a time, after a death the first ones alone, and none that is done', async () => {
  const file = path.join(scratch.folder, 'document.pdf')
  await writeFile(file, await textPdf(TEXTS))
  expect(await batchesOf(file, {})).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8],
    [9, 10, 11],
  ])
  expect(await batchesOf(file, { pagesDone: [1, 3, 8] })).toEqual([[], [2, 4, 5, 6, 7, 9, 10, 11]])
  expect(await batchesOf(file, { pagesDone: [1, 2, 3, 4, 5, 6, 7], careful: true })).toEqual([[], [8], [9], [10], [11]])
})
