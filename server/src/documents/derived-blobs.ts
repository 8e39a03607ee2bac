import { createReadStream } from 'node:fs'
import { type Pool, type Queryable, transaction } from '../db/client.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { ProblemError } from './problem.ts'
import { own, trackUnownedBlobs } from './unowned-blobs.ts'

/**
 * Keeps a file that was made from a document as a blob.
 * @param insert makes the row that owns the key; false: there is one already, made by another process
 * @returns the key, or null when another process was faster
 * @throws ProblemError document_not_found when it was deleted meanwhile; StorageError
 */
export async function keepDerived(
  { pool, blobs }: { pool: Pool; blobs: BlobStore },
  documentId: string,
  file: string,
  insert: (client: Queryable, key: string) => Promise<boolean>,
): Promise<string | null> {
  const tracked = trackUnownedBlobs(pool, blobs)
  try {
    const key = await tracked.reserve()
    await blobs.put(key, createReadStream(file))
    const isKept = await transaction(pool, async (client) => {
      // The lock keeps the document until the blob is its own; one that is being deleted gets none.
      const { rows } = await client.query('SELECT FROM documents WHERE id = $1 AND deleted_at IS NULL FOR SHARE', [
        documentId,
      ])
      if (rows.length === 0) throw new ProblemError('document_not_found')
      const isNew = await insert(client, key)
      if (isNew) await own(client, [key])
      return isNew
    })
    return isKept ? key : null
  } finally {
    // Takes away only what has not become the document's.
    await tracked.discard().catch(() => {})
    tracked.close()
  }
}
