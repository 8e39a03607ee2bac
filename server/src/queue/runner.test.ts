import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { emptyTables, makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import type { Pool } from '../db/client.ts'
import type { JobAborted } from './job-aborted.ts'
import * as queue from './job-queue.ts'
import { registerWorker, unregisterWorker } from './liveness.ts'
import type { Outcome } from './outcome.ts'
import { type Runner, type RunnerOptions, startRunner } from './runner.ts'

/** The runner on a real database whose connections, answers and clocks fail on purpose. */
const database = useDatabase()
let runners: Runner[]

beforeEach(async () => {
  await emptyTables(database.pool)
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

async function onePage(job: queue.ClaimedJob): Promise<Outcome> {
  await queue.recordPagesTotal(database.pool, job, 1, 'local')
  await queue.storePage(database.pool, job, makePage(1))
  return { kind: 'completed' }
}

/** The pool, but the answer of the first such statement that changes something never arrives; or it is refused, with that error. */
function losingAnswerOf(text: string, refusal?: Error): Pool {
  let lost = false
  const isIt = (args: unknown) => !lost && JSON.stringify(args).includes(text)
  return Object.create(database.pool, {
    query: {
      value: async (...args: [never]) => {
        if (refusal && isIt(args)) {
          lost = true
          throw refusal
        }
        const result: { rowCount: number | null } = await database.pool.query(...args)
        if (!isIt(args) || result.rowCount === 0) return result
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
      return { kind: 'completed' }
    },
  })
  const ids = await Promise.all(Array.from({ length: 12 }, () => makeJob(database.pool, new Date())))
  await until(async () => expect(await Promise.all(ids.map(status))).toEqual(ids.map(() => 'COMPLETED')))
  expect(most).toBe(2)
})

test('a claim whose answer is lost does not lose its job, nor an attempt', async () => {
  start({ pool: losingAnswerOf('finish and claim ') })
  const id = await makeJob(database.pool, new Date(), 1)
  await until(async () => expect(await status(id)).toBe('COMPLETED'))
  expect(await outcomes(id)).toEqual([
    [1, 'RELEASED'],
    [1, 'COMPLETED'],
  ])
})

const refusal = new Error('cannot execute UPDATE in a read-only transaction')

test('a job whose failure could not be written is given back and run again', async () => {
  let first = true
  start({
    pool: losingAnswerOf('failed AS', refusal),
    async handle(job) {
      if (!first) return onePage(job)
      first = false
      return { kind: 'failed', failure: { code: 'parser_crashed', log: 'x', retryable: true, delayMs: 0 } }
    },
  })
  const id = await makeJob(database.pool, new Date(), 1)
  await until(async () => expect(await status(id)).toBe('COMPLETED'))
  expect(await outcomes(id)).toEqual([
    [1, 'RELEASED'],
    [1, 'COMPLETED'],
  ])
})

test('a job that the database refuses to complete fails alone, and those written with it are completed', async () => {
  let unfinished: number | undefined
  const ids = await Promise.all(Array.from({ length: 6 }, () => makeJob(database.pool, new Date(), 1)))
  start({
    slots: 6,
    async handle(job) {
      if (job.id !== ids[2]) return onePage(job)
      // It has no page, and the schema wants all of them.
      unfinished = job.id
      return { kind: 'completed' }
    },
  })
  await until(async () =>
    expect(await Promise.all(ids.map(status))).toEqual(ids.map((id) => (id === unfinished ? 'FAILED' : 'COMPLETED'))),
  )
  expect(await readJob(database.pool, ids[2] ?? 0)).toMatchObject({ error_code: 'internal_error' })
})

test('a handler that throws fails its attempt, and nothing else', async () => {
  start({
    handle: async () => {
      throw new TypeError('x is not a function')
    },
  })
  const id = await makeJob(database.pool, new Date(), 1)
  await until(async () => expect(await status(id)).toBe('FAILED'))
  expect(await outcomes(id)).toEqual([[1, 'FAILED']])
})

test('completed jobs whose writing the database refuses at first, for no fault of theirs, are completed', async () => {
  start({ pool: losingAnswerOf('finish and claim 0', refusal), slots: 1 })
  const id = await makeJob(database.pool, new Date(), 1)
  await until(async () => expect(await status(id)).toBe('COMPLETED'))
})

test('a cancel breaks the job off, and the worker goes on with the next', async () => {
  const broken = Promise.withResolvers<string>()
  const started = Promise.withResolvers<string>()
  start({
    slots: 1,
    async handle(job, signal) {
      started.resolve(job.document_id)
      if (job.document_id !== (await started.promise)) return onePage(job)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      broken.resolve((signal.reason as JobAborted).reason)
      return { kind: 'completed' }
    },
  })
  const id = await makeJob(database.pool, new Date())
  expect(await queue.cancel(database.pool, await started.promise, 'enough')).toBe(true)
  expect(await status(id)).toBe('FAILED')
  expect(await broken.promise).toBe('lost')
  const next = await makeJob(database.pool, new Date())
  await until(async () => expect(await status(next)).toBe('COMPLETED'))
  expect(await outcomes(id)).toEqual([[1, 'CANCELED']])
})

test('a job that is gone is broken off even if nobody was told', async () => {
  const broken = Promise.withResolvers<string>()
  const started = Promise.withResolvers<void>()
  start({
    async handle(_, signal) {
      started.resolve()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      broken.resolve((signal.reason as JobAborted).reason)
      return { kind: 'released' }
    },
  })
  await makeJob(database.pool, new Date())
  await started.promise
  await database.pool.query('DELETE FROM documents')
  expect(await broken.promise).toBe('lost')
})

test('at a stop what runs is waited for, then aborted and given back, and the worker leaves', async () => {
  let reason = ''
  const started = Promise.withResolvers<void>()
  const runner = start({
    async handle(_, signal) {
      started.resolve()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      reason = (signal.reason as JobAborted).reason
      return { kind: 'released' }
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
  expect(await queue.releaseForgotten(pool, { id: worker.id, epoch: 1 }, [])).toBe(1)
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
      return { kind: 'released' }
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
      return onePage(job)
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

test('a job that is ending leaves its slot to the next one, and no more of them than there are slots', async () => {
  const [running, ends] = [new Set<number>(), Promise.withResolvers<void>()]
  let [most, isEnding] = [0, true]
  start({
    async handle(job, _, onEnding) {
      most = Math.max(most, running.add(job.id).size)
      await (isEnding ? Promise.all([onEnding(), ends.promise]) : new Promise((resolve) => setTimeout(resolve, 50)))
      running.delete(job.id)
      return onePage(job)
    },
  })
  const make = () => Promise.all(Array.from({ length: 8 }, () => makeJob(database.pool, new Date())))
  const first = await make()
  await until(async () => expect(running.size).toBe(4))
  // Long enough for another claim: each second every worker looks for jobs.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  isEnding = false
  ends.resolve()
  await until(async () => expect(await Promise.all(first.map(status))).toEqual(first.map(() => 'COMPLETED')))
  expect(most).toBe(4)
  most = 0
  const second = await make()
  await until(async () => expect(await Promise.all(second.map(status))).toEqual(second.map(() => 'COMPLETED')))
  expect(most).toBeLessThanOrEqual(2)
})
