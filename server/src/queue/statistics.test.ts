import { Queue } from '@adp/contract/queue.ts'
import { expect, test } from 'vitest'
import { addJob, makeDocument, makeJob, readJob } from '../../test/jobs.ts'
import { at, claimOne as claimNext, register, type TestWorker, useQueue } from '../../test/queue.ts'
import type { Queryable } from '../db/client.ts'
import { countDeadLetters } from './dead-letters.ts'
import * as queue from './job-queue.ts'
import { beat } from './liveness.ts'
import * as provider from './provider.ts'
import { readFinishedPerMinute, readPosition, readQueue, readWorkers } from './statistics.ts'

const database = useQueue()
const TIMEOUT_MS = 15_000
const claimOne = (worker: TestWorker, seconds: number) => claimNext(database.pool, worker, seconds)

const failure = { code: 'parser_crashed' as const, log: 'x', retryable: true, delayMs: 60_000 }

/** Attempts that ended, each so many seconds after the clock's zero. */
async function makeAttempts(outcome: string, ...endedAt: number[]): Promise<void> {
  await database.pool.query(
    `INSERT INTO document_processing_attempts (job_id, claim, attempt, started_at, ended_at, outcome, error_code)
     SELECT n, $3, 1, $4, ended_at, $1, CASE WHEN $1 IN ('FAILED', 'WORKER_LOST') THEN 'internal_error' END
     FROM unnest($2::timestamptz[]) WITH ORDINALITY AS given (ended_at, n)`,
    [outcome, endedAt.map(at), Math.floor(Math.random() * 1e9), at(-10_000)],
  )
}

test('every number of the queue is that of its rows', async () => {
  const { pool, alice, bob } = database
  const [lettered, canceled, again] = [await makeDocument(pool), await makeDocument(pool), await makeDocument(pool)]
  for (const id of [lettered, again]) {
    await addJob(pool, id, at(0))
    await queue.fail(pool, await claimOne(alice, 1), { ...failure, retryable: false }, at(2))
  }
  await addJob(pool, canceled, at(0))
  await queue.cancel(pool, canceled, 'not wanted', at(2))

  for (const poll of [5, 500]) {
    await makeJob(pool, at(3))
    await provider.waitForProvider(pool, await claimOne(bob, 4), 'https://operation/1', at(poll), at(4))
  }
  await makeJob(pool, at(3))
  await queue.fail(pool, await claimOne(alice, 4), failure, at(4))
  await makeJob(pool, at(3))
  await claimOne(bob, 4)
  await addJob(pool, again, at(8))
  await makeJob(pool, at(6))
  await makeJob(pool, at(7))
  await beat(pool, alice.id, 0, at(9))
  await beat(pool, bob.id, 1, at(9))

  const found = Queue.parse(await readQueue(pool, TIMEOUT_MS, at(10)))
  expect(found).toMatchObject({
    paused: null,
    waiting: 3,
    retrying: 1,
    with_provider: 2,
    running: 1,
    dead_letters: 1,
    oldest_due_at: at(6).toISOString(),
    finished_per_minute: 3,
    workers: [
      { name: 'alice', version: '1', slots: 4, running: 0, beat_at: at(9).toISOString() },
      { name: 'bob', slots: 4, running: 1, started_at: at(0).toISOString() },
    ],
  })
})

test('a job whose next attempt is not due yet waits for no slot', async () => {
  await makeJob(database.pool, at(0))
  await queue.fail(database.pool, await claimOne(database.alice, 1), failure, at(1))
  const found = await readQueue(database.pool, TIMEOUT_MS, at(2))
  expect(found).toMatchObject({ waiting: 0, retrying: 1, oldest_due_at: null })
})

test('an empty queue has no numbers but zero', async () => {
  expect(await readQueue(database.pool, TIMEOUT_MS, at(100))).toMatchObject({
    waiting: 0,
    retrying: 0,
    with_provider: 0,
    running: 0,
    dead_letters: 0,
    oldest_due_at: null,
    finished_per_minute: 0,
    workers: [],
  })
})

test('a worker lives as long as others would leave its jobs to it', async () => {
  const { pool, sessions, alice, bob } = database
  await register(sessions, 'carol')
  await beat(pool, alice.id, 4, at(10))
  await beat(pool, bob.id, 2, at(5))
  const names = async (seconds: number) =>
    (await readWorkers(pool, TIMEOUT_MS, at(seconds))).map((worker) => worker.name)
  expect(await names(15)).toEqual(['alice', 'bob', 'carol'])
  expect(await names(20)).toEqual(['alice', 'bob'])
  expect(await names(20.001)).toEqual(['alice'])
  expect((await readQueue(pool, TIMEOUT_MS, at(20.001))).running).toBe(4)
})

test('the rate is the greater of the last minute’s and that of ten minutes', async () => {
  const rate = (seconds: number) => readFinishedPerMinute(database.pool, at(seconds))
  await makeAttempts('COMPLETED', ...Array.from({ length: 20 }, (_, n) => n))
  await makeAttempts('FAILED', 30, 31, 32, 33)
  await makeAttempts('RELEASED', 34)
  await makeAttempts('WORKER_LOST', 35)
  await makeAttempts('CANCELED', 36)
  expect(await rate(40)).toBe(24)
  // What is yet to come, by this clock, has not ended.
  expect(await rate(9.5)).toBe(10)
  // Nothing in the last minute: long documents, or an end; 24 in ten minutes.
  expect(await rate(200)).toBe(2.4)
  expect(await rate(609.5)).toBe(1.4)
  expect(await rate(700)).toBe(0)
})

