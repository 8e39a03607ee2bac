import { describe, expect, test } from 'vitest'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import { listen } from '../../test/locks.ts'
import { at, claimOne as claimNext, type TestWorker, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import * as liveness from './liveness.ts'
import * as provider from './provider.ts'
import { JOBS_CHANNEL } from './sql.ts'

const database = useQueue()
const claimOne = (worker: TestWorker, seconds: number) => claimNext(database.pool, worker, seconds)

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
    await pool.query('UPDATE document_processing_jobs SET priority = CASE id WHEN $1 THEN 1 ELSE 2 END', [urgent])
    const order: number[] = []
    for (let n = 0; n < 4; n += 1) order.push((await claimOne(database.alice, 3)).id)
    expect(order).toEqual([urgent, first, second, late])
    expect(await queue.claim(pool, database.alice, 10, at(3))).toEqual([])
    expect((await queue.claim(pool, database.alice, 10, at(9))).map((job) => job.id)).toEqual([future])
  })

  test('never gives one job to two of many claimers at once', async () => {
    const { pool } = database
    const made = await Promise.all(Array.from({ length: 60 }, () => makeJob(pool, at(0))))
    const taken = await Promise.all(
      Array.from({ length: 24 }, (_, n) => queue.claim(pool, n % 2 ? database.alice : database.bob, 4, at(1))),
    )
    let ids = taken.flat().map((job) => job.id)
    ids = ids.concat((await queue.claim(pool, database.alice, 100, at(1))).map((job) => job.id))
    expect(ids.sort((a, b) => a - b)).toEqual(made.sort((a, b) => a - b))
  })

  test('begins an attempt that says who and since when', async () => {
    const id = await makeJob(database.pool, at(0))
    const job = await claimOne(database.alice, 5)
    expect(job).toMatchObject({
      id,
      claim: 1,
      worker_id: database.alice.id,
      attempts: 1,
      max_attempts: 3,
      operation: null,
    })
    expect(await readJob(database.pool, id)).toMatchObject({
      status: 'PROCESSING',
      locked_by: database.alice.id,
      started_at: at(5),
      attempt_started_at: at(5),
      ready: false,
    })
  })

  test('gives nothing to a worker that was swept', async () => {
    await makeJob(database.pool, at(0))
    await liveness.unregisterWorker(database.pool, database.alice.id)
    expect(await queue.claim(database.pool, database.alice, 1, at(1))).toEqual([])
  })

  test('asked for less than nothing is a mistake, said so', async () => {
    await expect(queue.claim(database.pool, database.alice, -1)).rejects.toThrow('limit must be a whole number')
  })
})

test('a turn that only claims does not wait for the disk; one that completes does, and so does what comes after either', async () => {
  const { pool, alice } = database
  const id = await makeJob(pool, at(0))
  const client = await pool.connect()
  const durable = async () => (await client.query('SHOW synchronous_commit')).rows[0].synchronous_commit
  const turn = async (completed: queue.ClaimedJob[]) => {
    await client.query('BEGIN')
    const { claimed } = await queue.finishAndClaim(client, { id: alice.id, epoch: 0 }, completed, 1, 0, at(1))
    const during = await durable()
    await client.query('COMMIT')
    return { claimed, during }
  }
  try {
    const first = await turn([])
    expect(first.claimed.map((job) => job.id)).toEqual([id])
    expect(first.during).toBe('off')
    expect(await durable()).toBe('on')
    await queue.recordPagesTotal(pool, first.claimed[0] as queue.ClaimedJob, 0, 'local', at(1))
    expect((await turn(first.claimed)).during).toBe('on')
    expect((await readJob(pool, id)).status).toBe('COMPLETED')
  } finally {
    client.release()
  }
})

