import type { Page } from '@adp/contract/analyze-result.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'
import type { Queryable } from '../db/client.ts'
import type DocumentProcessingJobs from '../db/generated/public/DocumentProcessingJobs.ts'

/**
 * All SQL of jobs; that of workers is in liveness.ts. Every unfinished job is held (`locked_by`, a live worker has it) or due (`due_at`, nobody has it).
 *
 * `at` is the time that counts as now. Production passes null, which means the database's clock: hosts' clocks differ. Tests pass
 * their own. The first parameter of each statement is that time.
 */
export type At = Date | null

export const NOW = 'coalesce($1::timestamptz, now())'

/** Notified when a job became due; every worker listens. */
export const JOBS_CHANNEL = 'document_processing_jobs'

/** A job as its holder knows it. `id` with `claim` and `worker_id` is the fence: each write below names all three. */
export type ClaimedJob = Pick<
  DocumentProcessingJobs,
  'id' | 'claim' | 'document_id' | 'attempts' | 'max_attempts' | 'operation'
> & { worker_id: number }

type Fence = Pick<ClaimedJob, 'id' | 'claim' | 'worker_id'>

// ---------------------------------------------------------------------------------------------------- enqueue

/** Makes a PENDING job for each document, due now, and wakes the workers at commit. In the caller's transaction. */
export async function enqueue(
  client: Queryable,
  documentIds: string[],
  maxAttempts: number,
  at: At = null,
): Promise<void> {
  await client.query(
    `WITH enqueued AS (
       INSERT INTO document_processing_jobs (document_id, max_attempts, due_at, created_at, updated_at)
       SELECT document_id, $3, ${NOW}, ${NOW}, ${NOW} FROM unnest($2::uuid[]) WITH ORDINALITY AS given (document_id, n) ORDER BY n
     )
     SELECT pg_notify('${JOBS_CHANNEL}', '')`,
    [at, documentIds, maxAttempts],
  )
}

// ---------------------------------------------------------------------------------------------------- claim

/**
 * Takes up to `limit` due jobs for a worker. A job that was PENDING begins an attempt; one that waited for its provider goes on with the
 * attempt it is in. A worker that has been swept gets nothing: the share lock on its row makes a sweep wait for the claim, or the
 * claim see the sweep.
 */
