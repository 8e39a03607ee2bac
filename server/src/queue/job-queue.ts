import type { ErrorCode } from '@adp/contract/errors.ts'
import { type Pool, type Queryable, transaction } from '../db/client.ts'
import type DocumentProcessingJobs from '../db/generated/public/DocumentProcessingJobs.ts'
import { insertPages, pageValues, type StoredPage } from './pages.ts'
import {
  ANYWHERE,
  type At,
  BACK_IN_LINE,
  CANCELED_CHANNEL,
  END_ATTEMPT,
  ENDED,
  FENCE,
  fence,
  type Held,
  JOBS_CHANNEL,
  MAY_BE_CLAIMED,
  NOW,
  retryOrFail,
  wasHeld,
} from './sql.ts'

/**
 * The SQL of a job's life from its claim on. Every unfinished job is held (`locked_by`, a live worker has it) or due (`due_at`, nobody
 * has it). Jobs are made in enqueue.ts; workers, and what happens to the jobs of dead ones, are in liveness.ts, those of providers in provider.ts.
 */

/** A job as its holder knows it. `id` with `claim` and `worker_id` is the fence: each write below names all three. */
export type ClaimedJob = Pick<
  DocumentProcessingJobs,
  'id' | 'claim' | 'document_id' | 'attempts' | 'max_attempts' | 'operation'
> & { worker_id: number }

type Fence = Pick<ClaimedJob, 'id' | 'claim' | 'worker_id'>

// ---------------------------------------------------------------------------------------------------- finish and claim

/**
 * Who claims. `epoch` counts how often the worker has given back what it held without knowing: a claim that was sent before, and arrives
 * after, takes nothing.
 */
export type Claimant = { id: number; epoch: number }

/** Where the next claim begins to look in the fair order: what stands before has been claimed already. */
export type From = number

export type Turn = {
  claimed: ClaimedJob[]
  /** Ids of the jobs to be completed whose claim was stale: nothing was written for them. */
  stale: number[]
  /** Where to look next, if the claim found anything. */
  from: From
}

/**
 * Ends jobs well and takes up to `limit` due ones, in one statement. Their pages are there: the schema refuses COMPLETED otherwise. A job
 * that was PENDING begins an attempt; one that waited for its provider goes on with the attempt it is in. A worker that has been swept gets
 * nothing: the share lock on its row makes a sweep wait for this statement, or the statement see the sweep.
 *
 * A turn that only claims does not wait for the disk: it took 1.1 of graphile-worker's time from the call to the handler with that wait, 0.8
 * without. A database that crashes may forget such a claim, for as long as nothing written later is durable: the job is then due again,
 * and who had claimed it holds nothing.
 * @param from where to look in the fair order. Beginning at 0 passes every entry that a transaction held open elsewhere keeps from vacuum
 */
