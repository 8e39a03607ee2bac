import { describe, expect, test } from 'vitest'
import { addJob, makeDocument, readJob } from '../../test/jobs.ts'
import { at, claimOne, useQueue } from '../../test/queue.ts'
import { countDeadLetters, listDeadLetters, retryDeadLetters } from './dead-letters.ts'
import { priorityOf } from './enqueue.ts'
import * as queue from './job-queue.ts'

const database = useQueue()
const failure = { code: 'file_corrupt' as const, log: 'no trailer', retryable: false, delayMs: 0 }
type Options = { submitter?: string; code?: queue.Failure['code'] }

/** A document whose job has failed for good. */
async function makeDeadLetter({ submitter = '', code = 'file_corrupt' }: Options = {}) {
  const { pool, alice } = database
  const documentId = await makeDocument(pool)
  const jobId = await addJob(pool, documentId, at(0), { submitter })
  await queue.fail(pool, await claimOne(pool, alice, 1), { ...failure, code }, at(2))
  return { documentId, jobId }
}

const jobsOf = async (documentId: string) =>
  (await database.pool.query('SELECT * FROM document_processing_jobs WHERE document_id = $1 ORDER BY id', [documentId]))
    .rows
const listed = async (query: Partial<Parameters<typeof listDeadLetters>[1]> = {}) =>
  (await listDeadLetters(database.pool, { limit: 50, ...query })).dead_letters.map((letter) => letter.job_id)
const retry = (options: Partial<Parameters<typeof retryDeadLetters>[1]> = {}) =>
  retryDeadLetters(database.pool, { maxAttempts: 3, wakeUp: { send: () => {} }, ...options }, at(10))

describe('the list', () => {
  test('has documents whose newest job failed, and no canceled, deleted, unfinished or succeeded ones', async () => {
    const { pool, alice } = database
    const letter = await makeDeadLetter()
    const canceled = await makeDocument(pool)
    await addJob(pool, canceled, at(0))
    await queue.cancel(pool, canceled, 'not wanted', at(1))
    const deleted = await makeDeadLetter()
    await pool.query('UPDATE documents SET deleted_at = now() WHERE id = $1', [deleted.documentId])
    const succeeded = await makeDeadLetter()
    await addJob(pool, succeeded.documentId, at(3))
    const job = await claimOne(pool, alice, 4)
    await queue.recordPagesTotal(pool, job, 0, 'local', at(4))
    await queue.complete(pool, job, at(4))
    const again = await makeDeadLetter()
    await addJob(pool, again.documentId, at(3))
    const canceledLater = await makeDeadLetter()
    await addJob(pool, canceledLater.documentId, at(3))
    await queue.cancel(pool, canceledLater.documentId, 'not wanted', at(5))

    expect(await listDeadLetters(pool, { limit: 50 })).toEqual({
      dead_letters: [
        {
          document_id: letter.documentId,
          job_id: letter.jobId,
          filename: 'a.pdf',
          attempts: 1,
          error_code: 'file_corrupt',
          error_log: 'no trailer',
          failed_at: at(2).toISOString(),
        },
      ],
      next_cursor: null,
    })
    expect(await countDeadLetters(pool)).toBe(1)
  })

  test('goes through pages, newest first, each once, while others come', async () => {
    const ids: number[] = []
    for (let n = 0; n < 5; n += 1) ids.push((await makeDeadLetter()).jobId)
    const page = (before?: number) => listDeadLetters(database.pool, { limit: 2, before })
    const first = await page()
    await makeDeadLetter()
    const second = await page(Number(first.next_cursor))
    const third = await page(Number(second.next_cursor))
    const pages = [first, second, third].map(({ dead_letters }) => dead_letters.map((letter) => letter.job_id))
    expect(pages).toEqual([[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]])
    expect(third.next_cursor).toBeNull()
    expect((await listDeadLetters(database.pool, { limit: 6 })).next_cursor).toBeNull()
  })

  test('takes only those with one code, and shows a code that it does not know', async () => {
    const [corrupt, crashed] = [await makeDeadLetter(), await makeDeadLetter({ code: 'parser_crashed' })]
    expect(await listed({ errorCode: 'parser_crashed' })).toEqual([crashed.jobId])
    expect(await listed()).toEqual([crashed.jobId, corrupt.jobId])
    await database.pool.query(`UPDATE document_processing_jobs SET error_code = 'of_a_newer_version'`)
    const { dead_letters } = await listDeadLetters(database.pool, { limit: 1 })
    expect(dead_letters).toMatchObject([{ error_code: 'internal_error' }])
  })
})

