import type { Queryable } from '../db/client.ts'
import type { ClaimedJob } from './job-queue.ts'
import { insertPages, pageValues, type StoredPage } from './pages.ts'
import { type At, FENCE, fence, fenceFrom, type Held, MAY_BE_CLAIMED, NOW, OFFERED_CHANNEL, wasHeld } from './sql.ts'

/**
 * The SQL of pages that the holder of a job shares with other readers: readers of its own worker and of others, each of which takes one page
 * at a time. What they write names the holder's claim, as the holder's own writes do, and their worker besides, which has to be alive.
 */

type Fence = Pick<ClaimedJob, 'id' | 'claim' | 'worker_id'>

/** Who reads: one of a worker's slots, under a name of its own (a UUID), so that a page whose take was not answered is found again. */
export type PageReader = { id: string; workerId: number }

/** A page that a reader has taken, with the fence of the job's holder. */
export type TakenPage = Pick<ClaimedJob, 'id' | 'claim' | 'worker_id' | 'document_id'> & { page_number: number }

/** Nobody has it, or only a reader that forgot it, or a worker that is gone. */
const isFree = (reader: string) =>
  `(taken_by IS NULL OR reader = ${reader} OR NOT EXISTS (SELECT FROM workers WHERE id = taken_by))`

/** Offers pages of a held job to whoever has a slot free, and tells them. Sent again after an answer that was lost, it changes nothing. */
export async function offerPages(db: Queryable, job: Fence, pages: number[]): Held {
  return wasHeld(
    await db.query(
      `WITH held AS (SELECT id FROM document_processing_jobs WHERE ${fenceFrom(1)} FOR UPDATE),
       offered AS (
         INSERT INTO shared_pages (job_id, page_number)
         SELECT id, page_number FROM held, unnest($4::integer[]) AS page_number
         WHERE NOT EXISTS (SELECT FROM document_pages AS stored WHERE stored.job_id = id AND stored.page_number = page_number.page_number)
         ON CONFLICT DO NOTHING
       )
       SELECT pg_notify('${OFFERED_CHANNEL}', '') FROM held`,
      [...fence(job), pages],
    ),
  )
}

export type OwnTurn = {
  /** The page that the holder has now; null when others have all that are left. */
  page: number | null
  /** How many pages are not stored yet. */
  left: number
}

/**
 * Takes the next free page of a job for its holder, those at which somebody failed last.
 * @returns null when the claim is stale
 */
export async function takeOwnPage(db: Queryable, job: Fence, readerId: string): Promise<OwnTurn | null> {
  const { rows } = await db.query<OwnTurn>({
    name: 'take own page',
    text: `
      WITH held AS MATERIALIZED (SELECT id FROM document_processing_jobs WHERE ${fenceFrom(1)}),
      free AS MATERIALIZED (
        SELECT job_id, page_number FROM shared_pages WHERE job_id = (SELECT id FROM held) AND ${isFree('$4')}
        ORDER BY holder_only, page_number LIMIT 1 FOR UPDATE SKIP LOCKED),
      taken AS (
        UPDATE shared_pages AS shared SET taken_by = $3, reader = $4 FROM free
        WHERE shared.job_id = free.job_id AND shared.page_number = free.page_number RETURNING shared.page_number)
      SELECT (SELECT page_number FROM taken) AS page, (SELECT count(*)::integer FROM shared_pages WHERE job_id = held.id) AS left FROM held`,
    values: [...fence(job), readerId],
  })
  return rows[0] ?? null
}

export type HelpersTurn = {
  page: TakenPage | null
  /** Whether there are shared pages at all, though none may be taken now. */
  mayComeLater: boolean
}

/**
 * Takes the next free page of any job, in the fair order, for a slot that has nothing to do. Jobs go first: while one is due, nothing is taken.
 * A worker that has been swept gets nothing, as with a claim.
 * @param jobId of this job alone
 */
export async function takePage(
  db: Queryable,
  reader: PageReader,
  jobId: number | null = null,
  at: At = null,
): Promise<HelpersTurn> {
  const { rows } = await db.query<TakenPage>({
    name: 'take page',
    text: `
      WITH me AS MATERIALIZED (SELECT id FROM workers WHERE id = $2 FOR KEY SHARE),
      free AS MATERIALIZED (
        SELECT shared.job_id, shared.page_number
        FROM shared_pages AS shared JOIN document_processing_jobs AS job ON job.id = shared.job_id
        WHERE NOT holder_only AND locked_by IS NOT NULL AND ${isFree('$3')} AND ($4::bigint IS NULL OR shared.job_id = $4) AND EXISTS (SELECT FROM me)
          AND NOT EXISTS (SELECT FROM document_processing_jobs WHERE ${MAY_BE_CLAIMED} AND due_at <= ${NOW})
        ORDER BY job.priority, shared.job_id, shared.page_number LIMIT 1 FOR UPDATE OF shared SKIP LOCKED),
      taken AS (
        UPDATE shared_pages AS shared SET taken_by = $2, reader = $3 FROM free
        WHERE shared.job_id = free.job_id AND shared.page_number = free.page_number RETURNING shared.job_id, shared.page_number)
      SELECT job.id, claim, locked_by AS worker_id, document_id, page_number
      FROM taken JOIN document_processing_jobs AS job ON job.id = taken.job_id`,
    values: [at, reader.workerId, reader.id, jobId],
  })
  const [page = null] = rows
  if (page) return { page, mayComeLater: true }
  const { rowCount } = await db.query({
    name: 'is a page shared',
    text: 'SELECT FROM shared_pages JOIN document_processing_jobs AS job ON job.id = job_id WHERE locked_by IS NOT NULL LIMIT 1',
  })
  return { page, mayComeLater: rowCount === 1 }
}

/**
 * Stores a page that was taken, counts it, and shares it no more. Sent again after an answer that was lost, it changes nothing. Whether it
 * is the reader's still does not matter: who read it does not change what is on it.
 */
export async function storeSharedPage(
  db: Queryable,
  job: Fence,
  workerId: number,
  page: StoredPage,
  at: At = null,
): Held {
  return wasHeld(
    await db.query({
      name: 'store shared page',
      text: `
        WITH reader AS MATERIALIZED (SELECT id FROM workers WHERE id = $5 FOR KEY SHARE),
        held AS (SELECT id FROM document_processing_jobs WHERE ${FENCE} AND EXISTS (SELECT FROM reader) FOR UPDATE),
        shared AS (DELETE FROM shared_pages USING held WHERE job_id = held.id AND page_number = $6),
        stored AS (${insertPages(6)})
        UPDATE document_processing_jobs SET pages_done = pages_done + (SELECT count(*) FROM stored), updated_at = ${NOW}
        WHERE id = (SELECT id FROM held)`,
      values: [at, ...fence(job), workerId, ...pageValues(page)],
    }),
  )
}

/**
 * Gives back the page that a reader has, if it has one.
 * @param jobId null when the reader does not know of which job
 * @param failed whether it could not be read there: then the job's holder alone reads it
 */
export async function giveBackPage(
  db: Queryable,
  jobId: number | null,
  readerId: string,
  failed: boolean,
): Promise<void> {
  await db.query(
    `WITH back AS (
       UPDATE shared_pages SET taken_by = NULL, reader = NULL, holder_only = $3 
       WHERE ($1::bigint IS NULL OR job_id = $1) AND reader = $2 RETURNING page_number)
     SELECT pg_notify('${OFFERED_CHANNEL}', '') FROM back WHERE NOT $3`,
    [jobId, readerId, failed],
  )
}
