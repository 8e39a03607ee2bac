import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { finish, useAzureDocuments } from '../../test/azure-documents.ts'
import { type DrawnTable, drawnPdf, drawTable } from '../../test/drawn-pdf.ts'
import { joinedPdf, multiPageTiff, scannedPdf, textImage, textPdf } from '../../test/fixtures.ts'
import { readAttempts, readJob } from '../../test/jobs.ts'
import { createLocalExtractor, type LocalExtractor } from '../extraction/local/local-extractor.ts'
import { storedPages } from '../queue/job-queue.ts'
import { readDocument } from './read-documents.ts'
import { readPage, requireResult, streamResult } from './read-result.ts'

/** Documents of which some pages are read here, for nothing, and others by Azure; and documents that are read in part. */
const azure = useAzureDocuments()
let local: LocalExtractor
/** Pages 1 and 4 have text, 2, 3 and 5 are pictures. */
let mixed: Buffer

const TEXT = 'This page carries its own text'
const pageWithText = () => textPdf([TEXT])

beforeAll(async () => {
  local = createLocalExtractor({
    maxChildren: 1,
    memoryBytes: 2 ** 30,
    pageTimeoutMs: 60_000,
    totalTimeoutMs: 600_000,
    maxPages: 100,
    languages: ['eng'],
    log: pino({ level: 'silent' }),
  })
  const scan = await scannedPdf('A picture of text')
  mixed = await joinedPdf([await pageWithText(), scan, scan, await pageWithText(), scan])
})
afterAll(() => local.close())

async function wholeResult(id: string): Promise<AnalyzeResult> {
  let json = ''
  for await (const piece of streamResult(azure.pool, await requireResult(azure.pool, id))) json += piece
  return JSON.parse(json)
}

const numbersOf = ({ pages }: AnalyzeResult) => pages.map(({ pageNumber }) => pageNumber)
const expectWordsInPlace = ({ content, pages }: AnalyzeResult) => {
  for (const { words = [] } of pages)
    for (const word of words)
      expect(content.slice(word.span.offset, word.span.offset + word.span.length)).toBe(word.content)
}

const grid: DrawnTable = {
  columns: [100, 80],
  rows: [
    ['Item', 'Sum'],
    ['Paper', '4.50'],
    ['Ink', '19.90'],
  ],
}

test('a document that is read here with prebuilt-layout has its tables, and says with what it was read', async () => {
  await azure.start()
  const pdf = await drawnPdf((drawing) => drawTable(drawing, grid, 'grid'))
  const read = async (model?: string) => {
    const id = await azure.upload(pdf, { provider: 'local', ...(model ? { model } : {}) })
    expect(await azure.work(await azure.claim(), { local })).toMatchObject({ kind: 'completed' })
    return wholeResult(id)
  }
  const [plain, layout] = [await read(), await read('prebuilt-layout')]
  expect([plain.modelId, plain.tables]).toEqual(['prebuilt-read', undefined])
  expect(layout.modelId).toBe('prebuilt-layout')
  expect(layout.tables?.map(({ rowCount, columnCount }) => [rowCount, columnCount])).toEqual([[3, 2]])
})

describe('provider auto', () => {
  test.each([{ provider: 'auto' } as const, null])(
    '(%j) reads here what Azure does not read, and sends nothing',
    async (options) => {
      await azure.start()
      const id = await azure.upload(await textImage('Hello', 'webp'), options)
      expect(await azure.work(await azure.claim(), { local })).toMatchObject({ kind: 'completed' })
      expect((await readPage(azure.pool, await requireResult(azure.pool, id), 1)).content).toContain('Hello')
      expect(azure.asked()).toBe(0)
    },
  )

  test('reads pages that have text here and sends the others, as a page range; what that saved is told', async () => {
    await azure.start()
    const id = await azure.upload(mixed, { provider: 'auto', model: 'prebuilt-layout' })
    const job = await azure.claim()
    expect((await azure.work(job, { local })).kind).toBe('wait')
    expect(await storedPages(azure.pool, job.id)).toEqual([1, 4])
    expect(azure.billed().map(({ pages }) => pages)).toEqual([3])
    expect(await finish(azure, { local })).toEqual(['completed'])

    const { job: shown } = await readDocument(azure.pool, id)
    expect(shown).toMatchObject({
      status: 'COMPLETED',
      provider: 'auto',
      pages_total: 5,
      pages_done: 5,
      pages_billed: 3,
    })
    const result = await wholeResult(id)
    expect(numbersOf(result)).toEqual([1, 2, 3, 4, 5])
    expectWordsInPlace(result)
    const found = await requireResult(azure.pool, id)
    expect((await readPage(azure.pool, found, 4)).content).toBe(TEXT)
    expect((await readPage(azure.pool, found, 5)).content).toContain('page 5')
    expect(result.tables?.[0]?.boundingRegions?.[0]?.pageNumber).toBe(2)
    // The provider's own result is not the document's.
    expect(found).toMatchObject({ result_blob_key: null, result_header: { modelId: 'prebuilt-layout' } })
  })

  test('sends nothing when every page has text', async () => {
    await azure.start()
    const id = await azure.upload(await textPdf([TEXT, TEXT]), { provider: 'auto' })
    expect(await finish(azure, { local })).toEqual(['completed'])
    expect(azure.asked()).toBe(0)
    expect((await readDocument(azure.pool, id)).job).toMatchObject({
      provider: 'auto',
      pages_total: 2,
      pages_billed: 0,
    })
  })

  test('sends the whole document when no page has text, and keeps what comes as it came', async () => {
    await azure.start()
    const id = await azure.upload(await scannedPdf('A picture of text'), { provider: 'auto' })
    await finish(azure, { local })
    expect(await finishedPages(id)).toMatchObject({ pages_billed: 1 })
    expect((await requireResult(azure.pool, id)).result_blob_key).not.toBeNull()
  })

  test('that finds no token left sends nothing, and no mark of it stays', async () => {
    await azure.start()
    for (const words of ['one', 'two']) await azure.upload(await scannedPdf(words), { provider: 'auto' })
    const [first, second] = [await azure.claim(), await azure.claim()]
    expect((await azure.work(first, { local, posts: 0.1 })).kind).toBe('wait')
    expect((await azure.work(second, { local, posts: 0.1 })).kind).toBe('postponed')
    const { rows } = await azure.pool.query('SELECT job_id FROM provider_submissions')
    expect(rows).toEqual([{ job_id: first.id }])
  })

  test('reads no page twice when the provider makes it wait', async () => {
    await azure.start({ faults: ({ kind, n }) => (kind === 'post' && n === 1 ? { kind: '429', retryAfter: 1 } : null) })
    const id = await azure.upload(mixed, { provider: 'auto' })
    const job = await azure.claim()
    expect((await azure.work(job, { local })).kind).toBe('postponed')
    expect(await readJob(azure.pool, job.id)).toMatchObject({ attempts: 0, pages_done: 2 })
    await azure.pool.query(`UPDATE provider_budgets SET held_until = '-infinity'`)
    const begin: LocalExtractor['begin'] = () => Promise.reject(new Error('read again'))
    expect(await finish(azure, { local: { ...local, begin } })).toEqual(['wait', 'completed'])
    expect(await finishedPages(id)).toMatchObject({ pages_done: 5, pages_billed: 3 })
    expect(await readAttempts(azure.pool, job.id)).toHaveLength(1)
  })
})