describe('retrying all', () => {
  test('makes one job each, of the same submitter, behind those of people, and wakes the workers', async () => {
    const { pool } = database
    const letters = [await makeDeadLetter({ submitter: 'ana' }), await makeDeadLetter({ submitter: 'rui' })]
    let woken = 0
    expect(await retry({ maxAttempts: 7, wakeUp: { send: () => (woken += 1) } })).toBe(2)
    expect(woken).toBe(1)
    for (const [index, { documentId, jobId }] of letters.entries()) {
      const [old, made, ...more] = await jobsOf(documentId)
      expect(more).toEqual([])
      expect(old).toMatchObject({ id: jobId, status: 'FAILED' })
      expect(made).toMatchObject({
        status: 'PENDING',
        submitter: ['ana', 'rui'][index],
        max_attempts: 7,
        attempts: 0,
        due_at: at(10),
      })
      expect(priorityOf(made.step)).toBe('low')
    }
    const person = await addJob(pool, await makeDocument(pool), at(11), { submitter: 'eva' })
    const second = [await claimOne(pool, database.alice, 12), await claimOne(pool, database.alice, 12)][1]
    expect(second?.id, 'behind no more than the one at the front').toBe(person)
    expect([await listed(), await countDeadLetters(pool)]).toEqual([[], 0])
  })

  test('with a code leaves the others alone; none makes none and wakes nobody', async () => {
    const [corrupt, crashed] = [await makeDeadLetter(), await makeDeadLetter({ code: 'parser_crashed' })]
    expect(await retry({ errorCode: 'parser_crashed' })).toBe(1)
    expect(await listed()).toEqual([corrupt.jobId])
    expect(await jobsOf(crashed.documentId)).toHaveLength(2)
    let woken = 0
    expect(await retry({ errorCode: 'canceled', wakeUp: { send: () => (woken += 1) } })).toBe(0)
    expect(woken).toBe(0)
  })

  test('takes batch after batch, but not what fails again meanwhile', async () => {
    const { pool, alice } = database
    for (let n = 0; n < 5; n += 1) await makeDeadLetter()
    const failed: number[] = []
    const failAtOnce = async () => {
      for (const job of await queue.claim(pool, alice, 10, at(20))) {
        await queue.fail(pool, job, failure, at(20))
        failed.push(job.id)
      }
    }
    const failing: Promise<void>[] = []
    expect(await retry({ batch: 2, wakeUp: { send: () => failing.push(failAtOnce()) } })).toBe(5)
    await Promise.all(failing)
    await failAtOnce()
    expect(failed).toHaveLength(5)
    expect((await listed()).sort()).toEqual(failed.sort())
  })

  test('by many at once makes one job for each document', async () => {
    const letters: string[] = []
    for (let n = 0; n < 40; n += 1) letters.push((await makeDeadLetter()).documentId)
    for (let round = 1; round <= 5; round += 1) {
      const made = await Promise.all(Array.from({ length: 8 }, () => retry({ batch: 3 })))
      expect(made.reduce((sum, jobs) => sum + jobs)).toBe(letters.length)
      for (const id of letters) expect(await jobsOf(id)).toHaveLength(1 + round)
      await database.pool.query(
        `UPDATE document_processing_jobs SET status = 'FAILED', error_code = 'file_corrupt', error_log = 'x', finished_at = now() WHERE status = 'PENDING'`,
      )
    }
  })

  test('leaves a document that is locked at the moment, for whoever works on it', async () => {
    const { pool } = database
    const [locked, free] = [await makeDeadLetter(), await makeDeadLetter()]
    const other = await pool.connect()
    await other.query('BEGIN')
    await other.query('SELECT FROM documents WHERE id = $1 FOR UPDATE', [locked.documentId])
    expect(await retry()).toBe(1)
    await other.query('ROLLBACK')
    other.release()
    expect(await jobsOf(free.documentId)).toHaveLength(2)
    expect(await readJob(pool, locked.jobId)).toMatchObject({ status: 'FAILED' })
    expect(await retry()).toBe(1)
  })
})
