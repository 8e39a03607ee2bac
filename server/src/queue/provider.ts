import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'
import type { Queryable } from '../db/client.ts'
import type { ClaimedJob } from './job-queue.ts'
import { type At, BACK_IN_LINE, FENCE, fence, type Held, NOW, wasHeld } from './sql.ts'

/** The SQL of a job whose pages are read by a provider elsewhere: it waits for the provider's answer, or for being allowed to ask. */

type Fence = Pick<ClaimedJob, 'id' | 'claim' | 'worker_id'>

/** Commits what the provider's work is continued by, at once after it was accepted, or null when that is over; the hold goes on. */
export async function recordOperation(db: Queryable, job: Fence, operation: string | null, at: At = null): Held {
  return wasHeld(
    await db.query(`UPDATE document_processing_jobs SET operation = $5, updated_at = ${NOW} WHERE ${FENCE}`, [
      at,
      ...fence(job),
      operation,
    ]),
  )
}

/** Records where the provider's own result is stored, null when it is only of some of the pages, and what describes it as a whole. */
export async function recordResult(
  db: Queryable,
  job: Fence,
  blobKey: string | null,
  header: ResultHeader,
  at: At = null,
): Held {
  return wasHeld(
    await db.query(
      `UPDATE document_processing_jobs SET result_blob_key = $5, result_header = $6, updated_at = ${NOW} WHERE ${FENCE}`,
      [at, ...fence(job), blobKey, JSON.stringify(header)],
    ),
  )
}

/** Where a job's own result is stored; null when nowhere. */
export async function readResultKey(db: Queryable, job: Pick<ClaimedJob, 'id'>): Promise<string | null> {
  const { rows } = await db.query<{ result_blob_key: string | null }>(
    'SELECT result_blob_key FROM document_processing_jobs WHERE id = $1',
    [job.id],
  )
  return rows[0]?.result_blob_key ?? null
}

/** How many pages a job has; null until the document was opened. */
export async function readPagesTotal(db: Queryable, job: Pick<ClaimedJob, 'id'>): Promise<number | null> {
  const { rows } = await db.query<{ pages_total: number | null }>(
    'SELECT pages_total FROM document_processing_jobs WHERE id = $1',
    [job.id],
  )
  return rows[0]?.pages_total ?? null
}

/** A time of the database's clock, or so many milliseconds from now by it: the clocks of hosts differ. */
export type When = Date | { inMs: number }

/** Lets go of a job whose provider works on it: nobody holds it until `pollAt`. The operation is safe once this resolves. */
export async function waitForProvider(db: Queryable, job: Fence, operation: string, pollAt: When, at: At = null): Held {
  const [date, inMs] = pollAt instanceof Date ? [pollAt, 0] : [null, pollAt.inMs]
  return wasHeld(
    await db.query(
      // At 0 in the fair order: a poll costs little, what it fetches is paid for, and a pause does not hold it up.
      `UPDATE document_processing_jobs SET locked_by = NULL, operation = $5, due_at = coalesce($6, ${NOW} + make_interval(secs => $7::float8 / 1000)),
         priority = 0, updated_at = ${NOW} WHERE ${FENCE}`,
      [at, ...fence(job), operation, date, inMs],
    ),
  )
}

export type Postponement = {
  /** When the provider, or a quota, lets somebody in again. */
  until: Date
  /** Between two that are let in, in milliseconds. */
  spacingMs: number
  /** Why, for whoever looks at the job. */
  code: ErrorCode
  log: string
}

/** Counted no further: who is let in after so many others is looked at again then. */
const FARTHEST = 10_000

/**
 * Puts a job back that may not go on now, through no fault of its own; no attempt is used up. It is due when its turn comes among those
 * that wait for the same, in the fair order: 2,000 that were all due at once would all be claimed again for each one that is let in.
 * @returns when it is due, or null when the claim is stale
 */
export async function postpone(db: Queryable, job: Fence, why: Postponement, at: At = null): Promise<Date | null> {
  const { rows } = await db.query<{ due_at: Date }>(
    `WITH ahead AS (
       SELECT count(*) AS jobs FROM (
         SELECT error_code FROM document_processing_jobs
         WHERE ready AND priority > 0 AND priority < (SELECT priority FROM document_processing_jobs WHERE id = $2) LIMIT ${FARTHEST}) AS waiting
       WHERE error_code = $7
     )
     UPDATE document_processing_jobs AS job
     SET status = 'PENDING', locked_by = NULL, attempts = attempts - 1, error_code = $7, error_log = $8, updated_at = ${NOW}, ${BACK_IN_LINE},
         due_at = $5::timestamptz + make_interval(secs => (SELECT jobs FROM ahead) * $6::float8 / 1000)
     WHERE ${FENCE} RETURNING due_at`,
    [at, ...fence(job), why.until, why.spacingMs, why.code, why.log],
  )
  return rows[0]?.due_at ?? null
}
