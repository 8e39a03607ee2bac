import { beforeEach, describe, expect, test } from 'vitest'
import { makeJob } from '../../test/jobs.ts'
import { at, claimOne, useQueue } from '../../test/queue.ts'
import * as queue from './job-queue.ts'
import { earlierSubmissions, markSubmitting, pagesUsed, type Quota, settleSubmission } from './submissions.ts'

const database = useQueue()
const submission = { endpoint: 'https://one.example', model: 'prebuilt-read', pages: 10 }
const none: Quota = { daily: null, monthly: null }
const DAY = 24 * 60 * 60

beforeEach(() => database.pool.query('DELETE FROM provider_submissions'))

/** Jobs that alice has. */
async function claimed(jobs: number): Promise<queue.ClaimedJob[]> {
  for (let n = 0; n < jobs; n += 1) await makeJob(database.pool, at(0))
  return queue.claim(database.pool, database.alice, jobs, at(1))
}

test('a mark is made by the claim that holds the job, and by no other', async () => {
  const { pool, bob } = database
  const [job] = (await claimed(1)) as [queue.ClaimedJob]
  const mark = (fence: queue.ClaimedJob) => markSubmitting(pool, fence, submission, none, at(2))
  expect(await mark({ ...job, claim: job.claim - 1 })).toEqual({ kind: 'stale' })
  expect(await mark({ ...job, worker_id: bob.id })).toEqual({ kind: 'stale' })
  expect((await pool.query('SELECT FROM provider_submissions')).rowCount).toBe(0)
  expect(await mark(job)).toEqual({ kind: 'marked' })
})

test('whoever takes a job up sees what was sent for it before, and how that ended', async () => {
  const { pool, alice, bob } = database
  await makeJob(pool, at(0))
  const first = await claimOne(pool, alice, 1)
  await markSubmitting(pool, first, submission, none, at(2))
  expect(await earlierSubmissions(pool, first, submission, at(3))).toEqual([])
  await queue.release(pool, first, at(3))
  const second = await claimOne(pool, bob, 4)
  expect(await earlierSubmissions(pool, second, submission, at(3))).toEqual([
    { claim: 1, outcome: 'UNKNOWN', operation: null },
  ])
  // The answer arrives although the job is somebody else's by now.
  await settleSubmission(pool, first, 'ACCEPTED', 'https://op/1')
  expect(await earlierSubmissions(pool, second, submission, at(3))).toEqual([
    { claim: 1, outcome: 'ACCEPTED', operation: 'https://op/1' },
  ])
})

describe('a quota', () => {
  const daily = { daily: 25, monthly: null }

  test('counts what was sent, also what may have been, until the day is over', async () => {
    const { pool } = database
    const [a, b, c] = (await claimed(3)) as [queue.ClaimedJob, queue.ClaimedJob, queue.ClaimedJob]
    const mark = (job: queue.ClaimedJob, seconds: number) => markSubmitting(pool, job, submission, daily, at(seconds))
    expect([await mark(a, 2), await mark(b, 2)]).toEqual([{ kind: 'marked' }, { kind: 'marked' }])
    expect(await mark(c, 3)).toEqual({ kind: 'over_quota', period: 'day', until: at(DAY), used: 20 })
    expect((await mark(c, DAY - 1)).kind).toBe('over_quota')
    expect((await mark(c, DAY)).kind).toBe('marked')
  })

  test('does not count what was refused, nor what failed', async () => {
    const { pool } = database
    const [a, b, c] = (await claimed(3)) as [queue.ClaimedJob, queue.ClaimedJob, queue.ClaimedJob]
    for (const job of [a, b]) await markSubmitting(pool, job, submission, daily, at(2))
    await settleSubmission(pool, a, 'REFUSED')
    expect((await pagesUsed(pool, 'day', at(3))).used).toBe(10)
    await settleSubmission(pool, b, 'FAILED', 'https://op/1')
    expect((await pagesUsed(pool, 'day', at(3))).used).toBe(0)
    expect((await markSubmitting(pool, c, { ...submission, pages: 25 }, daily, at(3))).kind).toBe('marked')
  })

  test('of a month ends with the month', async () => {
    const { pool } = database
    const [a, b] = (await claimed(2)) as [queue.ClaimedJob, queue.ClaimedJob]
    const monthly = { daily: null, monthly: 15 }
    await markSubmitting(pool, a, submission, monthly, at(2))
    const january = 31 * DAY
    expect(await markSubmitting(pool, b, submission, monthly, at(january - 1))).toEqual({
      ...{ kind: 'over_quota', period: 'month', used: 10 },
      until: at(january),
    })
    expect((await markSubmitting(pool, b, submission, monthly, at(january))).kind).toBe('marked')
  })

  test('holds when many ask at once', async () => {
    const { pool } = database
    const jobs = await claimed(12)
    const marks = await Promise.all(jobs.map((job) => markSubmitting(pool, job, submission, daily, at(2))))
    expect(marks.filter(({ kind }) => kind === 'marked')).toHaveLength(2)
  })
})