export async function claim(
  db: Queryable,
  worker: { id: number; name: string },
  limit: number,
  at: At = null,
): Promise<ClaimedJob[]> {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit must be a positive integer, not ${limit}`)
  // A literal LIMIT and = ANY(ARRAY(...)) keep the plan an index scan; a prepared LIMIT $n joined to it became a hash join of the table.
  const { rows } = await db.query<ClaimedJob>({
    name: `claim ${limit}`,
    text: `
      WITH me AS MATERIALIZED (SELECT id FROM workers WHERE id = $2 FOR KEY SHARE),
      claimed AS (
        UPDATE document_processing_jobs
        SET status = 'PROCESSING', locked_by = $2, claim = claim + 1, attempts = attempts + (status = 'PENDING')::int,
            started_at = coalesce(started_at, ${NOW}), updated_at = ${NOW}
        WHERE id = ANY (ARRAY(
          SELECT id FROM document_processing_jobs
          WHERE ready AND due_at <= ${NOW} AND EXISTS (SELECT FROM me)
          ORDER BY priority, due_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED))
        RETURNING id, claim, locked_by AS worker_id, document_id, attempts, max_attempts, operation
      ),
      opened AS (
        INSERT INTO document_processing_attempts (job_id, claim, attempt, worker, started_at)
        SELECT id, claim, attempts, $3, ${NOW} FROM claimed
        WHERE NOT EXISTS (SELECT FROM document_processing_attempts WHERE job_id = claimed.id AND ended_at IS NULL)
      )
      SELECT * FROM claimed ORDER BY id`,
    values: [at, worker.id, worker.name],
  })
  return rows
}

// ---------------------------------------------------------------------------------------------------- while held

const FENCE = 'id = $2 AND claim = $3 AND locked_by = $4'
const fence = (job: Fence) => [job.id, job.claim, job.worker_id]

/** Each of these resolves to false when the claim is stale: another worker has the job, or it is gone, and nothing was written. */
type Held = Promise<boolean>

export const wasHeld = (result: { rowCount: number | null }) => result.rowCount === 1

/** Records how many pages the document has. */
export async function recordPagesTotal(
  db: Queryable,
  job: Fence,
  pagesTotal: number,
  provider: string,
  at: At = null,
): Held {
  return wasHeld(
    await db.query(
      `UPDATE document_processing_jobs SET pages_total = $5, provider = $6, updated_at = ${NOW} WHERE ${FENCE}`,
      [at, ...fence(job), pagesTotal, provider],
    ),
  )
}

/** Stores a page and counts it. Sent again after an answer that was lost, it changes nothing. */
export async function storePage(db: Queryable, job: Fence, page: { content: string; page: Page }, at: At = null): Held {
  return wasHeld(
    await db.query({
      name: 'store page',
      text: `
        WITH held AS (SELECT id FROM document_processing_jobs WHERE ${FENCE} FOR UPDATE),
        stored AS (
          INSERT INTO document_pages (job_id, page_number, content, page) SELECT id, $5, $6, $7 FROM held
          ON CONFLICT DO NOTHING RETURNING page_number
        )
        UPDATE document_processing_jobs SET pages_done = pages_done + (SELECT count(*) FROM stored), updated_at = ${NOW}
        WHERE id = (SELECT id FROM held)`,
      values: [at, ...fence(job), page.page.pageNumber, page.content, JSON.stringify(page.page)],
    }),
  )
}

/** The numbers of the pages that earlier attempts have stored. */
export async function storedPages(db: Queryable, jobId: number): Promise<number[]> {
  const { rows } = await db.query<{ page_number: number }>('SELECT page_number FROM document_pages WHERE job_id = $1', [
    jobId,
  ])
  return rows.map((row) => row.page_number)
}

// ---------------------------------------------------------------------------------------------------- give up the hold

export const CLOSE_ATTEMPT = `UPDATE document_processing_attempts SET ended_at = ${NOW}`
export const OPEN_ATTEMPT_OF = (cte: string) => `FROM ${cte} WHERE job_id = ${cte}.id AND ended_at IS NULL`

/** Ends a job well. Its pages are there: the schema refuses COMPLETED otherwise. */
export async function complete(db: Queryable, job: Fence, at: At = null): Held {
  return wasHeld(
    await db.query({
      name: 'complete',
      text: `
        WITH completed AS (
          UPDATE document_processing_jobs
          SET status = 'COMPLETED', locked_by = NULL, error_code = NULL, error_log = NULL, finished_at = ${NOW}, updated_at = ${NOW}
          WHERE ${FENCE} RETURNING id
        ), closed AS (${CLOSE_ATTEMPT}, outcome = 'COMPLETED' ${OPEN_ATTEMPT_OF('completed')})
        SELECT FROM completed`,
      values: [at, ...fence(job)],
    }),
  )
}

// Used by fail and by the sweep: FAILED for good takes the pages along, since a result is there if and only if the job is COMPLETED.
export const dropPagesOf = (cte: string) =>
  `DELETE FROM document_pages USING ${cte} WHERE job_id = ${cte}.id AND ${cte}.status = 'FAILED'`

export const retryOrFail = (mayRetry: string, dueAt: string) => `
  status = CASE WHEN ${mayRetry} THEN 'PENDING' ELSE 'FAILED' END,
  due_at = CASE WHEN ${mayRetry} THEN ${dueAt} ELSE due_at END,
  finished_at = CASE WHEN ${mayRetry} THEN NULL ELSE ${NOW} END,
  locked_by = NULL, updated_at = ${NOW}`

export type Failure = {
  code: ErrorCode
  log: string
  retryable: boolean /** Until the next attempt, in milliseconds. */
  delayMs: number
}

/** Ends an attempt badly: PENDING again after the delay while the error is retryable and attempts remain, else FAILED. */
export async function fail(db: Queryable, job: Fence, failure: Failure, at: At = null): Held {
  return wasHeld(
    await db.query(
      `WITH failed AS (
         UPDATE document_processing_jobs
         SET ${retryOrFail('$5 AND attempts < max_attempts', `${NOW} + make_interval(secs => $6::float8 / 1000)`)},
             error_code = $7, error_log = $8
         WHERE ${FENCE} RETURNING id, status
       ),
       closed AS (${CLOSE_ATTEMPT}, outcome = 'FAILED', error_code = $7, error_log = $8 ${OPEN_ATTEMPT_OF('failed')}),
       dropped AS (${dropPagesOf('failed')})
       SELECT FROM failed`,
      [at, ...fence(job), failure.retryable, failure.delayMs, failure.code, failure.log],
    ),
  )
}

const giveBack = (which: string) => `
  WITH released AS (
    UPDATE document_processing_jobs
    SET status = 'PENDING', due_at = ${NOW}, locked_by = NULL, attempts = attempts - 1, updated_at = ${NOW}
    WHERE ${which} RETURNING id
  ),
  closed AS (${CLOSE_ATTEMPT}, outcome = 'RELEASED' ${OPEN_ATTEMPT_OF('released')}),
  woken AS MATERIALIZED (SELECT pg_notify('${JOBS_CHANNEL}', '') FROM released)
  SELECT FROM released, woken`

/** Gives a job back unfinished, due at once: the worker stops. No attempt is used up. */
export async function release(db: Queryable, job: Fence, at: At = null): Held {
  return wasHeld(await db.query(giveBack(FENCE), [at, ...fence(job)]))
}

/**
 * Gives back what a worker holds without knowing it: the answer to a claim was lost, or how a job ended could not be written. Looks
 * through the whole table, so it is for such moments only.
 * @param running the jobs that the worker does know of
 */
export async function releaseForgotten(
  db: Queryable,
  workerId: number,
  running: number[],
  at: At = null,
): Promise<number> {
  const { rowCount } = await db.query(giveBack('locked_by = $2 AND id <> ALL ($3::bigint[])'), [at, workerId, running])
  return rowCount ?? 0
}

/** Lets go of a job whose provider works on it: nobody holds it until `pollAt`. The operation is safe once this resolves. */
export async function waitForProvider(db: Queryable, job: Fence, operation: string, pollAt: Date, at: At = null): Held {
  return wasHeld(
    await db.query(
      `UPDATE document_processing_jobs SET locked_by = NULL, operation = $5, due_at = $6, updated_at = ${NOW} WHERE ${FENCE}`,
      [at, ...fence(job), operation, pollAt],
    ),
  )
}
