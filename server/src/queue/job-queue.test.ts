import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import * as queue from './job-queue.ts'
import * as liveness from './liveness.ts'

const database = useDatabase()

/** The test's clock: seconds after an instant of its own. */
const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1) + seconds * 1000)
const TIMEOUT_MS = 15_000
const NOBODY: ReadonlySet<number> = new Set()

let alice: { id: number; name: string }
let bob: { id: number; name: string }

beforeEach(async () => {
  await database.pool.query('TRUNCATE documents, workers CASCADE')
  alice = await register('alice')
  bob = await register('bob')
})

/** Holds the workers' locks, as their sessions would, so that only the beat decides in these tests. */
let sessions: pg.Client
beforeAll(async () => {
  sessions = new pg.Client({ connectionString: database.url })
  await sessions.connect()
})
afterAll(() => sessions.end())

async function register(name: string) {
  return { id: await liveness.registerWorker(sessions, { name, version: '1', slots: 4 }, at(0)), name }
}

async function claimOne(worker: { id: number; name: string }, seconds: number) {
  const [job] = await queue.claim(database.pool, worker, 1, at(seconds))
  if (!job) throw new Error('nothing to claim')
  return job
}

const failure = { code: 'parser_crashed', log: 'it died', retryable: true, delayMs: 7_000 } as const

describe('claim', () => {
  test('takes due jobs in the order of priority, due time and id, and no others', async () => {
    const { pool } = database
    const [late, first, second, urgent, future] = [
      await makeJob(pool, at(2)),
      await makeJob(pool, at(1)),
      await makeJob(pool, at(1)),
      await makeJob(pool, at(2)),
      await makeJob(pool, at(9)),
    ]
    await pool.query('UPDATE document_processing_jobs SET priority = -1 WHERE id = $1', [urgent])
    const order: number[] = []
    for (let n = 0; n < 4; n += 1) order.push((await claimOne(alice, 3)).id)
    expect(order).toEqual([urgent, first, second, late])
    expect(await queue.claim(pool, alice, 10, at(3))).toEqual([])
    expect((await queue.claim(pool, alice, 10, at(9))).map((job) => job.id)).toEqual([future])
  })

  test('never gives one job to two of many claimers at once', async () => {
    const { pool } = database
    const made = await Promise.all(Array.from({ length: 60 }, () => makeJob(pool, at(0))))
    const taken = await Promise.all(
      Array.from({ length: 24 }, (_, n) => queue.claim(pool, n % 2 ? alice : bob, 4, at(1))),
    )
    let ids = taken.flat().map((job) => job.id)
    ids = ids.concat((await queue.claim(pool, alice, 100, at(1))).map((job) => job.id))
    expect(ids.sort((a, b) => a - b)).toEqual(made.sort((a, b) => a - b))
  })

  test('opens an attempt that says who and when', async () => {
    const id = await makeJob(database.pool, at(0))
    const job = await claimOne(alice, 5)
    expect(job).toMatchObject({ id, claim: 1, worker_id: alice.id, attempts: 1, max_attempts: 3, operation: null })
    expect(await readJob(database.pool, id)).toMatchObject({
      status: 'PROCESSING',
      locked_by: alice.id,
      started_at: at(5),
      ready: false,
    })
    expect(await readAttempts(database.pool, id)).toMatchObject([
      { attempt: 1, worker: 'alice', started_at: at(5), ended_at: null },
    ])
  })

  test('gives nothing to a worker that was swept', async () => {
    await makeJob(database.pool, at(0))
    await liveness.unregisterWorker(database.pool, alice.id)
    expect(await queue.claim(database.pool, alice, 1, at(1))).toEqual([])
  })

  test('asked for no job is a mistake, said so', async () => {
    await expect(queue.claim(database.pool, alice, 0)).rejects.toThrow('limit must be a positive integer')
  })
})

