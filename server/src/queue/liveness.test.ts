import { describe, expect, test } from 'vitest'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import { at, claimOne as claimNext, register, type TestWorker, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import * as liveness from './liveness.ts'

const database = useQueue()
const claimOne = (worker: TestWorker, seconds: number) => claimNext(database.pool, worker, seconds)
const TIMEOUT_MS = 15_000
const NOBODY: ReadonlySet<number> = new Set()

describe('sweep', () => {
  test('gives a silent worker’s jobs back to the queue and leaves the others alone', async () => {
    const { pool } = database
    const [lost, kept] = [await makeJob(pool, at(0)), await makeJob(pool, at(0))]
    const stale = await claimOne(database.alice, 1)
    await claimOne(database.bob, 1)
    await liveness.beat(pool, database.bob.id, 0, at(14))
    expect(await liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(15))).toMatchObject({ workers: [], jobs: 0 })
    expect(await liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(15.001))).toMatchObject({ workers: ['alice'], jobs: 1 })

    expect(await readJob(pool, lost)).toMatchObject({
      status: 'PENDING',
      locked_by: null,
      due_at: at(15.001),
      attempts: 1,
    })
    expect(await readAttempts(pool, lost)).toMatchObject([{ outcome: 'WORKER_LOST', error_code: 'worker_lost' }])
    expect(await readJob(pool, kept)).toMatchObject({ status: 'PROCESSING', locked_by: database.bob.id })
    expect(await queue.complete(pool, stale)).toBe(false)
    expect(await liveness.beat(pool, database.alice.id, 0, at(16))).toBe(false)
    expect(await claimOne(database.bob, 16)).toMatchObject({ id: lost, attempts: 2 })
  })

  test('ends a job whose last attempt was lost as FAILED with that reason', async () => {
    const id = await makeJob(database.pool, at(0), 1)
    const job = await claimOne(database.alice, 1)
    await queue.recordPagesTotal(database.pool, job, 2, 'local')
    await queue.storePage(database.pool, job, makePage(1))
    await liveness.sweep(database.pool, TIMEOUT_MS, NOBODY, at(60))
    expect(await readJob(database.pool, id)).toMatchObject({ status: 'FAILED', error_code: 'worker_lost', attempts: 1 })
    expect(await queue.storedPages(database.pool, id)).toEqual([])
  })

  test('spares a worker that beats between the look and the taking', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    await claimOne(database.alice, 1)
    const beating = Object.create(pool, {
      query: {
        value: async (...args: [never]) => {
          const found = await pool.query(...args)
          for (const worker of [database.alice, database.bob]) await liveness.beat(pool, worker.id, 0, at(60))
          return found
        },
      },
    })
    expect(await liveness.sweep(beating, TIMEOUT_MS, NOBODY, at(60))).toMatchObject({ workers: [], jobs: 0 })
    expect(await readJob(pool, id)).toMatchObject({ status: 'PROCESSING', locked_by: database.alice.id })
  })

  test('by many at once loses each job once', async () => {
    const { pool } = database
    await Promise.all(Array.from({ length: 20 }, () => makeJob(pool, at(0))))
    await queue.claim(pool, database.alice, 20, at(1))
    const swept = await Promise.all(Array.from({ length: 8 }, () => liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(60))))
    expect(swept.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(20)
    expect(swept.flatMap(({ workers }) => workers).sort()).toEqual(['alice', 'bob'])
  })

  test('and a claim of the same worker at once leave no job with a worker that is gone', async () => {
    const { pool } = database
    for (let round = 0; round < 20; round += 1) {
      const carol = await register(database.sessions, `carol ${round}`)
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