describe('a held job', () => {
  test('stores its pages, counts them, and is COMPLETED with them', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(database.alice, 1)
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

  test('several pages are stored at once, those that are there already are not counted again, and none when the claim is stale', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(database.alice, 1)
    await queue.recordPagesTotal(pool, job, 5, 'local')
    await queue.storePage(pool, job, makePage(2))
    expect(
      await queue.storePage(
        pool,
        job,
        [1, 2, 3].map((page) => makePage(page)),
      ),
    ).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({ pages_done: 3 })
    expect((await queue.storedPages(pool, id)).toSorted()).toEqual([1, 2, 3])
    expect(await queue.storePage(pool, { ...job, claim: job.claim + 1 }, [makePage(4), makePage(5)])).toBe(false)
    expect(await queue.storedPages(pool, id)).toHaveLength(3)
  })

  test('counts a page once, however often it is sent', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(database.alice, 1)
    await queue.recordPagesTotal(pool, job, 2, 'local')
    await Promise.all([1, 1, 1].map((page) => queue.storePage(pool, job, makePage(page))))
    expect(await readJob(pool, id)).toMatchObject({ pages_done: 1 })
  })

  test('cannot be COMPLETED while a page is missing', async () => {
    const { pool } = database
    await makeJob(pool, at(0))
    const job = await claimOne(database.alice, 1)
    await queue.recordPagesTotal(pool, job, 2, 'local')
    await queue.storePage(pool, job, makePage(1))
    await expect(queue.complete(pool, job)).rejects.toThrow('completed_has_all_pages')
  })

  test('is due again when its backoff ends, with its pages and its error', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(database.alice, 1)
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
    expect(await queue.claim(pool, database.bob, 1, at(8.999))).toEqual([])
    expect(await claimOne(database.bob, 9)).toMatchObject({ id, claim: 2, attempts: 2 })
    expect(await queue.storedPages(pool, id)).toEqual([1])
  })

  test('is FAILED, without pages, at a permanent error or the last attempt', async () => {
    const { pool } = database
    const permanent = await makeJob(pool, at(0), 5)
    const first = await claimOne(database.alice, 1)
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
    await queue.fail(pool, await claimOne(database.alice, 3), failure, at(4))
    expect((await readJob(pool, unlucky)).status).toBe('PENDING')
    await queue.fail(pool, await claimOne(database.alice, 20), failure, at(21))
    expect(await readJob(pool, unlucky)).toMatchObject({ status: 'FAILED', attempts: 2, error_code: 'parser_crashed' })
    expect((await readAttempts(pool, unlucky)).map((row) => [row.attempt, row.outcome, row.error_code])).toEqual([
      [1, 'FAILED', 'parser_crashed'],
      [2, 'FAILED', 'parser_crashed'],
    ])
  })

  test('given back at a stop is due at once and has used up no attempt', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0), 1)
    expect(await queue.release(pool, await claimOne(database.alice, 1), at(2))).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({ status: 'PENDING', attempts: 0, due_at: at(2) })
    const again = await claimOne(database.bob, 2)
    expect(again).toMatchObject({ id, attempts: 1, claim: 2 })
    await queue.fail(pool, again, failure, at(3))
    expect((await readAttempts(pool, id)).map((row) => [row.attempt, row.worker, row.outcome])).toEqual([
      [1, 'alice', 'RELEASED'],
      [1, 'bob', 'FAILED'],
    ])
  })

  test('waiting for its provider is held by nobody, due at the poll, and goes on with the same attempt', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0), 1)
    expect(
      await provider.waitForProvider(pool, await claimOne(database.alice, 1), 'https://operation/1', at(5), at(2)),
    ).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({
      status: 'PROCESSING',
      locked_by: null,
      ready: true,
      operation: 'https://operation/1',
    })
    expect(await queue.claim(pool, database.bob, 1, at(4))).toEqual([])
    const polled = await claimOne(database.bob, 5)
    expect(polled).toMatchObject({ id, attempts: 1, claim: 2, operation: 'https://operation/1' })
    await queue.recordPagesTotal(pool, polled, 1, 'azure')
    await queue.storePage(pool, polled, makePage(1))
    await queue.complete(pool, polled, at(6))
    expect(await readAttempts(pool, id)).toMatchObject([
      { attempt: 1, worker: 'bob', started_at: at(1), ended_at: at(6), outcome: 'COMPLETED' },
    ])
  })
})

describe('a stale claim', () => {
  const writes: Record<string, (job: queue.ClaimedJob) => Promise<boolean>> = {
    recordPagesTotal: (job) => queue.recordPagesTotal(database.pool, job, 9, 'local'),
    storePage: (job) => queue.storePage(database.pool, job, makePage(1)),
    complete: (job) => queue.complete(database.pool, job),
    fail: (job) => queue.fail(database.pool, job, failure),
    release: (job) => queue.release(database.pool, job),
    waitForProvider: (job) => provider.waitForProvider(database.pool, job, 'https://operation/1', at(5)),
  }

  test.each(Object.keys(writes))(
    '%s changes nothing, whether another worker, the same one or nobody has the job',
    async (name) => {
      const { pool } = database
      const write = writes[name] as (typeof writes)[string]
      const id = await makeJob(pool, at(0), 9)
      const stale = await claimOne(database.alice, 1)
      await queue.release(pool, stale, at(2))

      for (const holder of [null, database.bob, database.alice]) {
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

test('a give-back wakes the workers, at commit, and says that it may stand before what was claimed', async () => {
  const { pool } = database
  await using listener = await listen(database.url, JOBS_CHANNEL)
  await makeJob(pool, at(0))
  await queue.release(pool, await claimOne(database.alice, 1))
  expect(await listener.heard()).toEqual(['anywhere'])
})