describe('a held job', () => {
  test('stores its pages, counts them, and is COMPLETED with them', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(alice, 1)
    expect(await queue.recordPagesTotal(pool, job, 2, 'local', at(2))).toBe(true)
    expect(await queue.storePage(pool, job, makePage(1), at(3))).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({ pages_done: 1, pages_total: 2, provider: 'local' })
    expect(await queue.storePage(pool, job, makePage(2), at(4))).toBe(true)
    expect(await queue.complete(pool, job, at(5))).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({
      status: 'COMPLETED',
      locked_by: null,
      finished_at: at(5),
      error_code: null,
    })
    expect(await readAttempts(pool, id)).toMatchObject([{ outcome: 'COMPLETED', ended_at: at(5), error_code: null }])
    expect(await queue.storedPages(pool, id)).toEqual([1, 2])
  })

  test('counts a page once, however often it is sent', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(alice, 1)
    await queue.recordPagesTotal(pool, job, 2, 'local')
    await Promise.all([1, 1, 1].map((page) => queue.storePage(pool, job, makePage(page))))
    expect(await readJob(pool, id)).toMatchObject({ pages_done: 1 })
  })

  test('cannot be COMPLETED while a page is missing', async () => {
    const { pool } = database
    await makeJob(pool, at(0))
    const job = await claimOne(alice, 1)
    await queue.recordPagesTotal(pool, job, 2, 'local')
    await queue.storePage(pool, job, makePage(1))
    await expect(queue.complete(pool, job)).rejects.toThrow('completed_has_all_pages')
  })

  test('is due again when its backoff ends, with its pages and its error', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(alice, 1)
    await queue.recordPagesTotal(pool, job, 2, 'local')
    await queue.storePage(pool, job, makePage(1))
    expect(await queue.fail(pool, job, failure, at(2))).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({
      status: 'PENDING',
      due_at: at(9),
      error_code: 'parser_crashed',
      error_log: 'it died',
      pages_done: 1,
    })
    expect(await queue.claim(pool, bob, 1, at(8.999))).toEqual([])
    expect(await claimOne(bob, 9)).toMatchObject({ id, claim: 2, attempts: 2 })
    expect(await queue.storedPages(pool, id)).toEqual([1])
  })

  test('is FAILED, without pages, at a permanent error or the last attempt', async () => {
    const { pool } = database
    const permanent = await makeJob(pool, at(0), 5)
    const first = await claimOne(alice, 1)
    await queue.recordPagesTotal(pool, first, 2, 'local')
    await queue.storePage(pool, first, makePage(1))
    await queue.fail(pool, first, { ...failure, code: 'file_corrupt', retryable: false }, at(2))
    expect(await readJob(pool, permanent)).toMatchObject({
      status: 'FAILED',
      error_code: 'file_corrupt',
      finished_at: at(2),
      attempts: 1,
    })
    expect(await queue.storedPages(pool, permanent)).toEqual([])

    const unlucky = await makeJob(pool, at(0), 2)
    await queue.fail(pool, await claimOne(alice, 3), failure, at(4))
    expect((await readJob(pool, unlucky)).status).toBe('PENDING')
    await queue.fail(pool, await claimOne(alice, 20), failure, at(21))
    expect(await readJob(pool, unlucky)).toMatchObject({ status: 'FAILED', attempts: 2, error_code: 'parser_crashed' })
    expect((await readAttempts(pool, unlucky)).map((row) => [row.attempt, row.outcome, row.error_code])).toEqual([
      [1, 'FAILED', 'parser_crashed'],
      [2, 'FAILED', 'parser_crashed'],
    ])
  })

  test('given back at a stop is due at once and has used up no attempt', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0), 1)
    expect(await queue.release(pool, await claimOne(alice, 1), at(2))).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({ status: 'PENDING', attempts: 0, due_at: at(2) })
    expect(await claimOne(bob, 2)).toMatchObject({ id, attempts: 1, claim: 2 })
    expect((await readAttempts(pool, id)).map((row) => [row.attempt, row.worker, row.outcome])).toEqual([
      [1, 'alice', 'RELEASED'],
      [1, 'bob', null],
    ])
  })

  test('waiting for its provider is held by nobody, due at the poll, and goes on with the same attempt', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0), 1)
    expect(await queue.waitForProvider(pool, await claimOne(alice, 1), 'https://operation/1', at(5), at(2))).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({
      status: 'PROCESSING',
      locked_by: null,
      ready: true,
      operation: 'https://operation/1',
    })
    expect(await queue.claim(pool, bob, 1, at(4))).toEqual([])
    const polled = await claimOne(bob, 5)
    expect(polled).toMatchObject({ id, attempts: 1, claim: 2, operation: 'https://operation/1' })
    await queue.recordPagesTotal(pool, polled, 1, 'azure')
    await queue.storePage(pool, polled, makePage(1))
    await queue.complete(pool, polled, at(6))
    expect(await readAttempts(pool, id)).toMatchObject([{ attempt: 1, worker: 'alice', outcome: 'COMPLETED' }])
  })
})

