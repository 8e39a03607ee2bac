import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import type { Pool } from '../db/client.ts'
import * as queue from './job-queue.ts'
import { registerWorker, unregisterWorker } from './liveness.ts'
import { type JobAborted, type Runner, type RunnerOptions, startRunner } from './runner.ts'

/** The runner on a real database whose connections, answers and clocks fail on purpose. */
const database = useDatabase()
let runners: Runner[]

beforeEach(async () => {
  await database.pool.query('TRUNCATE documents, workers CASCADE')
  runners = []
})
afterEach(() => Promise.all(runners.map((runner) => runner.stop(0))))

function start(options: Partial<RunnerOptions>): Runner {
  const { pool, url } = database
  const log = pino({ level: 'silent' })
  const runner = startRunner({
    pool,
    databaseUrl: url,
    name: 'host/1',
    version: '1',
    slots: 2,
    timeoutMs: 15_000,
    log,
    handle: onePage,
    ...options,
  })
  runners.push(runner)
  return runner
}

async function onePage(job: queue.ClaimedJob): Promise<void> {
  await queue.recordPagesTotal(database.pool, job, 1, 'local')
  await queue.storePage(database.pool, job, makePage(1))
  await queue.complete(database.pool, job)
}

/** The pool, but the first statement of that name is carried out and its answer never arrives. */
function losingAnswerOf(name: string): Pool {
  let lost = false
  return Object.create(database.pool, {
    query: {
      value: async (...args: [never]) => {
        const result: { rowCount: number | null } = await database.pool.query(...args)
        if (lost || !JSON.stringify(args).includes(name) || result.rowCount === 0) return result
        lost = true
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
      },
    },
  })
}

const outcomes = async (id: number) => (await readAttempts(database.pool, id)).map((row) => [row.attempt, row.outcome])
const status = async (id: number) => (await readJob(database.pool, id)).status
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 50 })

test('jobs are run as they become due, no more at once than there are slots', async () => {
  let running = 0
  let most = 0
  start({
    async handle(job) {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await onePage(job)
      running -= 1
    },
  })
  const ids = await Promise.all(Array.from({ length: 12 }, () => makeJob(database.pool, new Date())))
  await until(async () => expect(await Promise.all(ids.map(status))).toEqual(ids.map(() => 'COMPLETED')))
  expect(most).toBe(2)
})

test('a claim whose answer is lost does not lose its job, nor an attempt', async () => {
  start({ pool: losingAnswerOf('"claim ') })
  const id = await makeJob(database.pool, new Date(), 1)
  await until(async () => expect(await status(id)).toBe('COMPLETED'))
  expect(await outcomes(id)).toEqual([
    [1, 'RELEASED'],
    [1, 'COMPLETED'],
  ])
})

test('a job whose end could not be written is given back and run again', async () => {
  let first = true
  start({
    async handle(job) {
      if (!first) return onePage(job)
      first = false
      throw new Error('cannot execute UPDATE in a read-only transaction')
    },
  })
  const id = await makeJob(database.pool, new Date(), 1)
  await until(async () => expect(await status(id)).toBe('COMPLETED'))
})

test('at a stop what runs is waited for, then aborted and given back, and the worker leaves', async () => {
  let reason = ''
  const started = Promise.withResolvers<void>()
  const runner = start({
    async handle(job, signal) {
      started.resolve()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      reason = (signal.reason as JobAborted).reason
      await queue.release(database.pool, job)
    },
  })
  const id = await makeJob(database.pool, new Date())
  await started.promise
  await runner.stop(10)
  expect(reason).toBe('shutdown')
  expect(await status(id)).toBe('PENDING')
  expect((await database.pool.query('SELECT FROM workers')).rowCount).toBe(0)
})

test('a worker that leaves while a job is still its own stays on record, so that the sweep finds the job', async () => {
  const { pool } = database
  const worker = { id: await registerWorker(pool, { name: 'host/1', version: '1', slots: 1 }), name: 'host/1' }
  const id = await makeJob(pool, new Date())
  await queue.claim(pool, worker, 1)
  await unregisterWorker(pool, worker.id)
  expect((await pool.query('SELECT FROM workers')).rowCount).toBe(1)
  expect(await queue.releaseForgotten(pool, worker.id, [])).toBe(1)
  await unregisterWorker(pool, worker.id)
  expect((await pool.query('SELECT FROM workers')).rowCount).toBe(0)
  expect(await status(id)).toBe('PENDING')
})

test('a worker that cannot beat aborts its jobs before others may take them', async () => {
  const aborted = Promise.withResolvers<string>()
  const started = Promise.withResolvers<void>()
  start({
    timeoutMs: 5_000,
    async handle(_, signal) {
      started.resolve()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      aborted.resolve((signal.reason as JobAborted).reason)
    },
  })
  const id = await makeJob(database.pool, new Date())
  await started.promise
  // The row is locked, so that no beat gets through.
  const client = await database.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT FROM workers FOR UPDATE')
    expect(await aborted.promise).toBe('lost')
    expect(await status(id)).toBe('PROCESSING')
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
})

test('a session whose connection is cut comes back with the same identity and keeps its jobs', async () => {
  const finish = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  start({
    async handle(job) {
      started.resolve()
      await finish.promise
      await onePage(job)
    },
  })
  const id = await makeJob(database.pool, new Date(), 1)
  await started.promise
  const before = await database.pool.query('SELECT id FROM workers')
  for (let n = 0; n < 3; n += 1) {
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'adp worker session' AND datname = current_database()`,
    )
    await new Promise((resolve) => setTimeout(resolve, 700))
  }
  expect((await database.pool.query('SELECT id FROM workers')).rows).toEqual(before.rows)
  finish.resolve()
  await until(async () => expect(await status(id)).toBe('COMPLETED'))
  expect(await outcomes(id)).toEqual([[1, 'COMPLETED']])
})