test('positions are the order in which jobs are claimed', async () => {
  const { pool, alice } = database
  const add = async (submitter: string, priority: 'high' | 'normal' | 'low', seconds: number) =>
    addJob(pool, await makeDocument(pool), at(seconds), { submitter, priority })
  // One that comes back after its backoff stands where it stood; two are not due yet, one is with its provider.
  for (const delayMs of [1_000, 3_600_000, 3_600_000]) {
    await add('zoe', 'normal', 0)
    await queue.fail(pool, await claimOne(alice, 1), { ...failure, delayMs }, at(1))
  }
  await add('zoe', 'normal', 0)
  await provider.waitForProvider(pool, await claimOne(alice, 1), 'https://operation/1', at(15), at(1))
  const ids: number[] = []
  for (let n = 0; n < 5; n += 1) {
    ids.push(await add('ana', 'low', 2 + n), await add('rui', 'normal', 2 + n), await add('eva', 'high', 2 + n))
    ids.push(await add('rui', 'normal', 2 + n))
  }
  const due = await pool.query(`SELECT id FROM document_processing_jobs WHERE status = 'PENDING' AND due_at <= $1`, [
    at(20),
  ])
  expect(due.rowCount).toBe(ids.length + 1)
  const positions = await Promise.all(due.rows.map(async ({ id }) => [await readPosition(pool, id, at(20)), id]))
  expect(await claimOne(alice, 20), 'the provider’s goes ahead of all and is not counted').toMatchObject({
    attempts: 1,
    operation: 'https://operation/1',
  })
  const claimed: (number | null)[][] = []
  while (claimed.length < due.rows.length) claimed.push([claimed.length + 1, (await claimOne(alice, 20)).id])
  expect(positions.sort(([a], [b]) => Number(a) - Number(b))).toEqual(claimed)
})

test('only a job that is PENDING and due has a position', async () => {
  const { pool, alice } = database
  const id = await makeJob(pool, at(10))
  expect(await readPosition(pool, id, at(9))).toBeNull()
  expect(await readPosition(pool, id, at(10))).toBe(1)
  const job = await claimOne(alice, 10)
  expect(await readPosition(pool, id, at(11))).toBeNull()
  await provider.waitForProvider(pool, job, 'https://operation/1', at(12), at(11))
  expect(await readPosition(pool, id, at(13))).toBeNull()
  await queue.cancel(pool, (await readJob(pool, id)).document_id, 'not wanted', at(13))
  expect(await readPosition(pool, id, at(14))).toBeNull()
})

/** The plans of all statements that `ask` sends, in place of their answers. */
async function plansOf(ask: (db: Queryable) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  const query = async (...[statement, values]: [string | { text: string; values: unknown[] }, unknown[]?]) => {
    const [text, given] = typeof statement === 'string' ? [statement, values] : [statement.text, statement.values]
    const { rows } = await database.pool.query(`EXPLAIN (COSTS OFF) ${text}`, given)
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    return { rows: [] }
  }
  await ask({ query } as unknown as Queryable)
  return plans.join('\n\n')
}

test('beside many finished jobs the numbers come from the indexes; positions are counted up to 10,000', async () => {
  const { pool } = database
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO document_processing_jobs (document_id, max_attempts, priority, due_at) SELECT gen_random_uuid(), 3, n, $1 FROM generate_series(1, 10050) AS n RETURNING id`,
    [at(0)],
  )
  await pool.query(
    `INSERT INTO document_processing_jobs (document_id, max_attempts, priority, status, started_at, finished_at, pages_total)
     SELECT gen_random_uuid(), 3, n, 'COMPLETED', $1, $1, 0 FROM generate_series(1, 50000) AS n`,
    [at(0)],
  )
  await makeAttempts('COMPLETED', ...Array.from({ length: 20_000 }, (_, n) => n - 20_000))
  await pool.query('VACUUM ANALYZE document_processing_jobs, document_processing_attempts')
  const ids = rows.map((row) => row.id)
  const positions = [0, 9_998, 9_999, 10_000, 10_049].map((n) => readPosition(pool, ids[n] ?? 0, at(1)))
  expect(await Promise.all(positions)).toEqual([1, 9_999, 10_000, 10_000, 10_000])

  const ofPosition = await plansOf((db) => readPosition(db, ids[9_000] ?? 0, at(1)))
  expect(ofPosition).toMatch(
    /Index Only Scan using document_processing_jobs_due[^\n]* ahead\n\s+Index Cond: .*ROW\(priority, due_at, id\) < ROW\(job.priority, job.due_at, job.id\)/,
  )
  const ofQueue = await plansOf((db) => readQueue(db, TIMEOUT_MS, at(1)).catch(() => {}))
  expect(ofQueue).toContain('Index Only Scan using document_processing_jobs_due')
  const all = `${ofPosition}\n${ofQueue}\n${await plansOf(countDeadLetters)}`
  expect(all).toContain('Bitmap Index Scan on document_processing_attempts_ended_at')
  expect(all).toContain('Index Scan using document_processing_jobs_dead_letters')
  expect(all).not.toMatch(/Seq Scan on (document|document_processing)/)
})