export async function finishAndClaim(
  db: Queryable,
  worker: Claimant,
  completed: Fence[],
  limit: number,
  from: From = 0,
  at: At = null,
): Promise<Turn> {
  if (!Number.isInteger(limit) || limit < 0) throw new RangeError(`limit must be a whole number, not ${limit}`)
  const { rows } = await db.query<ClaimedJob & { priority: number; completed: number[] | null }>({
    // A literal LIMIT and = ANY(ARRAY(...)) keep the plan an index scan; a prepared LIMIT $n joined to it became a hash join of the table.
    // The rows are locked, so their ctid stays where it is; by their id they would all be looked up a second time.
    name: `finish and claim ${limit}`,
    text: `
      WITH me AS MATERIALIZED (
        SELECT id, name, epoch, CASE WHEN cardinality($3::bigint[]) = 0 THEN set_config('synchronous_commit', 'off', true) END
        FROM workers WHERE id = $2 FOR KEY SHARE),
      done AS (SELECT * FROM unnest($3::bigint[], $4::integer[]) AS done (id, claim)),
      completed AS (
        UPDATE document_processing_jobs AS job
        SET status = 'COMPLETED', locked_by = NULL, error_code = NULL, error_log = NULL, finished_at = ${NOW}, updated_at = ${NOW}
        FROM done, me WHERE job.id = done.id AND job.claim = done.claim AND job.locked_by = me.id
        RETURNING job.id, job.claim, job.attempts, job.attempt_started_at
      ),
      ended AS (
        INSERT INTO document_processing_attempts (job_id, claim, attempt, worker, started_at, ended_at, outcome)
        SELECT completed.id, claim, attempts, me.name, attempt_started_at, ${NOW}, 'COMPLETED' FROM completed, me
      ),
      claimed AS (
        UPDATE document_processing_jobs
        SET status = 'PROCESSING', locked_by = $2, claim = claim + 1, attempts = attempts + (status = 'PENDING')::int,
            started_at = coalesce(started_at, ${NOW}), updated_at = ${NOW},
            attempt_started_at = CASE status WHEN 'PENDING' THEN ${NOW} ELSE attempt_started_at END
        WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM document_processing_jobs
          WHERE ${MAY_BE_CLAIMED} AND priority >= $5
            AND due_at <= ${NOW} AND EXISTS (SELECT FROM me WHERE epoch = $6)
          ORDER BY priority, due_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED))
        RETURNING id, claim, document_id, attempts, max_attempts, operation, priority
      )
      SELECT *, NULL::bigint[] AS completed FROM claimed
      UNION ALL
      SELECT 0, 0, NULL, NULL, NULL, NULL, NULL, ARRAY(SELECT id FROM completed)
      WHERE (SELECT count(*) FROM completed) < cardinality($3::bigint[])`,
    values: [at, worker.id, completed.map((job) => job.id), completed.map((job) => job.claim), from, worker.epoch],
  })
  const turn: Turn = { claimed: [], stale: [], from }
  // By their ctid they came in the order of the table.
  for (const row of rows.sort((a, b) => a.priority - b.priority || a.id - b.id)) {
    const { id, claim, document_id, attempts, max_attempts, operation } = row
    if (row.completed) turn.stale = completed.flatMap((job) => (row.completed?.includes(job.id) ? [] : [job.id]))
    else turn.claimed.push({ id, claim, worker_id: worker.id, document_id, attempts, max_attempts, operation })
    turn.from = Math.max(turn.from, row.priority)
  }
  return turn
}

/** Takes up to `limit` due jobs for a worker, in its first epoch unless it says another. */
export async function claim(db: Queryable, worker: { id: number; epoch?: number }, limit: number, at: At = null) {
  return (await finishAndClaim(db, { epoch: 0, ...worker }, [], limit, 0, at)).claimed
}

/** Ends a job well. */
export async function complete(db: Queryable, job: Fence, at: At = null): Held {
  return (await finishAndClaim(db, { id: job.worker_id, epoch: 0 }, [job], 0, 0, at)).stale.length === 0
}

// ---------------------------------------------------------------------------------------------------- while held

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

/**
 * Stores a page, or why it cannot be read, and counts it; or several: all of them, or none when the claim is stale. Sent again after an
 * answer that was lost, it changes nothing.
 */
export async function storePage(
  db: Queryable,
  job: Fence,
  page: StoredPage | readonly StoredPage[],
  at: At = null,
): Held {
  const pages = [page].flat()
  return wasHeld(
    await db.query({
      name: `store ${pages.length} pages`,
      text: `
        WITH held AS (SELECT id FROM document_processing_jobs WHERE ${FENCE} FOR UPDATE),
        stored AS (${insertPages(5, pages.length)})
        UPDATE document_processing_jobs SET pages_done = pages_done + (SELECT count(*) FROM stored), updated_at = ${NOW}
        WHERE id = (SELECT id FROM held)`,
      values: [at, ...fence(job), ...pages.flatMap(pageValues)],
    }),
  )
}

/** The numbers of the pages that earlier attempts have stored. */
export async function storedPages(db: Queryable, jobId: number): Promise<number[]> {
  const text = 'SELECT page_number FROM document_pages WHERE job_id = $1'
  return (await db.query(text, [jobId])).rows.map((row) => row.page_number)
}

// ---------------------------------------------------------------------------------------------------- give up the hold

export type Failure = {
  code: ErrorCode
  log: string
  retryable: boolean
  /** Until the next attempt, in milliseconds. */
  delayMs: number
}

/** Ends an attempt badly: PENDING again after the delay while the error is retryable and attempts remain, else FAILED. */
export async function fail(db: Queryable, job: Fence, failure: Failure, at: At = null): Held {
  return wasHeld(
    await db.query(
      `WITH failed AS (
         UPDATE document_processing_jobs AS job
         SET ${retryOrFail('$5 AND attempts < max_attempts', `${NOW} + make_interval(secs => $6::float8 / 1000)`)},
             error_code = $7, error_log = $8
         WHERE ${FENCE} RETURNING ${ENDED}
       ),
       ended AS (
         ${END_ATTEMPT}
         SELECT failed.id, claim, attempts, worker.name, attempt_started_at, ${NOW}, 'FAILED', $7, $8
         FROM failed LEFT JOIN workers AS worker ON worker.id = $4
       )
       SELECT FROM failed`,
      [at, ...fence(job), failure.retryable, failure.delayMs, failure.code, failure.log],
    ),
  )
}

