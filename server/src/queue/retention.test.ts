import { expect, test } from 'vitest'
import { addJob, makeDocument, makePage, readAttempts } from '../../test/jobs.ts'
import { claimOne as claimNext, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import { findExpiredDocuments, pruneJobs } from './retention.ts'

const database = useQueue()
/** The clock in days. */
const day = (days: number) => new Date(Date.UTC(2030, 0, 1) + days * 86_400_000)
const claimOne = (days: number) => claimNext(database.pool, database.alice, days * 86_400)

async function complete(documentId: string, days: number, pages = 1): Promise<number> {
  const { pool } = database
  await addJob(pool, documentId, day(days))
  const job = await claimOne(days)
  await queue.recordPagesTotal(pool, job, pages, 'local', day(days))
  for (let n = 1; n <= pages; n += 1) await queue.storePage(pool, job, makePage(n), day(days))
  await queue.complete(pool, job, day(days))
  return job.id
}

async function fail(documentId: string, days: number): Promise<number> {
  await addJob(database.pool, documentId, day(days))
  const job = await claimOne(days)
  const failure = { code: 'file_corrupt' as const, log: 'x', retryable: false, delayMs: 0 }
  await queue.fail(database.pool, job, failure, day(days))
  return job.id
}

const left = async () =>
  (await database.pool.query('SELECT id FROM document_processing_jobs ORDER BY id')).rows.map((row) => row.id)
const prune = async (days: number) => (await pruneJobs(database.pool, 0, 30, day(days))).jobs

test('superseded jobs go once they are old, with their attempts and pages; newest and shown ones stay', async () => {
  const { pool } = database
  const [ana, rui] = [await makeDocument(pool), await makeDocument(pool)]
  const old = [await complete(ana, 0), await fail(ana, 1)]
  const shown = await complete(ana, 2, 2)
  const between = await fail(ana, 3)
  const newest = await fail(ana, 4)
  const only = await complete(rui, 0)
  expect(await readAttempts(pool, old[0] ?? 0)).toHaveLength(1)

  expect(await prune(30), 'finished 30 days ago is not yet older than that').toBe(0)
  expect(await prune(30.5)).toBe(1)
  expect(await left()).toEqual([old[1], shown, between, newest, only])
  expect(await prune(33.5)).toBe(2)
  expect(await prune(1_000)).toBe(0)
  expect(await left()).toEqual([shown, newest, only])
  expect(await queue.storedPages(pool, shown)).toHaveLength(2)
  for (const id of [...old, between]) {
    expect(await readAttempts(pool, id)).toEqual([])
    expect(await queue.storedPages(pool, id)).toEqual([])
  }
  expect(await readAttempts(pool, newest)).toHaveLength(1)
})

test('a result is shown, and so kept, while the document is processed again', async () => {
  const { pool } = database
  const document = await makeDocument(pool)
  const shown = await complete(document, 0)
  const waiting = await addJob(pool, document, day(50))
  expect(await prune(100)).toBe(0)
  const running = await claimOne(100)
  expect(await prune(200)).toBe(0)
  await queue.release(pool, running, day(200))
  expect(await prune(300)).toBe(0)
  expect(await left()).toEqual([shown, waiting])
})

test('a job that a deletion of its document has locked is left to that', async () => {
  const { pool } = database
  const document = await makeDocument(pool)
  const [old] = [await fail(document, 0), await fail(document, 1)]
  const other = await pool.connect()
  await other.query('BEGIN')
  await other.query('SELECT FROM document_processing_jobs WHERE id = $1 FOR UPDATE', [old])
  expect(await prune(100)).toBe(0)
  await other.query('ROLLBACK')
  other.release()
  expect(await prune(100)).toBe(1)
})

test('no statement deletes more than a thousand rows, pages counted', async () => {
  const { pool } = database
  const documents = await Promise.all(Array.from({ length: 4 }, () => makeDocument(pool)))
  const pages = [400, 500, 300, 1_200]
  for (const [n, document] of documents.entries()) {
    const id = await complete(document, 0, 0)
    await pool.query(`INSERT INTO document_pages SELECT $1, n, 'x', '{}' FROM generate_series(1, $2::int) AS n`, [
      id,
      pages[n],
    ])
    await pool.query('UPDATE document_processing_jobs SET pages_done = $2, pages_total = $2 WHERE id = $1', [
      id,
      pages[n],
    ])
    await complete(document, 1, 0)
  }
  const deleted: number[] = []
  const counting = Object.create(pool, {
    query: {
      value: async (...args: [never]) => {
        const before = await countRows()
        const result = await pool.query(...args)
        deleted.push(before - (await countRows()))
        return result
      },
    },
  })
  expect(await pruneJobs(counting, 0, 30, day(100))).toMatchObject({ jobs: 4 })
  // Two of the first with their pages, the third, and the one that alone has more.
  expect(deleted.filter((rows) => rows > 0)).toEqual([902, 301, 1_201])
})

const countRows = async () =>
  (
    await database.pool.query(
      'SELECT (SELECT count(*) FROM document_processing_jobs) + (SELECT count(*) FROM document_pages) AS n',
    )
  ).rows[0].n

test('the walk takes piece after piece and then begins anew', async () => {
  const { pool } = database
  await pool.query(
    `INSERT INTO document_processing_jobs (document_id, max_attempts, priority, status, error_code, error_log, finished_at)
     SELECT md5((n % 100)::text)::uuid, 3, n, 'FAILED', 'file_corrupt', 'x', $1 FROM generate_series(1, 12345) AS n`,
    [day(0)],
  )
  const ids = await left()
  const first = await pruneJobs(pool, 0, 30, day(100))
  expect(first).toEqual({ jobs: 10_000, next: ids[9_999] })
  expect(await pruneJobs(pool, first.next, 30, day(100))).toEqual({ jobs: 2_245, next: 0 })
  expect(await left()).toEqual(ids.slice(-100))
})

test('a document expires when its newest job finished long ago, whatever that came to', async () => {
  const { pool } = database
  const [done, failed, again, recent] = await Promise.all([1, 2, 3, 4].map(() => makeDocument(pool)))
  await complete(done as string, 0)
  await fail(failed as string, 0)
  await complete(again as string, 0)
  await complete(recent as string, 0)
  await fail(recent as string, 10)
  await addJob(pool, again as string, day(1))
  const find = async (days: number) => (await findExpiredDocuments(pool, 0, 30, day(days))).documentIds
  expect(await find(30)).toEqual([])
  expect(await find(30.5)).toEqual([done, failed])
  expect(await find(1_000)).toEqual([done, failed, recent])
})

test('of expired documents a thousand are found at a time, and the walk goes on behind them', async () => {
  const { pool } = database
  await pool.query(
    `INSERT INTO document_processing_jobs (document_id, max_attempts, priority, status, error_code, error_log, finished_at)
     SELECT gen_random_uuid(), 3, n, 'FAILED', 'file_corrupt', 'x', $1 FROM generate_series(1, 1500) AS n`,
    [day(0)],
  )
  const ids = await left()
  const first = await findExpiredDocuments(pool, 0, 30, day(100))
  expect([first.documentIds.length, first.next]).toEqual([1_000, ids[999]])
  const second = await findExpiredDocuments(pool, first.next, 30, day(100))
  expect([second.documentIds.length, second.next]).toEqual([500, 0])
  expect(new Set([...first.documentIds, ...second.documentIds]).size).toBe(1_500)
})
