import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { makeJob } from '../../test/jobs.ts'
import type { Pool } from '../db/client.ts'
import type { JobAborted } from './job-aborted.ts'
import * as queue from './job-queue.ts'
import { type Runner, startRunner } from './runner.ts'

const database = useDatabase()
let runner: Runner | undefined
afterEach(() => runner?.stop(0))

/** The pool, but asked which jobs are held no more it never answers. */
const withoutLooking = (): Pool =>
  Object.create(database.pool, {
    query: {
      value: (...args: [never]) =>
        JSON.stringify(args).includes('AS known (id)') ? new Promise(() => {}) : database.pool.query(...args),
    },
  })

const options = () => ({
  pool: withoutLooking(),
  databaseUrl: database.url,
  name: 'host/1',
  version: '1',
  timeoutMs: 15_000,
  log: pino({ level: 'silent' }),
})

test('who has a job that is canceled is told, and does not have to look', async () => {
  const started = Promise.withResolvers<string>()
  const broken = Promise.withResolvers<string>()
  runner = startRunner({
    ...options(),
    slots: 1,
    async handle(job, signal) {
      started.resolve(job.document_id)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      broken.resolve((signal.reason as JobAborted).reason)
      return { kind: 'released' }
    },
  })
  await makeJob(database.pool, new Date())
  expect(await queue.cancel(database.pool, await started.promise, 'enough')).toBe(true)
  expect(await broken.promise).toBe('lost')
})

test('a job that is claimed again while it runs, since the database has forgotten the claim in a crash, runs once', async () => {
  const started: AbortSignal[] = []
  const claims: number[] = []
  runner = startRunner({
    ...options(),
    slots: 2,
    async handle(job, signal) {
      started.push(signal)
      claims.push(job.claim)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      return { kind: 'released' }
    },
  })
  const id = await makeJob(database.pool, new Date())
  await expect.poll(() => started.length).toBe(1)
  await database.pool.query(
    `UPDATE document_processing_jobs SET status = 'PENDING', locked_by = NULL, claim = claim - 1, attempts = attempts - 1 WHERE id = $1`,
    [id],
  )
  await expect.poll(() => started.length).toBe(2)
  expect(claims).toEqual([1, 1])
  expect(started.map((signal) => signal.aborted && (signal.reason as JobAborted).reason)).toEqual(['lost', false])
})
