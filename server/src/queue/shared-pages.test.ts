import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import { openTransaction } from '../../test/locks.ts'
import { at, claimOne, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import * as liveness from './liveness.ts'
import { pauseQueue } from './pause.ts'
import * as shared from './shared-pages.ts'

const database = useQueue()
const [MINE, OTHER, THIRD] = [randomUUID(), randomUUID(), randomUUID()]

/** A job that alice holds, of which so many pages are offered. */
async function offerOf(pages: number) {
  await makeJob(database.pool, at(0))
  const job = await claimOne(database.pool, database.alice, 1)
  await queue.recordPagesTotal(database.pool, job, pages, 'local', at(1))
  const all = Array.from({ length: pages }, (_, n) => n + 1)
  expect(await shared.offerPages(database.pool, job, all)).toBe(true)
  return job
}

const bobs = (id: string) => ({ id, workerId: database.bob.id })
const take = (reader: string, jobId: number | null = null) =>
  shared.takePage(database.pool, bobs(reader), jobId, at(2)).then(({ page }) => page?.page_number ?? null)
const takeOwn = (job: queue.ClaimedJob) => shared.takeOwnPage(database.pool, job, MINE)
const store = (
  job: queue.ClaimedJob,
  workerId: number,
  page: number,
  db: Parameters<typeof shared.storeSharedPage>[0] = database.pool,
) => shared.storeSharedPage(db, job, workerId, { ...makePage(page), number: page }, at(3))
const left = async () =>
  (await database.pool.query('SELECT page_number FROM shared_pages ORDER BY 1')).rows.map((row) => row.page_number)

describe('a page that is offered', () => {
  test('is taken by one reader, in order, with the fence of the holder', async () => {
    const job = await offerOf(3)
    const { page } = await shared.takePage(database.pool, bobs(OTHER), null, at(2))
    expect(page).toEqual({
      id: job.id,
      claim: job.claim,
      worker_id: database.alice.id,
      document_id: job.document_id,
      page_number: 1,
    })
    expect(await takeOwn(job)).toEqual({ page: 2, left: 3 })
    expect(await take(THIRD)).toBe(3)
    expect(await take(randomUUID())).toBeNull()
  })

  test('is taken again by a reader that forgot it: one reader has one page', async () => {
    const job = await offerOf(2)
    expect([await take(OTHER), await take(OTHER)]).toEqual([1, 1])
    expect([(await takeOwn(job))?.page, (await takeOwn(job))?.page]).toEqual([2, 2])
  })

  test('is stored once, counted once, and shared no more', async () => {
    const job = await offerOf(2)
    await take(OTHER)
    expect([await store(job, database.bob.id, 1), await store(job, database.bob.id, 1)]).toEqual([true, true])
    expect(await readJob(database.pool, job.id)).toMatchObject({ pages_done: 1, attempts: 1 })
    expect(await left()).toEqual([2])
    expect(await shared.offerPages(database.pool, job, [1, 2])).toBe(true)
    expect(await left()).toEqual([2])
  })

  test('and is stored by two at once is counted as two: one waits for the other', async () => {
    const job = await offerOf(2)
    await using first = await openTransaction(database.url)
    await store(job, database.bob.id, 1, first.client)
    const second = store(job, database.alice.id, 2)
    await Promise.race([first.isAwaited(), second])
    await first.commit()
    expect(await second).toBe(true)
    expect(await readJob(database.pool, job.id)).toMatchObject({ pages_done: 2 })
    expect(await queue.complete(database.pool, job, at(4))).toBe(true)
  })

  test('and is being taken is passed, not waited for', async () => {
    await offerOf(2)
    await using first = await openTransaction(database.url)
    await shared.takePage(first.client, bobs(OTHER), null, at(2))
    expect(await take(THIRD)).toBe(2)
    await first.commit()
  })

  test("comes back with its reader, or is the holder's alone where it could not be read", async () => {
    const job = await offerOf(2)
    await take(OTHER)
    await shared.giveBackPage(database.pool, job.id, OTHER, false)
    expect(await take(OTHER)).toBe(1)
    await shared.giveBackPage(database.pool, job.id, OTHER, true)
    expect([await take(OTHER), await take(THIRD)]).toEqual([2, null])
    expect(await takeOwn(job)).toEqual({ page: 1, left: 2 })
  })

  test('at which a helper failed is read by the holder after all others', async () => {
    const job = await offerOf(2)
    await take(OTHER)
    await shared.giveBackPage(database.pool, job.id, OTHER, true)
    expect((await takeOwn(job))?.page).toBe(2)
    await store(job, database.alice.id, 2)
    expect(await takeOwn(job)).toEqual({ page: 1, left: 1 })
    await store(job, database.alice.id, 1)
    expect(await takeOwn(job)).toEqual({ page: null, left: 0 })
  })

  test("is free again once its reader's worker is gone, and what that one still writes is refused", async () => {
    const job = await offerOf(1)
    await take(OTHER)
    expect((await takeOwn(job))?.page).toBeNull()
    await liveness.beat(database.pool, database.alice.id, 1, at(60))
    await liveness.sweep(database.pool, 15_000, new Set(), at(60))
    expect(await store(job, database.bob.id, 1)).toBe(false)
    expect((await takeOwn(job))?.page).toBe(1)
    expect(await readAttempts(database.pool, job.id)).toEqual([])
  })

  test('is not for a worker that is being swept', async () => {
    await offerOf(1)
    await using sweeping = await openTransaction(database.url)
    await sweeping.client.query('DELETE FROM workers WHERE id = $1', [database.bob.id])
    const taking = take(OTHER)
    await Promise.race([sweeping.isAwaited(), taking])
    await sweeping.commit()
    expect(await taking).toBeNull()
  })

  test('waits while a job is due that may be claimed', async () => {
    await offerOf(1)
    await makeJob(database.pool, at(2))
    expect(await shared.takePage(database.pool, bobs(OTHER), null, at(2))).toEqual({ page: null, mayComeLater: true })
    await pauseQueue(database.pool, 'a test', at(2))
    expect(await take(OTHER)).toBe(1)
  })

  test('is of the job that was asked for, else of the first in the fair order', async () => {
    const [first, second] = [await offerOf(1), await offerOf(1)]
    await database.pool.query('UPDATE document_processing_jobs SET priority = 1 WHERE id = $1', [second.id])
    expect((await shared.takePage(database.pool, bobs(OTHER), first.id, at(2))).page).toMatchObject({ id: first.id })
    expect((await shared.takePage(database.pool, bobs(THIRD), null, at(2))).page).toMatchObject({ id: second.id })
  })
})

describe('when its job is held no more', () => {
  const ends: Record<string, (job: queue.ClaimedJob) => Promise<unknown>> = {
    'it is given back': (job) => queue.release(database.pool, job, at(4)),
    'it failed, to be tried again': (job) =>
      queue.fail(database.pool, job, { code: 'parser_crashed', log: 'x', retryable: true, delayMs: 0 }, at(4)),
    'it failed for good': (job) =>
      queue.fail(database.pool, job, { code: 'file_corrupt', log: 'x', retryable: false, delayMs: 0 }, at(4)),
    'it is canceled': (job) => queue.cancel(database.pool, job.document_id, 'enough', at(4)),
    'its holder is swept': async () => {
      await liveness.beat(database.pool, database.bob.id, 1, at(60))
      await liveness.sweep(database.pool, 15_000, new Set(), at(60))
    },
    'its document is deleted': (job) => database.pool.query('DELETE FROM documents WHERE id = $1', [job.document_id]),
  }
  test.each(Object.entries(ends))("since %s, nothing is shared, and a helper's page is refused", async (_, end) => {
    const job = await offerOf(3)
    await take(OTHER)
    await end(job)
    expect(await left()).toEqual([])
    expect(await store(job, database.bob.id, 1)).toBe(false)
    expect(await takeOwn(job)).toBeNull()
    expect(await shared.offerPages(database.pool, job, [1])).toBe(false)
    const { rows } = await database.pool.query('SELECT FROM document_pages')
    expect(rows).toEqual([])
  })

  test('what is offered while it is taken away goes, too', async () => {
    const job = await offerOf(1)
    await using offering = await openTransaction(database.url)
    await shared.offerPages(offering.client, job, [2, 3])
    const releasing = queue.release(database.pool, job, at(4))
    await Promise.race([offering.isAwaited(), releasing])
    await offering.commit()
    expect(await releasing).toBe(true)
    expect(await left()).toEqual([])
  })

  test('a helper of the claim before writes nothing into the next one', async () => {
    const job = await offerOf(2)
    await take(OTHER)
    await queue.release(database.pool, job, at(2))
    const next = await claimOne(database.pool, database.alice, 3)
    await shared.offerPages(database.pool, next, [1, 2])
    expect(await store(job, database.bob.id, 1)).toBe(false)
    expect(await store(next, database.bob.id, 1)).toBe(true)
  })
})
