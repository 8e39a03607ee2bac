import { describe, expect, test } from 'vitest'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import { listen } from '../../test/locks.ts'
import { at, claimOne, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import * as provider from './provider.ts'
import { CANCELED_CHANNEL } from './sql.ts'

const database = useQueue()
const documentOf = async (id: number) => (await readJob(database.pool, id)).document_id

describe('cancel', () => {
  test('ends a job that waits, which has had no attempt', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    expect(await queue.cancel(pool, await documentOf(id), 'enough', at(1))).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({
      status: 'FAILED',
      error_code: 'canceled',
      error_log: 'enough',
      finished_at: at(1),
      dead_letter: false,
    })
    expect(await readAttempts(pool, id)).toEqual([])
    expect(await queue.claim(pool, database.alice, 1, at(2))).toEqual([])
  })

  test('takes a job from whoever has it, with its pages, and what that one writes is refused', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(pool, database.alice, 1)
    await queue.recordPagesTotal(pool, job, 1, 'local')
    await queue.storePage(pool, job, makePage(1))
    expect(await queue.cancel(pool, job.document_id, 'enough', at(2))).toBe(true)
    expect(await queue.storedPages(pool, id)).toEqual([])
    expect(await readAttempts(pool, id)).toMatchObject([
      { attempt: 1, worker: 'alice', started_at: at(1), ended_at: at(2), outcome: 'CANCELED', error_code: null },
    ])
    expect(await queue.complete(pool, job, at(3))).toBe(false)
    expect(await readJob(pool, id)).toMatchObject({ status: 'FAILED', error_code: 'canceled', finished_at: at(2) })
  })

  test('ends a job that is with its provider, whose attempt had no worker then', async () => {
    const { pool } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(pool, database.alice, 1)
    await provider.waitForProvider(pool, job, 'https://operation/1', at(9), at(2))
    expect(await queue.cancel(pool, job.document_id, 'enough', at(3))).toBe(true)
    expect(await readAttempts(pool, id)).toMatchObject([{ attempt: 1, worker: null, outcome: 'CANCELED' }])
    expect(await queue.claim(pool, database.alice, 1, at(10))).toEqual([])
  })

  test('leaves alone what is finished, and what is of other documents', async () => {
    const { pool } = database
    const [finished, other] = [await makeJob(pool, at(0)), await makeJob(pool, at(5))]
    const job = await claimOne(pool, database.alice, 1)
    await queue.fail(pool, job, { code: 'file_corrupt', log: 'x', retryable: false, delayMs: 0 }, at(2))
    const before = await readJob(pool, finished)
    expect(await queue.cancel(pool, job.document_id, 'enough', at(3))).toBe(false)
    expect(await readJob(pool, finished)).toEqual(before)
    expect(await readJob(pool, other)).toMatchObject({ status: 'PENDING' })
  })

  test('tells the workers which job, when it is committed', async () => {
    const { pool, url } = database
    await using listener = await listen(url, CANCELED_CHANNEL)
    const id = await makeJob(pool, at(0))
    await queue.cancel(pool, await documentOf(id), 'enough')
    expect(await listener.heard()).toEqual([String(id)])
  })
})

test('a worker learns which of its jobs it holds no more', async () => {
  const { pool, alice, bob } = database
  for (let n = 0; n < 3; n += 1) await makeJob(pool, at(0))
  const [kept, canceled, taken] = await queue.claim(pool, alice, 3, at(1))
  if (!kept || !canceled || !taken) throw new Error('there are not three jobs')
  await queue.cancel(pool, canceled.document_id, 'enough')
  await queue.release(pool, taken, at(2))
  await queue.claim(pool, bob, 1, at(2))
  const gone = await queue.notHeld(pool, alice.id, [kept.id, canceled.id, taken.id, 999])
  expect(gone.sort()).toEqual([canceled.id, taken.id, 999].sort())
})

test('a paused queue gives out what providers have worked on, and nothing else', async () => {
  const { pool, alice } = database
  const [waiting, polled] = [await makeJob(pool, at(0)), await makeJob(pool, at(0))]
  const jobs = await queue.claim(pool, alice, 2, at(1))
  for (const job of jobs) {
    if (job.id === polled) await provider.waitForProvider(pool, job, 'https://operation/1', at(2), at(1))
    else await queue.release(pool, job, at(1))
  }
  await pool.query('INSERT INTO queue_pause DEFAULT VALUES')
  expect((await queue.claim(pool, alice, 9, at(3))).map((job) => job.id)).toEqual([polled])
  await pool.query('DELETE FROM queue_pause')
  expect((await queue.claim(pool, alice, 9, at(3))).map((job) => job.id)).toEqual([waiting])
})
