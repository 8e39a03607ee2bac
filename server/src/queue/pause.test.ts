import pg from 'pg'
import { expect, test } from 'vitest'
import { makeJob, readJob } from '../../test/jobs.ts'
import { at, claimOne, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import { pauseQueue, readPause, resumeQueue } from './pause.ts'
import * as provider from './provider.ts'
import { ANYWHERE, JOBS_CHANNEL } from './sql.ts'

const database = useQueue()

test('while the queue is paused only polls of providers are claimed, and what runs can finish', async () => {
  const { pool, alice, bob } = database
  const polled = await makeJob(pool, at(0))
  await provider.waitForProvider(pool, await claimOne(pool, alice, 1), 'https://operation/1', at(5), at(1))
  const running = await makeJob(pool, at(0))
  const held = await claimOne(pool, alice, 1)
  const waiting = await makeJob(pool, at(0))

  await pauseQueue(pool, 'the provider’s bill', at(2))
  expect(await queue.claim(pool, bob, 10, at(3))).toEqual([])
  expect((await queue.claim(pool, bob, 10, at(6))).map((job) => job.id)).toEqual([polled])
  await queue.recordPagesTotal(pool, held, 0, 'local', at(6))
  expect(await queue.complete(pool, held, at(6))).toBe(true)
  expect(await readJob(pool, running)).toMatchObject({ status: 'COMPLETED' })

  await resumeQueue(pool)
  expect((await queue.claim(pool, bob, 10, at(7))).map((job) => job.id)).toEqual([waiting])
})

test('paused again it keeps its beginning and takes the new reason', async () => {
  const { pool } = database
  expect(await readPause(pool)).toBeNull()
  await pauseQueue(pool, 'first', at(1))
  await pauseQueue(pool, 'sec\0ond', at(2))
  expect(await readPause(pool)).toEqual({ since: at(1).toISOString(), reason: 'second' })
  await resumeQueue(pool)
  expect(await readPause(pool)).toBeNull()
})

test('resuming wakes whoever listens, to look at the whole order, and only when it was paused', async () => {
  const { pool, url } = database
  const listener = new pg.Client({ connectionString: url })
  await listener.connect()
  const heard: string[] = []
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''))
  await listener.query(`LISTEN ${JOBS_CHANNEL}`)
  await resumeQueue(pool)
  await pauseQueue(pool, '')
  await resumeQueue(pool)
  // Notifications arrive in the order of the commits, those that are there already before the answer to a statement.
  await pool.query(`SELECT pg_notify('${JOBS_CHANNEL}', 'the last')`)
  while (!heard.includes('the last')) await listener.query('SELECT 1')
  expect(heard).toEqual([ANYWHERE, 'the last'])
  await listener.end()
})
