import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ErrorCode } from '@adp/contract/errors.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { someResult, toAnswer } from '../../../test/azure-results.ts'
import { ExtractionError } from '../extractor.ts'
import { analyzeResultJson, readAnswer } from './answer.ts'
import { checkResult, type ExpectedResult, type SentPage } from './check-result.ts'
import { readPages } from './read-pages.ts'
import { splitResult } from './split-result.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-refusals-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(text: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(folder, 'answer-')), 'answer.json')
  await writeFile(file, text)
  return file
}

async function readAll(text: string, expected?: ExpectedResult): Promise<void> {
  const file = await fileOf(text)
  const result = await splitResult(file, path.dirname(file))
  try {
    if (expected) checkResult(result, expected)
    for await (const { page } of readPages(result)) expect(page.pageNumber).toBeGreaterThan(0)
  } finally {
    await result.close()
  }
}

async function refusalOf(promise: Promise<unknown>): Promise<[ErrorCode, string] | null> {
  try {
    await promise
    return null
  } catch (error) {
    if (!(error instanceof ExtractionError)) throw error
    return [error.code, error.message]
  }
}

/** A small result that is right. */
function makeResult() {
  const word = { content: 'one', polygon: [0, 0, 1, 0, 1, 1, 0, 1], span: { offset: 0, length: 3 }, confidence: 1 }
  const page = {
    pageNumber: 1,
    angle: 0,
    width: 8.5,
    height: 11,
    unit: 'inch',
    words: [word],
    spans: [{ offset: 0, length: 3 }],
  }
  const second = { ...page, pageNumber: 2, words: [], spans: [{ offset: 4, length: 3 }] }
  const cell = { rowIndex: 0, columnIndex: 0, content: 'two', spans: [{ offset: 4, length: 3 }] }
  return {
    apiVersion: '2024-11-30',
    modelId: 'prebuilt-layout',
    stringIndexType: 'utf16CodeUnit',
    content: 'one\ntwo',
    pages: [page, second],
    tables: [{ rowCount: 1, columnCount: 1, cells: [cell], spans: cell.spans }],
  }
}

type Json = Record<string, unknown>

/** The result with one value, at a path of keys and indexes, put in the place of another; `undefined` takes it away. */
function change(keys: (string | number)[], value: unknown): Json {
  const result = makeResult() as Json
  let inner = result
  for (const key of keys.slice(0, -1)) inner = inner[key] as Json
  inner[String(keys.at(-1))] = value
  return result
}

test('what the other tests change is read', async () => {
  const pages = [1, 2].map((pageNumber): SentPage => ({ pageNumber, width: 8.5, height: 11, unit: 'inch' }))
  await readAll(toAnswer(makeResult()), { modelId: 'prebuilt-layout', pages })
})

describe('result_invalid, with the path of the first problem', () => {
  test.each<[string, (string | number)[], unknown]>([
    ['analyzeResult.content', ['content'], undefined],
    ['analyzeResult.content', ['content'], 7],
    ['analyzeResult.pages', ['pages'], undefined],
    ['analyzeResult.pages', ['pages'], {}],
    ['analyzeResult.tables', ['tables'], 'none'],
    ['analyzeResult.modelId', ['modelId'], undefined],
    ['analyzeResult.stringIndexType', ['stringIndexType'], 'bytes'],
    ['analyzeResult.warnings[0].code', ['warnings'], [{ message: 'x' }]],
    ['analyzeResult.pages[1]', ['pages', 1], null],
    ['analyzeResult.pages[0].words[0].confidence', ['pages', 0, 'words', 0, 'confidence'], '1'],
    ['analyzeResult.pages[0].words[0].span.offset', ['pages', 0, 'words', 0, 'span', 'offset'], -1],
    ['analyzeResult.pages[0].words[0].polygon', ['pages', 0, 'words', 0, 'polygon'], [0, 0, 1, 0, 1, 1, 0]],
    ['analyzeResult.pages[1].unit', ['pages', 1, 'unit'], 'cm'],
    ['analyzeResult.tables[0].cells[0].rowIndex', ['tables', 0, 'cells', 0, 'rowIndex'], '0'],
    [
      'analyzeResult.documents[0].fields.Items.valueArray[1].type',
      ['documents'],
      [
        {
          docType: 'a',
          spans: [],
          confidence: 1,
          fields: { Items: { type: 'array', valueArray: [{ type: 'string' }, {}] } },
        },
      ],
    ],
    ['analyzeResult.pages: There are two with the number 1', ['pages', 1, 'pageNumber'], 1],
    ['analyzeResult.pages: Page 2 goes beyond', ['pages', 1, 'spans'], [{ offset: 4, length: 4 }]],
    ['Page 1: the span of word 0 is not where its text is', ['pages', 0, 'words', 0, 'content'], 'on'],
    ['Page 1: the span of word 0 is not where its text is', ['pages', 0, 'words', 0, 'span'], { offset: 0, length: 2 }],
    ['Page 1: the span of 3 at 4 is not within its page', ['pages', 0, 'words', 0, 'span'], { offset: 4, length: 3 }],
  ])('%s (%s: %j)', async (problem, keys, value) => {
    const [code, detail] = (await refusalOf(readAll(toAnswer(change(keys, value))))) ?? []
    expect(code).toBe('result_invalid')
    expect(detail).toContain(problem)
  })

  test('something on a page that is not there: a part of the result is missing', async () => {
    const onPage3 = change(['tables', 0, 'boundingRegions'], [{ pageNumber: 3, polygon: [0, 0, 1, 0, 1, 1, 0, 1] }])
    expect(await refusalOf(readAll(toAnswer(onPage3)))).toEqual([
      'result_incomplete',
      expect.stringContaining('page 3'),
    ])
  })

  test('an answer without a result, and one that is no answer', async () => {
    expect(await refusalOf(readAll('{"status":"succeeded"}'))).toMatchObject(['result_invalid', expect.any(String)])
    expect(await refusalOf(readAnswer(await fileOf('{"error":{"code":"NotFound"}}')))).toMatchObject([
      'result_invalid',
      expect.any(String),
    ])
  })
})

