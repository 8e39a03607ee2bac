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

test('who has a job that is canceled is told, and does not have to look', async () => {
  const started = Promise.withResolvers<string>()
  const broken = Promise.withResolvers<string>()
  runner = startRunner({
    pool: withoutLooking(),
    databaseUrl: database.url,
    name: 'host/1',
    version: '1',
    slots: 1,
    timeoutMs: 15_000,
    log: pino({ level: 'silent' }),
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