const giveBack = (which: string, workerId: string) => `
  WITH released AS (
    UPDATE document_processing_jobs AS job
    SET status = 'PENDING', due_at = ${NOW}, locked_by = NULL, attempts = attempts - 1, updated_at = ${NOW}, ${BACK_IN_LINE}
    WHERE ${which} RETURNING ${ENDED}
  ),
  ended AS (
    ${END_ATTEMPT}
    SELECT released.id, claim, attempts + 1, worker.name, attempt_started_at, ${NOW}, 'RELEASED', NULL, NULL
    FROM released LEFT JOIN workers AS worker ON worker.id = ${workerId}
  ),
  woken AS MATERIALIZED (SELECT pg_notify('${JOBS_CHANNEL}', '${ANYWHERE}') WHERE EXISTS (SELECT FROM released))
  SELECT FROM released, woken`

/** Gives a job back unfinished, due at once: the worker stops. No attempt is used up. */
export async function release(db: Queryable, job: Fence, at: At = null): Held {
  return wasHeld(await db.query(giveBack(FENCE, '$4'), [at, ...fence(job)]))
}

/**
 * Gives back what a worker holds without knowing it: the answer to a claim was lost, or how a job ended could not be written. Looks
 * through the whole table, so it is for such moments only. From here on its claims need this epoch: one of before that is still on its
 * way, after a cut, takes nothing when it arrives.
 * @param worker with an epoch that was never sent before; when this arrives after a later one, it does nothing
 * @param known the jobs that the worker does know of
 * @returns how many jobs were given back
 */
export function releaseForgotten(pool: Pool, worker: Claimant, known: number[], at: At = null): Promise<number> {
  return transaction(pool, async (client) => {
    // Locked first, in a statement of its own: a claim under way shares its worker's row, and the next statement sees what it took.
    const { rowCount } = await client.query(
      'UPDATE workers SET epoch = $2 WHERE id = (SELECT id FROM workers WHERE id = $1 AND epoch < $2 FOR UPDATE)',
      [worker.id, worker.epoch],
    )
    if (rowCount === 0) return 0
    const released = await client.query(giveBack('locked_by = $2 AND id <> ALL ($3::bigint[])', '$2'), [
      at,
      worker.id,
      known,
    ])
    return released.rowCount ?? 0
  })
}

// ---------------------------------------------------------------------------------------------------- cancel

/**
 * Ends a document's unfinished job as FAILED with the code `canceled`, whoever holds it, and tells the holder. What the holder still
 * writes is refused from here on.
 * @returns whether there was one
 */
export async function cancel(db: Queryable, documentId: string, log: string, at: At = null): Promise<boolean> {
  const { rows } = await db.query(
    `WITH unfinished AS (
       SELECT job.id, job.status, worker.name AS worker FROM document_processing_jobs AS job LEFT JOIN workers AS worker ON worker.id = locked_by
       WHERE document_id = $2 AND status IN ('PENDING', 'PROCESSING') FOR UPDATE OF job
     ),
     canceled AS (
       UPDATE document_processing_jobs AS job
       SET status = 'FAILED', locked_by = NULL, error_code = 'canceled', error_log = $3, finished_at = ${NOW}, updated_at = ${NOW}
       FROM unfinished WHERE job.id = unfinished.id RETURNING ${ENDED}, unfinished.status AS was, worker
     ),
     ended AS (
       ${END_ATTEMPT}
       SELECT id, claim, attempts, worker, attempt_started_at, ${NOW}, 'CANCELED', NULL, NULL FROM canceled WHERE was = 'PROCESSING'
     )
     SELECT pg_notify('${CANCELED_CHANNEL}', id::text) FROM canceled`,
    [at, documentId, log],
  )
  return rows.length > 0
}

/** Those of the jobs that the worker holds no more: canceled, deleted or taken by others while it was not connected. */
export async function notHeld(db: Queryable, workerId: number, jobs: number[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT id FROM unnest($2::bigint[]) AS known (id)
     WHERE NOT EXISTS (SELECT FROM document_processing_jobs AS job WHERE job.id = known.id AND locked_by = $1)`,
    [workerId, jobs],
  )
  return rows.map((row) => row.id)
}
