import type { Queryable } from '../db/client.ts'
import { type At, NOW } from './sql.ts'

/**
 * All SQL of retention. What is too old is found by walking through the jobs in the order of their ids, a piece each time, so that no
 * statement ever looks at a million rows; at the end the walk begins anew.
 */

/** Jobs that one step of the walk looks at. */
const PIECE = 10_000
/** Rows that one statement deletes. */
const BATCH = 1_000
const BEGINNING = 0

/** The last job of the piece that begins behind `after`; null when the piece reaches the end. */
async function endOfPiece(db: Queryable, after: number): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT id FROM document_processing_jobs WHERE id > $1 ORDER BY id OFFSET ${PIECE - 1} LIMIT 1`,
    [after],
  )
  return rows[0]?.id ?? null
}

const IN_PIECE = 'job.id > $2 AND job.id <= coalesce($3, 9223372036854775807)'
const newest = (which = 'true') =>
  `(SELECT max(other.id) FROM document_processing_jobs AS other WHERE other.document_id = job.document_id AND ${which})`

/**
 * Deletes, with their attempts and pages, the jobs of one piece that finished more than `days` ago and are neither their document's
 * newest, which says where it stands, nor its newest COMPLETED one, whose result is shown.
 * @param after where the walk has come to; 0 at its beginning
 * @returns how many were deleted, and where the walk goes on
 */
export async function pruneJobs(
  db: Queryable,
  after: number,
  days: number,
  at: At = null,
): Promise<{ jobs: number; next: number }> {
  const end = await endOfPiece(db, after)
  const { rows } = await db.query<{ id: number; pages_done: number }>(
    `SELECT id, pages_done FROM document_processing_jobs AS job
     WHERE ${IN_PIECE} AND finished_at < ${NOW} - make_interval(days => $4)
       AND id < ${newest()} AND id IS DISTINCT FROM ${newest(`other.status = 'COMPLETED'`)}
     ORDER BY id`,
    [at, after, end, days],
  )
  let jobs = 0
  for (const ids of inBatches(rows)) {
    // What is found stays what it was: a finished job never changes, and a newer one stays newer. One whose document is being deleted is
    // left to that, since two deletions that wait for each other's rows would be a deadlock.
    const { rowCount } = await db.query(
      `DELETE FROM document_processing_jobs WHERE id = ANY (ARRAY(
         SELECT id FROM document_processing_jobs WHERE id = ANY ($1::bigint[]) FOR UPDATE SKIP LOCKED))`,
      [ids],
    )
    jobs += rowCount ?? 0
  }
  return { jobs, next: end ?? BEGINNING }
}

/** Ids in batches of a thousand rows, pages counted; a job of more pages than that is a batch of its own. */
function inBatches(jobs: { id: number; pages_done: number }[]): number[][] {
  const batches: number[][] = []
  let rows = BATCH
  for (const { id, pages_done } of jobs) {
    rows += 1 + pages_done
    if (rows > BATCH) {
      batches.push([])
      rows = 1 + pages_done
    }
    batches.at(-1)?.push(id)
  }
  return batches
}

/** True of a document whose newest job finished more than `days` ago. Only the newest can be unfinished. */
export const isExpired = (documentId: string, days: string) => `(
  (SELECT finished_at FROM document_processing_jobs WHERE document_id = ${documentId} ORDER BY id DESC LIMIT 1) < ${NOW} - make_interval(days => ${days}))`

/**
 * Up to a thousand documents of one piece whose newest job finished more than `days` ago.
 * @param after where the walk has come to; 0 at its beginning
 * @returns their ids, and where the walk goes on
 */
export async function findExpiredDocuments(
  db: Queryable,
  after: number,
  days: number,
  at: At = null,
): Promise<{ documentIds: string[]; next: number }> {
  const end = await endOfPiece(db, after)
  const { rows } = await db.query<{ id: number; document_id: string }>(
    `SELECT id, document_id FROM document_processing_jobs AS job
     WHERE ${IN_PIECE} AND finished_at < ${NOW} - make_interval(days => $4) AND id = ${newest()} ORDER BY id LIMIT ${BATCH}`,
    [at, after, end, days],
  )
  const next = rows.length === BATCH ? rows.at(-1)?.id : end
  return { documentIds: rows.map((row) => row.document_id), next: next ?? BEGINNING }
}