test('an answer that breaks off anywhere is provider_answer_broken, in each reader of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      someResult,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      async (result, part) => {
        const whole = toAnswer(result)
        const bytes = Buffer.from(whole)
        const file = await fileOf('')
        await writeFile(file, bytes.subarray(0, Math.floor(part * bytes.length)))
        expect(await refusalOf(splitResult(file, path.dirname(file)))).toMatchObject([
          'provider_answer_broken',
          expect.any(String),
        ])
        expect(await refusalOf(analyzeResultJson(file).toArray())).toMatchObject([
          'provider_answer_broken',
          expect.any(String),
        ])
      },
    ),
    { numRuns: 60 },
  )
  expect(await refusalOf(readAnswer(await fileOf('{"status":"running"')))).toMatchObject([
    'provider_answer_broken',
    expect.any(String),
  ])
  expect(await refusalOf(readAnswer(await fileOf('<html>Bad gateway</html>')))).toMatchObject([
    'provider_answer_broken',
    expect.any(String),
  ])
})

const boundingBox = [0, 0, 1, 0, 1, 1, 0, 1]

test.each<[string, Json]>([
  ['readResults of version 2', { version: '2.1.0', readResults: [{ page: 1 }] }],
  [
    'a word of a preview',
    change(['pages', 0, 'words', 0], { content: 'one', boundingBox, span: { offset: 0, length: 3 }, confidence: 1 }),
  ],
  ['a region of a preview', change(['tables', 0, 'boundingRegions'], [{ pageNumber: 1, boundingBox }])],
])('result_outdated_shape: %s', async (_, result) => {
  expect(await refusalOf(readAll(toAnswer(result)))).toMatchObject(['result_outdated_shape', expect.any(String)])
})

test('a field may be called boundingBox', async () => {
  const fields = { boundingBox: { type: 'array', valueArray: [] } }
  await readAll(toAnswer({ ...makeResult(), documents: [{ docType: 'a', spans: [], confidence: 1, fields }] }))
})

describe('what was sent', () => {
  const sent = (pageNumber: number, width = 8.5, height = 11, unit: 'inch' | 'pixel' = 'inch'): SentPage => ({
    pageNumber,
    width,
    height,
    unit,
  })
  const model = 'prebuilt-layout'

  test.each<[string, string, Json, ExpectedResult]>([
    [
      'result_mismatch',
      'apiVersion is 2023-07-31',
      change(['apiVersion'], '2023-07-31'),
      { modelId: model, pages: null },
    ],
    [
      'result_mismatch',
      'modelId is prebuilt-layout, not prebuilt-read',
      makeResult(),
      { modelId: 'prebuilt-read', pages: null },
    ],
    [
      'result_mismatch',
      'stringIndexType is textElements',
      change(['stringIndexType'], 'textElements'),
      { modelId: model, pages: null },
    ],
    [
      'result_mismatch',
      'Page 2 is 8.5 × 11 inch; 8.27 × 11.69 inch',
      makeResult(),
      { modelId: model, pages: [sent(1), sent(2, 8.27, 11.69)] },
    ],
    [
      'result_mismatch',
      'Page 1 is 8.5 × 11 inch; 827 × 1169 pixel',
      makeResult(),
      { modelId: model, pages: [sent(1, 827, 1169, 'pixel'), sent(2)] },
    ],
    [
      'result_mismatch',
      'Page 1 is undefined × 11 inch',
      change(['pages', 0, 'width'], undefined),
      { modelId: model, pages: [sent(1), sent(2)] },
    ],
    ['result_mismatch', 'These pages were not sent: 2.', makeResult(), { modelId: model, pages: [sent(1)] }],
    [
      'result_incomplete',
      'Of 4 pages these are missing: 3, 4.',
      makeResult(),
      { modelId: model, pages: [1, 2, 3, 4].map((page) => sent(page)) },
    ],
    [
      'result_incomplete',
      'Of 3 pages these are missing: 2.',
      change(['pages', 1, 'pageNumber'], 3),
      { modelId: model, pages: null },
    ],
    [
      'result_incomplete',
      'Of 1 pages these are missing: 1.',
      { ...makeResult(), pages: [] },
      { modelId: model, pages: null },
    ],
  ])('%s: %s', async (code, detail, result, expected) => {
    expect(await refusalOf(readAll(toAnswer(result), expected))).toEqual([code, expect.stringContaining(detail)])
  })

  test.each<[string, SentPage]>([
    ['in units of its own, two to each of the usual', sent(1, 17, 22)],
    ['of which nothing is known', sent(1, 0, 0)],
    ['a quarter turn', sent(1, 11, 8.5)],
    ['rounding', sent(1, 8.4999, 11.04)],
    ['the same shape in another unit', sent(1, 1700, 2200, 'pixel')],
  ])('%s is allowed', async (_, first) => {
    await readAll(toAnswer(makeResult()), { modelId: model, pages: [first, sent(2)] })
  })
})
