import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeJob, readJob } from '../../test/jobs.ts'
import { listen, untilLocksCount } from '../../test/locks.ts'
import { at, claimOne, type TestWorker, useQueue } from '../../test/queue.ts'
import type { Pool } from '../db/client.ts'
import * as liveness from './liveness.ts'
import { JOBS_CHANNEL } from './sql.ts'

/** Workers whose connection is gone, though they have just beaten. */
const database = useQueue()
const TIMEOUT_MS = 15_000
const NOBODY: ReadonlySet<number> = new Set()

beforeAll(() => untilLocksCount(database.pool))

const disconnect = ({ id }: TestWorker) =>
  database.sessions.query(`SELECT pg_advisory_unlock(${liveness.WORKER_LOCK}, $1)`, [id])
const sweep = (suspects: ReadonlySet<number>, pool: Pool = database.pool) =>
  liveness.sweep(pool, TIMEOUT_MS, suspects, at(1))

describe('a worker whose lock is free', () => {
  test('is suspected at the first look, and gone at the second', async () => {
    const { pool, alice } = database
    const id = await makeJob(pool, at(0))
    await claimOne(pool, alice, 1)
    expect(await sweep(NOBODY)).toEqual({ workers: [], jobs: 0, suspects: NOBODY })

    await disconnect(alice)
    const first = await sweep(NOBODY)
    expect(first).toEqual({ workers: [], jobs: 0, suspects: new Set([alice.id]) })
    expect(await readJob(pool, id)).toMatchObject({ status: 'PROCESSING', locked_by: alice.id })

    expect(await sweep(first.suspects)).toMatchObject({ workers: ['alice'], jobs: 1 })
    expect(await readJob(pool, id)).toMatchObject({ status: 'PENDING', locked_by: null, due_at: at(1) })
  })

  test('is spared when it is connected again at the second look', async () => {
    const { alice, sessions } = database
    await disconnect(alice)
    const { suspects } = await sweep(NOBODY)
    await liveness.relockWorker(sessions, alice.id)
    expect(await sweep(suspects)).toEqual({ workers: [], jobs: 0, suspects: NOBODY })
  })

  test('is spared when it connects between the second look and the taking', async () => {
    const { pool, alice, sessions } = database
    const id = await makeJob(pool, at(0))
    await claimOne(pool, alice, 1)
    await disconnect(alice)
    const connecting = Object.create(pool, {
      query: {
        value: async (...args: [never]) => {
          const found = await pool.query(...args)
          await liveness.relockWorker(sessions, alice.id)
          return found
        },
      },
    })
    expect(await sweep(new Set([alice.id]), connecting)).toMatchObject({ workers: [], jobs: 0 })
    expect(await readJob(pool, id)).toMatchObject({ status: 'PROCESSING', locked_by: alice.id })
  })
})

test('a worker that connects anew takes its lock from the connection that it had, dead as it is', async () => {
  const { pool, url, alice, sessions } = database
  await disconnect(alice)
  const dead = new pg.Client({ connectionString: url })
  const ended = new Promise((resolve) => dead.on('error', resolve))
  await dead.connect()
  await liveness.relockWorker(dead, alice.id)
  const [{ pid }] = (await dead.query('SELECT pg_backend_pid() AS pid')).rows

  await liveness.relockWorker(sessions, alice.id)
  expect(await ended).toMatchObject({ code: '57P01' })
  const backends = async () => (await pool.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount
  // Its client hears of the end a moment before the list of backends does.
  await expect.poll(backends).toBe(0)
  expect(await sweep(new Set([alice.id]))).toMatchObject({ workers: [], suspects: NOBODY })
})

test('a sweep that makes jobs due wakes the workers, and says that they may stand before what was claimed', async () => {
  const { pool, url, alice } = database
  await using listener = await listen(url, JOBS_CHANNEL)
  await makeJob(pool, at(0))
  await claimOne(pool, alice, 1)
  await disconnect(alice)
  await sweep(new Set([alice.id]))
  expect(await listener.heard()).toEqual(['anywhere'])
})
