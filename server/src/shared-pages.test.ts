import type { ChildProcess } from 'node:child_process'
import type { Document } from '@adp/contract/document.ts'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { multiPageTiff, scannedPages, scannedPdf, textPdf } from '../test/fixtures.ts'
import { childOf, descendants, killTree } from '../test/processes.ts'
import { type Product, runWorker, startProduct } from '../test/product.ts'
import { upload, waitForJob } from '../test/run-start.ts'

/** One document, read by the real processes of two workers of one slot each. */
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const textOf = (page: number) =>
  `This page has the number ${WORDS[Math.floor(page / 10)]} ${WORDS[page % 10]} and nothing else`
const PAGES = 12
const numbers = Array.from({ length: PAGES }, (_, n) => n + 1)

/** On a machine that is busy with other tests a beat may come some seconds late. */
const WORKER_TIMEOUT_SECONDS = '15'

let product: Product
let database: pg.Client
let second: Awaited<ReturnType<typeof runWorker>> | undefined
let scan: Buffer

beforeAll(async () => {
  scan = await scannedPages(numbers.map(textOf))
  product = await startProduct({ WORKER_CONCURRENCY: '1', WORKER_TIMEOUT_SECONDS })
  database = new pg.Client({ connectionString: product.databaseUrl })
  await database.connect()
})
afterEach(async () => {
  await second?.stop()
  second = undefined
})
afterAll(async () => {
  await database?.end()
  await product?.stop()
})

const uploadScan = async () => (await upload(product.url, { 'scan.pdf': scan }))[0] as Document
const firstWorker = () => childOf(product.process.pid as number, 'worker.ts')
const startSecond = async () => {
  second = await runWorker(product, { WORKER_CONCURRENCY: '1', WORKER_TIMEOUT_SECONDS })
  return second.process as ChildProcess & { pid: number }
}

/** Resolves once two workers have a page of the job, one of them its holder; says which ids they have. */
const whenShared = (jobId: number) =>
  vi.waitFor(
    async () => {
      const { rows } = await database.query(
        `SELECT DISTINCT locked_by AS holder, taken_by AS helper FROM document_processing_jobs AS job
         JOIN shared_pages ON job_id = job.id WHERE job.id = $1 AND taken_by <> locked_by`,
        [jobId],
      )
      expect(rows).toHaveLength(1)
      return rows[0] as { holder: number; helper: number }
    },
    { timeout: 60_000, interval: 20 },
  )

const pidOf = async (workerId: number) => {
  const { rows } = await database.query('SELECT name FROM workers WHERE id = $1', [workerId])
  return Number(rows[0].name.split('/').at(-1))
}

async function attemptsOf(jobId: number) {
  const { rows } = await database.query(
    'SELECT attempt, outcome FROM document_processing_attempts WHERE job_id = $1 ORDER BY claim',
    [jobId],
  )
  return rows.map((row) => [row.attempt, row.outcome])
}

/** Every page is there once, with its own text, and nothing is shared any more. */
async function expectWhole({ id, job }: Document) {
  expect(await waitForJob(product.url, id)).toMatchObject({
    status: 'COMPLETED',
    pages_done: PAGES,
    pages_total: PAGES,
    error: null,
  })
  const { rows } = await database.query(
    'SELECT page_number, content FROM document_pages WHERE job_id = $1 ORDER BY 1',
    [job.id],
  )
  expect(rows).toEqual(numbers.map((page) => ({ page_number: page, content: textOf(page) })))
  expect((await database.query('SELECT FROM shared_pages')).rowCount).toBe(0)
}

test('two workers read one document, each page once', async () => {
  await startSecond()
  const document = await uploadScan()
  await whenShared(document.job.id)
  await expectWhole(document)
  expect(await attemptsOf(document.job.id)).toEqual([[1, 'COMPLETED']])
})

