import { type Pool, transaction } from '../db/client.ts'
import { isExpired } from '../queue/retention.ts'
import { type At, NOW } from '../queue/sql.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { eraseDocument } from './change-documents.ts'

export type ExpireOptions = {
  /** Since its newest job finished. */
  days: number
  /** Aborted when the process stops: the rest is left to the next time, tombstones to eraseTombstones. */
  signal: AbortSignal
}

/**
 * Deletes those of the documents whose newest job finished more than `days` ago, as a person would: tombstones first, then bytes, then rows.
 * A mail stays for as long as anything that is attached to it.
 * @returns the ids of those deleted
 */
export async function expireDocuments(
  pool: Pool,
  blobs: BlobStore,
  documentIds: string[],
  { days, signal }: ExpireOptions,
  at: At = null,
): Promise<string[]> {
  const expired = await bury(pool, documentIds, days, at)
  const erased: string[] = []
  for (const { id, blob_key } of expired) {
    if (signal.aborted) break
    await eraseDocument(pool, blobs, id, blob_key)
    erased.push(id)
  }
  return erased
}

function bury(pool: Pool, documentIds: string[], days: number, at: At) {
  return transaction(pool, async (client) => {
    // Locked by a statement of its own: the next one then sees a job that somebody has made until now, and nobody makes one after.
    const locked = await client.query<{ id: string }>(
      'SELECT id FROM documents WHERE id = ANY ($1) FOR UPDATE SKIP LOCKED',
      [documentIds],
    )
    const { rows } = await client.query<{ id: string; blob_key: string }>(
      `UPDATE documents AS document SET deleted_at = ${NOW}
       WHERE id = ANY ($3) AND deleted_at IS NULL AND NOT EXISTS (SELECT FROM documents WHERE parent_document_id = document.id)
         AND ${isExpired('document.id', '$2')} RETURNING id, blob_key`,
      [at, days, locked.rows.map((row) => row.id)],
    )
    return rows
  })
}
