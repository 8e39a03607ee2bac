import type { Job } from '@adp/contract/job.ts'
import { isFinished } from '@adp/contract/job.ts'
import { hasPage, type PageRange } from '@adp/contract/page-ranges.ts'
import { type Pool, type Queryable, transaction } from '../db/client.ts'
import { enqueue } from '../queue/enqueue.ts'
import * as queue from '../queue/job-queue.ts'
import { copyPages, failedPages } from '../queue/pages.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { ProblemError } from './problem.ts'
import { findResultJob, readStatus } from './read-documents.ts'

/**
 * Makes a new job for a document; the old ones, their attempts and the last result stay.
 * @param only of the pages that the last result could not read, those that are read again; the new job has the others from the beginning.
 * Without it all pages are read
 * @throws ProblemError document_not_found, job_in_progress, no_failed_page
 */
export async function reprocessDocument(pool: Pool, id: string, maxAttempts: number, only?: FailedPages): Promise<Job> {
  return transaction(pool, async (client) => {
    // The row lock lets one of two at once through; the other then sees its job in progress.
    await client.query('SELECT FROM documents WHERE id = $1 FOR UPDATE', [id])
    const newest = await readStatus(client, id)
    if (!isFinished(newest.status))
      throw new ProblemError('job_in_progress', `The document is ${newest.status}: ${newest.phase_text}.`)
    const kept = only && (await chooseFailed(client, id, only))
    await enqueue(client, { documentIds: [id], maxAttempts, submitter: newest.submitter ?? '' })
    if (kept) await copyPages(client, kept.jobId, (await readStatus(client, id)).id, kept.again)
    return readStatus(client, id)
  })
}

/** `failed`: all of them. */
export type FailedPages = 'failed' | readonly PageRange[]

/** Of the document's result, which pages are to be read again. @throws ProblemError no_failed_page */
async function chooseFailed(db: Queryable, id: string, only: FailedPages): Promise<{ jobId: number; again: number[] }> {
  const result = await findResultJob(db, id)
  const failed = result ? await failedPages(db, result.id) : []
  const again = failed.map((page) => page.page_number).filter((page) => only === 'failed' || hasPage(only, page))
  if (!result || again.length === 0)
    throw new ProblemError('no_failed_page', 'See `failed_pages` of the status for those that there are.')
  return { jobId: result.id, again }
}

/**
 * Ends a document's unfinished job; whoever holds it stops within a second or two.
 * @throws ProblemError document_not_found, job_finished
 */
export async function cancelJob(pool: Pool, id: string): Promise<Job> {
  const before = await readStatus(pool, id)
  const canceled = await queue.cancel(pool, id, 'Canceled on request.')
  if (!canceled) throw new ProblemError('job_finished', `The document is ${before.status}: ${before.phase_text}.`)
  return readStatus(pool, id)
}

/**
 * Deletes a document and what is attached to it: from here on they are not found, then their bytes go, then their rows. A worker that has
 * one is told, and refused at its next write.
 * @throws ProblemError document_not_found
 */
export async function deleteDocument(pool: Pool, blobs: BlobStore, id: string): Promise<void> {
  const buried = await transaction(pool, (client) => bury(client, id))
  if (buried.length === 0) throw new ProblemError('document_not_found')
  for (const document of buried) await queue.cancel(pool, document.id, 'The document was deleted.')
  // What is attached goes before what it is attached to.
  for (const document of buried.toReversed()) await eraseDocument(pool, blobs, document.id, document.blob_key)
}

type Buried = { id: string; blob_key: string }

const BURY = 'UPDATE documents SET deleted_at = coalesce(deleted_at, now()) WHERE'

/**
 * Tombstones for a document and, level by level, for all that is attached to it. Each level is a statement of its own: it sees what was
 * attached until the level above was locked, and nothing is attached to what has a tombstone.
 */
async function bury(client: Queryable, id: string): Promise<Buried[]> {
  const first = await client.query<Buried>(`${BURY} id = $1 AND deleted_at IS NULL RETURNING id, blob_key`, [id])
  const buried = [...first.rows]
  for (let level = first.rows; level.length > 0; ) {
    const { rows } = await client.query<Buried>(`${BURY} parent_document_id = ANY ($1) RETURNING id, blob_key`, [
      level.map((document) => document.id),
    ])
    buried.push(...rows)
    level = rows
  }
  return buried
}

/** The second half of a deletion: the bytes of a document with a tombstone, then its rows. */
export async function eraseDocument(pool: Pool, blobs: BlobStore, id: string, blobKey: string): Promise<void> {
  await blobs.delete(blobKey)
  await pool.query('DELETE FROM documents WHERE id = $1', [id])
}

/** Finishes deletions that a crash has cut short. Returns how many. */
export async function eraseTombstones(pool: Pool, blobs: BlobStore): Promise<number> {
  const { rows } = await pool.query<{ id: string; blob_key: string }>(
    // The newest first: what is attached is younger than what it is attached to, and has to go before it.
    `SELECT id, blob_key FROM documents WHERE deleted_at < now() - interval '1 minute' ORDER BY id DESC LIMIT 100`,
  )
  for (const row of rows) await eraseDocument(pool, blobs, row.id, row.blob_key)
  return rows.length
}
