import { ErrorCode } from '@adp/contract/errors.ts'
import type { DeadLetter, DeadLetterList } from '@adp/contract/queue.ts'
import { type Pool, type PoolClient, type Queryable, transaction } from '../db/client.ts'
import { enqueue } from './enqueue.ts'
import type { At } from './sql.ts'
import type { WakeUp } from './wake-up.ts'

/**
 * All SQL of dead letters: jobs that are FAILED, were not canceled and are the newest of a document that is there. Walked through along
 * the index that has only FAILED ones; the subselects look up each one's document, where joins became hash joins of the whole tables.
 */
const IS_DEAD_LETTER = `
  job.dead_letter
  AND job.id = (SELECT max(newest.id) FROM document_processing_jobs AS newest WHERE newest.document_id = job.document_id)
  AND (SELECT deleted_at IS NULL FROM documents WHERE id = job.document_id)`

/** Counted up to here: beyond it the number changes nothing for whoever reads it. */
const MOST = 10_000

/** How many there are, up to 10,000. */
export async function countDeadLetters(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT FROM document_processing_jobs AS job WHERE ${IS_DEAD_LETTER} LIMIT ${MOST}) AS counted`,
  )
  return rows[0]?.n ?? 0
}

export type DeadLetterFilter = { errorCode?: ErrorCode | undefined }

/** A page of them, newest first. @param query.before the job id that the page before ended with */
export async function listDeadLetters(
  db: Queryable,
  query: DeadLetterFilter & { limit: number; before?: number | undefined },
): Promise<DeadLetterList> {
  const { rows } = await db.query<Omit<DeadLetter, 'failed_at'> & { failed_at: Date }>(
    `SELECT job.document_id, job.id AS job_id, document.filename, job.attempts, job.error_code, job.error_log, job.finished_at AS failed_at
     FROM document_processing_jobs AS job JOIN documents AS document ON document.id = job.document_id
     WHERE ${IS_DEAD_LETTER} AND job.id < coalesce($1, 9223372036854775807) AND ($2::text IS NULL OR job.error_code = $2)
     ORDER BY job.id DESC LIMIT $3`,
    // One more than asked for tells whether there is a next page.
    [query.before ?? null, query.errorCode ?? null, query.limit + 1],
  )
  const page = rows.slice(0, query.limit)
  const dead_letters = page.map((row) => ({
    ...row,
    // A code of a newer version, during a rolling update, is still an error.
    error_code: ErrorCode.catch('internal_error').parse(row.error_code),
    failed_at: row.failed_at.toISOString(),
  }))
  return { dead_letters, next_cursor: rows.length > query.limit ? String(page.at(-1)?.job_id) : null }
}

export type RetryOptions = DeadLetterFilter & {
  maxAttempts: number
  /** Called after each commit that made jobs. */
  wakeUp: Pick<WakeUp, 'send'>
  /** How many documents one transaction takes. */
  batch?: number
}

/**
 * Makes a new job for every dead letter there is now, behind those of people: the same submitter, low priority. Of two that do it at once
 * each document gets one job.
 * @returns how many jobs were made
 */
export async function retryDeadLetters(pool: Pool, options: RetryOptions, at: At = null): Promise<number> {
  const { rows } = await pool.query<{ last: number | null }>(
    'SELECT max(id) AS last FROM document_processing_jobs WHERE dead_letter',
  )
  // What fails again meanwhile has a greater id, and is for the next time.
  const last = rows[0]?.last ?? 0
  let made = 0
  for (let after = 0; after < last; ) {
    const batch = await transaction(pool, (client) => retryBatch(client, { ...options, after, last }, at))
    if (batch.jobs > 0) options.wakeUp.send()
    made += batch.jobs
    after = batch.next ?? last
  }
  return made
}

async function retryBatch(client: PoolClient, options: RetryOptions & { after: number; last: number }, at: At) {
  const { after, last, errorCode = null, maxAttempts, batch = 1_000 } = options
  const locked = await client.query<{ id: number }>(
    `SELECT job.id FROM document_processing_jobs AS job JOIN documents AS document ON document.id = job.document_id
     WHERE ${IS_DEAD_LETTER} AND job.id > $1 AND job.id <= $2 AND ($3::text IS NULL OR job.error_code = $3)
     ORDER BY job.id LIMIT ${batch} FOR UPDATE OF document SKIP LOCKED`,
    [after, last, errorCode],
  )
  const ids = locked.rows.map((row) => row.id)
  // Looked at again now that nobody else can give them jobs: the statement that locked them may have begun before somebody did.
  const still = await client.query<{ document_id: string; submitter: string }>(
    `SELECT job.document_id, job.submitter FROM document_processing_jobs AS job
     WHERE job.id = ANY ($1::bigint[]) AND ${IS_DEAD_LETTER} ORDER BY job.id`,
    [ids],
  )
  for (const [submitter, rows] of Map.groupBy(still.rows, (row) => row.submitter)) {
    const documentIds = rows.map((row) => row.document_id)
    await enqueue(client, { documentIds, maxAttempts, submitter, priority: 'low' }, at)
  }
  return { jobs: still.rows.length, next: ids.length === batch ? ids.at(-1) : undefined }
}