const finishedPages = async (id: string) => (await readDocument(azure.pool, id)).job

describe('a document that is read in part', () => {
  test.each(['azure', 'auto', 'local'] as const)(
    'by %s has these pages alone, under their own numbers',
    async (provider) => {
      await azure.start()
      const id = await azure.upload(mixed, { provider, pages: '4-5,2' })
      await finish(azure, { local })
      const billed = { azure: 3, auto: 2, local: 0 }[provider]
      expect(await finishedPages(id)).toMatchObject({
        status: 'COMPLETED',
        pages_total: 3,
        pages_done: 3,
        pages_billed: billed,
      })
      expect(azure.billed().reduce((sum, { pages }) => sum + pages, 0)).toBe(billed)
      const result = await wholeResult(id)
      expect(numbersOf(result)).toEqual([2, 4, 5])
      expectWordsInPlace(result)
      const second = await readPage(azure.pool, await requireResult(azure.pool, id), 2)
      expect(numbersOf(second)).toEqual([4])
      if (provider === 'azure') expect((await requireResult(azure.pool, id)).result_blob_key).not.toBeNull()
    },
  )

  test('of a TIFF too', async () => {
    await azure.start()
    const id = await azure.upload(await multiPageTiff(['one', 'two', 'three']), { provider: 'local', pages: '3' })
    await finish(azure, { local })
    const result = await wholeResult(id)
    expect([numbersOf(result), result.content]).toEqual([[3], 'three'])
  })

  test('goes on after the pages it has', async () => {
    await azure.start()
    await azure.upload(mixed, { provider: 'local', pages: '2-4' })
    const job = await azure.claim()
    const broken: LocalExtractor['begin'] = async (input, events, signal) => {
      const stopping = {
        ...events,
        onPage: async (page: Parameters<typeof events.onPage>[0]) => {
          await events.onPage(page)
          throw new Error('after one page')
        },
      }
      return local.begin(input, stopping, signal)
    }
    expect((await azure.work(job, { local: { ...local, begin: broken } })).kind).toBe('failed')
    const [stored = 0, ...others] = await storedPages(azure.pool, job.id)
    expect(others).toEqual([])
    const read: number[] = []
    const watched: LocalExtractor['begin'] = (input, events, signal) =>
      local.begin(
        input,
        {
          ...events,
          onPage: (page) => {
            read.push(page.page.pageNumber)
            return events.onPage(page)
          },
        },
        signal,
      )
    await azure.pool.query(`UPDATE document_processing_jobs SET due_at = now()`)
    expect(await finish(azure, { local: { ...local, begin: watched } })).toEqual(['completed'])
    expect([stored + 1, ...read].sort()).toEqual([2, 3, 4])
  })

  test.each(['azure', 'auto', 'local'] as const)(
    'by %s is refused when it has none of them, and nothing is sent',
    async (provider) => {
      await azure.start()
      await azure.upload(mixed, { provider, pages: '6-9' })
      const job = await azure.claim()
      expect((await azure.work(job, { local })).kind).toBe('failed')
      expect(await readJob(azure.pool, job.id)).toMatchObject({ status: 'FAILED', error_code: 'pages_out_of_range' })
      expect((await readJob(azure.pool, job.id)).error_log).toBe('The document ends with page 5; asked for: 6-9.')
      expect(azure.asked()).toBe(0)
    },
  )
})
