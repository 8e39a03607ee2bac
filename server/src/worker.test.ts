import type { Document } from '@adp/contract/document.ts'
import type { Job } from '@adp/contract/job.ts'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { manyScannedPages, textPdf } from '../test/fixtures.ts'
import { childOf } from '../test/processes.ts'
import { type Product, startProduct } from '../test/product.ts'
import { upload, waitForJob } from '../test/run-start.ts'

/** Real processes: start, API and worker, on a database of their own. */
let product: Product
let database: pg.Client
let slowPdf: Buffer

beforeAll(async () => {
  slowPdf = await manyScannedPages(8)
  // So long that only a free lock can tell in time that a worker was killed.
  product = await startProduct({ WORKER_CONCURRENCY: '1', WORKER_TIMEOUT_SECONDS: '60' })
  database = new pg.Client({ connectionString: product.databaseUrl })
  await database.connect()
})
afterAll(async () => {
  await database?.end()
  await product?.stop()
})

const uploadSlow = async () => (await upload(product.url, { 'slow.pdf': slowPdf }))[0] as Document
const inTheMiddle = (job: Job) => job.status === 'PROCESSING' && job.pages_done >= 1
const workerPid = () => childOf(product.process.pid as number, 'worker.ts')

async function outcomes(jobId: number) {
  const { rows } = await database.query(
    'SELECT attempt, outcome FROM document_processing_attempts WHERE job_id = $1 ORDER BY claim',
    [jobId],
  )
  return rows.map((row) => [row.attempt, row.outcome])
}

/** COMPLETED, with every page there exactly once. */
async function expectWhole(job: Job, attempts: number) {
  expect(job).toMatchObject({ status: 'COMPLETED', attempts, pages_done: 8, pages_total: 8, error: null })
  const { rows } = await database.query(
    'SELECT page_number FROM document_pages WHERE job_id = $1 ORDER BY page_number',
    [job.id],
  )
  expect(rows.map((row) => row.page_number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
}

test('kill -9 of the worker: the next one goes on within 5 s, attempts says 2, the result is there once', async () => {
  const { id, job } = await uploadSlow()
  const before = await waitForJob(product.url, id, inTheMiddle)
  process.kill(workerPid(), 'SIGKILL')
  const killed = performance.now()
  await waitForJob(product.url, id, (now) => now.attempts === 2)
  expect(performance.now() - killed).toBeLessThan(5_000)
  const after = await waitForJob(product.url, id)
  await expectWhole(after, 2)
  expect(before.pages_done).toBeGreaterThanOrEqual(1)
  expect(await outcomes(job.id)).toEqual([
    [1, 'WORKER_LOST'],
    [2, 'COMPLETED'],
  ])
})

test('a worker that is told to stop gives its job back within 25 s, and no attempt is used up', async () => {
  // Long enough that 20 s of grace are not enough to finish it.
  const long = (await upload(product.url, { 'long.pdf': await manyScannedPages(600) }))[0] as Document
  await waitForJob(product.url, long.id, inTheMiddle)
  const stopped = performance.now()
  const pid = workerPid()
  process.kill(pid, 'SIGTERM')
  await vi.waitFor(() => expect(workerPidOr(0)).not.toBe(pid), { timeout: 60_000, interval: 100 })
  expect(performance.now() - stopped).toBeLessThan(26_000)
  expect((await outcomes(long.job.id))[0]).toEqual([1, 'RELEASED'])
  const again = await waitForJob(product.url, long.id, (now) => now.status === 'PROCESSING')
  expect(again.attempts).toBe(1)
  await fetch(`${product.url}/documents/${long.id}`, { method: 'DELETE' })
})

function workerPidOr(fallback: number): number {
  try {
    return workerPid()
  } catch {
    return fallback
  }
}

test('a document deleted while it is worked on frees the worker, which goes on with the next', async () => {
  const { id } = await uploadSlow()
  await waitForJob(product.url, id, inTheMiddle)
  expect((await fetch(`${product.url}/documents/${id}`, { method: 'DELETE' })).status).toBe(204)
  const [next] = await upload(product.url, { 'next.pdf': await textPdf(['next please']) })
  expect(await waitForJob(product.url, next?.id as string)).toMatchObject({ status: 'COMPLETED', attempts: 1 })
})

test('the connections of everybody cut: work goes on, and no attempt is used up', async () => {
  const { id, job } = await uploadSlow()
  await waitForJob(product.url, id, inTheMiddle)
  await database.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  const end = await waitForJob(product.url, id)
  expect(end).toMatchObject({ status: 'COMPLETED', pages_done: 8 })
  expect(await outcomes(job.id)).toEqual([[1, 'COMPLETED']])
})