test('kill -9 of the worker that helps: its holder reads its page, and no attempt is used up', async () => {
  const other = await startSecond()
  const document = await uploadScan()
  const { holder } = await whenShared(document.job.id)
  const helper = (await pidOf(holder)) === other.pid ? firstWorker() : other.pid
  killTree(helper)
  await expectWhole(document)
  expect(await attemptsOf(document.job.id)).toEqual([[1, 'COMPLETED']])
})

test("kill -9 of the holder: another attempt goes on with what is stored, and the helper's late page is not", async () => {
  await startSecond()
  const document = await uploadScan()
  const { holder } = await whenShared(document.job.id)
  await waitForJob(product.url, document.id, (job) => job.pages_done >= 3)
  killTree(await pidOf(holder))
  await expectWhole(document)
  expect(await attemptsOf(document.job.id)).toEqual([
    [1, 'WORKER_LOST'],
    [2, 'COMPLETED'],
  ])
})

test('a helper that is frozen: its page is read by another, and what it writes when it wakes up changes nothing', async () => {
  await startSecond()
  const document = await uploadScan()
  const { helper } = await whenShared(document.job.id)
  const pid = await pidOf(helper)
  const all = [pid, ...descendants(pid).map((one) => one.pid)]
  for (const one of all) process.kill(one, 'SIGSTOP')
  try {
    await expectWhole(document)
  } finally {
    for (const one of all) process.kill(one, 'SIGCONT')
  }
  expect(await attemptsOf(document.job.id)).toEqual([[1, 'COMPLETED']])
})

test.each([
  ['canceled', (id: string) => fetch(`${product.url}/documents/${id}/cancel`, { method: 'POST' })],
  ['deleted', (id: string) => fetch(`${product.url}/documents/${id}`, { method: 'DELETE' })],
])('a document that is %s frees all who read it', async (_, end) => {
  await startSecond()
  const document = await uploadScan()
  await whenShared(document.job.id)
  expect((await end(document.id)).ok).toBe(true)
  expect((await database.query('SELECT FROM shared_pages')).rowCount).toBe(0)
  const next = await upload(product.url, { 'a.pdf': await scannedPdf('first'), 'b.pdf': await scannedPdf('second') })
  for (const { id } of next) expect(await waitForJob(product.url, id)).toMatchObject({ attempts: 1, error: null })
})

test('a helper that is told to stop gives its page back at once, and the holder goes on', async () => {
  const other = await startSecond()
  const document = await uploadScan()
  const { helper } = await whenShared(document.job.id)
  if ((await pidOf(helper)) === other.pid) await second?.stop()
  else process.kill(firstWorker(), 'SIGTERM')
  await expectWhole(document)
  expect(await attemptsOf(document.job.id)).toEqual([[1, 'COMPLETED']])
})

test('a job that is due goes before the pages of others', async () => {
  await startSecond()
  const document = await uploadScan()
  await whenShared(document.job.id)
  const [small] = await upload(product.url, { 'small.pdf': await textPdf(['quick']) })
  await waitForJob(product.url, small?.id as string)
  expect((await waitForJob(product.url, document.id, () => true)).status).toBe('PROCESSING')
  await expectWhole(document)
})

test('the pages of a TIFF are shared as well', async () => {
  await startSecond()
  const [document] = await upload(product.url, { 'scan.tiff': await multiPageTiff(numbers.map(textOf)) })
  await whenShared(document?.job.id as number)
  await expectWhole(document as Document)
})

test('of a document that is read in part, the pages that are asked for', async () => {
  await startSecond()
  const [document] = await upload(product.url, { 'scan.pdf': scan }, { pages: '2-5,9' })
  await whenShared(document?.job.id as number)
  expect(await waitForJob(product.url, document?.id as string)).toMatchObject({ status: 'COMPLETED', pages_done: 5 })
  const { rows } = await database.query('SELECT content FROM document_pages WHERE job_id = $1 ORDER BY page_number', [
    document?.job.id,
  ])
  expect(rows.map((row) => row.content)).toEqual([2, 3, 4, 5, 9].map(textOf))
})