describe('a stale claim', () => {
  const writes: Record<string, (job: queue.ClaimedJob) => Promise<boolean>> = {
    recordPagesTotal: (job) => queue.recordPagesTotal(database.pool, job, 9, 'local'),
    storePage: (job) => queue.storePage(database.pool, job, makePage(1)),
    complete: (job) => queue.complete(database.pool, job),
    fail: (job) => queue.fail(database.pool, job, failure),
    release: (job) => queue.release(database.pool, job),
    waitForProvider: (job) => queue.waitForProvider(database.pool, job, 'https://operation/1', at(5)),
  }

  test.each(Object.keys(writes))(
    '%s changes nothing, whether another worker, the same one or nobody has the job',
    async (name) => {
      const { pool } = database
      const write = writes[name] as (typeof writes)[string]
      const id = await makeJob(pool, at(0), 9)
      const stale = await claimOne(alice, 1)
      await queue.release(pool, stale, at(2))

      for (const holder of [null, bob, alice]) {
        if (holder) await claimOne(holder, 3)
        const before = [await readJob(pool, id), await readAttempts(pool, id), await queue.storedPages(pool, id)]
        expect(await write(stale)).toBe(false)
        expect([await readJob(pool, id), await readAttempts(pool, id), await queue.storedPages(pool, id)]).toEqual(
          before,
        )
        if (holder) {
          const now = await readJob(pool, id)
          await queue.release(pool, { id, claim: now.claim, worker_id: holder.id }, at(2))
        }
      }
    },
  )
})

describe('sweep', () => {
  test('gives a silent worker’s jobs back to the queue and leaves the others alone', async () => {
    const { pool } = database
    const [lost, kept] = [await makeJob(pool, at(0)), await makeJob(pool, at(0))]
    const stale = await claimOne(alice, 1)
    await claimOne(bob, 1)
    await liveness.beat(pool, bob.id, at(14))
    expect(await liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(15))).toMatchObject({ workers: [], jobs: 0 })
    expect(await liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(15.001))).toMatchObject({ workers: ['alice'], jobs: 1 })

    expect(await readJob(pool, lost)).toMatchObject({
      status: 'PENDING',
      locked_by: null,
      due_at: at(15.001),
      attempts: 1,
    })
    expect(await readAttempts(pool, lost)).toMatchObject([{ outcome: 'WORKER_LOST', error_code: 'worker_lost' }])
    expect(await readJob(pool, kept)).toMatchObject({ status: 'PROCESSING', locked_by: bob.id })
    expect(await queue.complete(pool, stale)).toBe(false)
    expect(await liveness.beat(pool, alice.id, at(16))).toBe(false)
    expect(await claimOne(bob, 16)).toMatchObject({ id: lost, attempts: 2 })
  })

  test('ends a job whose last attempt was lost as FAILED with that reason', async () => {
    const id = await makeJob(database.pool, at(0), 1)
    const job = await claimOne(alice, 1)
    await queue.recordPagesTotal(database.pool, job, 2, 'local')
    await queue.storePage(database.pool, job, makePage(1))
    await liveness.sweep(database.pool, TIMEOUT_MS, NOBODY, at(60))
    expect(await readJob(database.pool, id)).toMatchObject({ status: 'FAILED', error_code: 'worker_lost', attempts: 1 })
    expect(await queue.storedPages(database.pool, id)).toEqual([])
  })

  test('spares a worker that beats between the look and the taking', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    await claimOne(alice, 1)
    const beating = Object.create(pool, {
      query: {
        value: async (...args: [never]) => {
          const found = await pool.query(...args)
          for (const worker of [alice, bob]) await liveness.beat(pool, worker.id, at(60))
          return found
        },
      },
    })
    expect(await liveness.sweep(beating, TIMEOUT_MS, NOBODY, at(60))).toMatchObject({ workers: [], jobs: 0 })
    expect(await readJob(pool, id)).toMatchObject({ status: 'PROCESSING', locked_by: alice.id })
  })

  test('by many at once loses each job once', async () => {
    const { pool } = database
    await Promise.all(Array.from({ length: 20 }, () => makeJob(pool, at(0))))
    await queue.claim(pool, alice, 20, at(1))
    const swept = await Promise.all(Array.from({ length: 8 }, () => liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(60))))
    expect(swept.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(20)
    expect(swept.flatMap(({ workers }) => workers).sort()).toEqual(['alice', 'bob'])
  })

  test('and a claim of the same worker at once leave no job with a worker that is gone', async () => {
    const { pool } = database
    for (let round = 0; round < 20; round += 1) {
      const carol = await register(`carol ${round}`)
      await Promise.all(Array.from({ length: 5 }, () => makeJob(pool, at(0))))
      await Promise.all([
        queue.claim(pool, carol, 2, at(1)),
        liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(60)),
        queue.claim(pool, carol, 2, at(1)),
      ])
      const { rows } = await pool.query(
        `SELECT id FROM document_processing_jobs WHERE locked_by IS NOT NULL AND locked_by NOT IN (SELECT id FROM workers)`,
      )
      expect(rows).toEqual([])
    }
  })
})
