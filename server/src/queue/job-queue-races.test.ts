import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import { openTransaction } from '../../test/locks.ts'
import { at, claimOne, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import * as liveness from './liveness.ts'
import * as provider from './provider.ts'

/** Two at once, one of them held in the middle of its transaction. */
const database = useQueue()
const failure = { code: 'parser_crashed', log: 'it died', retryable: true, delayMs: 0 } as const

describe('a claim', () => {
  test('passes jobs that somebody else is taking, and does not wait for them', async () => {
    const { pool, url } = database
    const [taken, free] = [await makeJob(pool, at(0)), await makeJob(pool, at(0))]
    await using other = await openTransaction(url)
    expect(await queue.claim(other.client, database.bob, 1, at(1))).toMatchObject([{ id: taken }])
    const client = new pg.Client({ connectionString: url, lock_timeout: 1 })
    await client.connect()
    expect(await queue.claim(client, database.alice, 2, at(1))).toMatchObject([{ id: free }])
    await client.end()
    await other.commit()
  })

  test('and a sweep of its worker: the sweep waits, and finds what was claimed', async () => {
    const { pool, url } = database
    const id = await makeJob(pool, at(0))
    await using claiming = await openTransaction(url)
    await queue.claim(claiming.client, database.alice, 1, at(1))
    const sweeping = liveness.sweep(pool, 15_000, new Set(), at(60))
    await Promise.race([claiming.isAwaited(), sweeping])
    await claiming.commit()
    expect(await sweeping).toMatchObject({ jobs: 1 })
    expect(await readJob(pool, id)).toMatchObject({ status: 'PENDING', locked_by: null })
  })

  test('of a worker that is being swept gets nothing', async () => {
    const { pool, url } = database
    const id = await makeJob(pool, at(0))
    await using sweeping = await openTransaction(url)
    await sweeping.client.query('DELETE FROM workers WHERE id = $1', [database.alice.id])
    const claiming = queue.claim(pool, database.alice, 1, at(1))
    await Promise.race([sweeping.isAwaited(), claiming])
    await sweeping.commit()
    expect(await claiming).toEqual([])
    expect(await readJob(pool, id)).toMatchObject({ status: 'PENDING', locked_by: null })
  })
})

describe('a write that waits while its job is taken by another worker changes nothing', () => {
  const writes: Record<string, (job: queue.ClaimedJob) => Promise<boolean>> = {
    recordPagesTotal: (job) => queue.recordPagesTotal(database.pool, job, 9, 'other'),
    storePage: (job) => queue.storePage(database.pool, job, makePage(2)),
    complete: (job) => queue.complete(database.pool, job),
    fail: (job) => queue.fail(database.pool, job, failure),
    release: (job) => queue.release(database.pool, job),
    waitForProvider: (job) => provider.waitForProvider(database.pool, job, 'https://operation/1', at(5)),
    releaseForgotten: async (job) =>
      (await queue.releaseForgotten(database.pool, { id: job.worker_id, epoch: 1 }, [])) > 0,
  }

  test.each(Object.entries(writes))('%s', async (_, write) => {
    const { pool, url, alice, bob } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(pool, alice, 1)
    await queue.recordPagesTotal(pool, job, 1, 'local')
    await queue.storePage(pool, job, makePage(1))
    await using taking = await openTransaction(url)
    await queue.release(taking.client, job, at(2))
    await queue.claim(taking.client, bob, 1, at(2))
    const look = async () => [await readJob(pool, id), await readAttempts(pool, id), await queue.storedPages(pool, id)]
    const writing = write(job)
    await Promise.race([taking.isAwaited(), writing])
    await taking.commit()
    const taken = await look()
    expect(await writing).toBe(false)
    expect(await look()).toEqual(taken)
    expect(taken[0]).toMatchObject({ locked_by: bob.id, claim: 2, pages_done: 1, pages_total: 1 })
  })
})

describe('a cancel', () => {
  test('that waits while the job is completed leaves it as it is', async () => {
    const { pool, url } = database
    const id = await makeJob(pool, at(0))
    const job = await claimOne(pool, database.alice, 1)
    await queue.recordPagesTotal(pool, job, 0, 'local')
    await using completing = await openTransaction(url)
    await queue.complete(completing.client, job, at(2))
    const canceling = queue.cancel(pool, job.document_id, 'enough', at(3))
    await completing.isAwaited()
    await completing.commit()
    expect(await canceling).toBe(false)
    expect(await readJob(pool, id)).toMatchObject({ status: 'COMPLETED', finished_at: at(2), error_code: null })
    expect(await readAttempts(pool, id)).toMatchObject([{ outcome: 'COMPLETED' }])
  })

  test('that waits while the job is claimed ends the attempt, too', async () => {
    const { pool, url } = database
    const id = await makeJob(pool, at(0))
    await using claiming = await openTransaction(url)
    const [job] = await queue.claim(claiming.client, database.alice, 1, at(1))
    const canceling = queue.cancel(pool, job?.document_id ?? '', 'enough', at(3))
    await claiming.isAwaited()
    await claiming.commit()
    expect(await canceling).toBe(true)
    expect(await readJob(pool, id)).toMatchObject({ status: 'FAILED', error_code: 'canceled', attempts: 1 })
    expect(await readAttempts(pool, id)).toMatchObject([{ attempt: 1, outcome: 'CANCELED', ended_at: at(3) }])
  })
})

test('a cancel that waits for a page being stored leaves no page behind', async () => {
  const { pool, url } = database
  const id = await makeJob(pool, at(0))
  const job = await claimOne(pool, database.alice, 1)
  await queue.recordPagesTotal(pool, job, 2, 'local')
  await using storing = await openTransaction(url)
  await queue.storePage(storing.client, job, makePage(1))
  const canceling = queue.cancel(pool, job.document_id, 'enough')
  await Promise.race([storing.isAwaited(), canceling])
  await storing.commit()
  expect(await canceling).toBe(true)
  expect(await readJob(pool, id)).toMatchObject({ status: 'FAILED', pages_done: 1 })
  expect(await queue.storedPages(pool, id)).toEqual([])
})
