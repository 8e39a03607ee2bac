import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { Span } from '@adp/contract/geometry.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someResult, toAnswer } from '../../../test/azure-results.ts'
import { analyzeResultJson, readAnswer } from './answer.ts'
import { type AnalyzedPage, readPages } from './read-pages.ts'
import { splitResult } from './split-result.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-read-pages-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(text: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(folder, 'answer-')), 'answer.json')
  await writeFile(file, text)
  return file
}

async function readAll(text: string): Promise<{ header: object; pages: AnalyzedPage[] }> {
  const file = await fileOf(text)
  const result = await splitResult(file, path.dirname(file))
  try {
    const pages: AnalyzedPage[] = []
    for await (const page of readPages(result)) pages.push(page)
    return { header: result.header, pages }
  } finally {
    await result.close()
  }
}

const anyAnswer = fc.tuple(someResult, fc.nat(1000))
const runs = { numRuns: 150 }

test('the result comes out of an answer as it went in, and is told apart from how the answer stands', async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async ([result, order]) => {
      const file = await fileOf(toAnswer(result, order))
      expect(JSON.parse((await analyzeResultJson(file).toArray()).join(''))).toEqual(result)
      expect(await readAnswer(file)).toMatchObject({ status: 'succeeded' })
    }),
    runs,
  )
})

test('every word, mark and line is on its page, and its spans index the text of that page', async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async ([result, order]) => {
      const { header, pages } = await readAll(toAnswer(result, order))
      const { apiVersion, modelId, stringIndexType, contentFormat, warnings, newerValue } = result
      expect(header).toEqual({ apiVersion, modelId, stringIndexType, contentFormat, warnings, newerValue })
      expect(pages.map(({ content }) => content)).toEqual(
        result.pages.map(({ spans }) => textOf(result.content, spans)),
      )
      expect(pages.map(({ page }) => withoutSpans(page))).toEqual(result.pages.map(withoutSpans))
      for (const { content, page } of pages) {
        for (const word of page.words ?? []) expect(textOf(content, [word.span])).toBe(word.content)
        for (const line of page.lines ?? []) expect(textOf(content, line.spans)).toBe(line.content)
        expect(textOf(content, page.spans)).toBe(content)
      }
    }),
    runs,
  )
})

test('what stands on pages is on the page where it begins, whole but for spans, which are cut to that page', async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async ([result, order]) => {
      const { pages } = await readAll(toAnswer(result, order))
      for (const key of LISTS) {
        const expected = ((result[key] ?? []) as Element[]).map((element) => expectOnPage(element, result))
        const found = pages.flatMap(({ content, page, parts }) =>
          ((parts?.[key] ?? []) as Element[]).map((element) => ({
            page: page.pageNumber,
            texts: textsOf(element, (spans) => textOf(content, spans)),
            element: withoutSpans(element),
          })),
        )
        expect(found).toEqual(expected.toSorted((a, b) => a.page - b.page))
      }
      expect(pages.filter(({ parts }) => parts && Object.keys(parts).length === 0)).toEqual([])
    }),
    runs,
  )
})

test('numbers keep their digits in the result, and a text that no database takes is kept there and made fit for the pages', async () => {
  const page =
    '{"pageNumber":1.0,"width":8.50,"angle":-1e-7,"spans":[{"offset":0,"length":5}],"words":[{"content":"a\\u0000\\ud800b","confidence":0.990,"span":{"offset":0,"length":4}}]}'
  const text = `{"analyzeResult":{"apiVersion":"2024-11-30","modelId":"m","stringIndexType":"utf16CodeUnit","content":"a\\u0000\\ud800b\\u2028","pages":[${page}]},"status":"succeeded"}`
  const file = await fileOf(text)
  const copy = (await analyzeResultJson(file).toArray()).join('')
  expect(copy).toContain('"pageNumber":1.0,"width":8.50,"angle":-1e-7')
  expect(copy).toContain('"content":"a\\u0000\\ud800b","confidence":0.990')
  const [first] = (await readAll(text)).pages
  expect([first?.content, first?.page.words?.[0]?.content]).toEqual(['a\uFFFD\uFFFDb\u2028', 'a\uFFFD\uFFFDb'])
})

// ---------------------------------------------------------------------------------------------------- what is expected

type Element = Record<string, unknown>

const LISTS = [
  'paragraphs',
  'tables',
  'figures',
  'sections',
  'keyValuePairs',
  'styles',
  'languages',
  'documents',
  'newerThings',
]

const textOf = (content: string, spans: Span[]) =>
  spans.map(({ offset, length }) => content.slice(offset, offset + length)).join('')

/** A copy whose spans are gone, but not the fields of that name. */
function withoutSpans(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner) => (isSpans(key, inner) ? undefined : inner))
}

const isSpans = (key: string, value: unknown): boolean =>
  (key === 'spans' && Array.isArray(value)) || (key === 'span' && 'offset' in (value as object))

/** The text of every list of spans in a value, from the outside in. */
function textsOf(value: unknown, read: (spans: Span[]) => string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, inner]) => (isSpans(key, inner) ? [read(inner as Span[])] : textsOf(inner, read)))
}

/** Where an element has to be: slow and plain, letter by letter. */
function expectOnPage(element: Element, { content, pages }: AnalyzeResult) {
  const { boundingRegions, spans } = (element.key ?? element) as {
    boundingRegions?: { pageNumber: number }[]
    spans: Span[]
  }
  const owners: (number | null)[] = new Array(content.length).fill(null)
  for (const { pageNumber, spans: own } of pages)
    for (const { offset, length } of own) owners.fill(pageNumber, offset, offset + length)
  const begin = Math.min(...spans.map(({ offset }) => offset))
  const next = owners.slice(begin).find((owner) => owner !== null)
  const page = boundingRegions?.[0]?.pageNumber ?? next ?? owners.findLast((owner) => owner !== null) ?? 1
  const cut = (all: Span[]) =>
    all
      .flatMap(({ offset, length }) => Array.from({ length }, (_, index) => offset + index))
      .filter((at) => owners[at] === page)
  const read = (all: Span[]) =>
    cut(all)
      .map((at) => content[at])
      .join('')
  return { page, texts: textsOf(element, read), element: withoutSpans(element) }
}
