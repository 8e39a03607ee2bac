import { setInterval } from 'node:timers'
import { v4 as uuid } from 'uuid'
import { type Pool, type Queryable, transaction } from '../db/client.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { ProblemError } from './problem.ts'

const TOUCH_MS = 60_000
/** Ten missed touches: whoever was receiving these bytes is gone. */
const STALE_MS = 10 * TOUCH_MS

export type UnownedBlobs = {
  /** A new key, known to the database before its first byte is written. */
  reserve(): Promise<string>
  /** Deletes the bytes and forgets the keys. What cannot be deleted now stays known, and is deleted later. */
  discard(): Promise<void>
  /** To be called at the end in any case. */
  close(): void
}

/** Keeps account, for one upload, of bytes that no document owns yet. */
export function trackUnownedBlobs(pool: Pool, blobs: BlobStore): UnownedBlobs {
  const keys: string[] = []
  const touching = setInterval(() => {
    // A failed touch is made up for by the next; ten in a row and the upload is refused at its end.
    pool.query('UPDATE unowned_blobs SET touched_at = now() WHERE blob_key = ANY ($1)', [keys]).catch(() => {})
  }, TOUCH_MS)

  return {
    async reserve() {
      const key = uuid()
      await pool.query('INSERT INTO unowned_blobs (blob_key) VALUES ($1)', [key])
      keys.push(key)
      return key
    },
    async discard() {
      await Promise.all(keys.map((key) => blobs.delete(key)))
      await pool.query('DELETE FROM unowned_blobs WHERE blob_key = ANY ($1)', [keys])
    },
    close: () => clearInterval(touching),
  }
}

/**
 * Hands blobs over to documents, in the transaction that makes these.
 * @throws ProblemError upload_expired when one of them has been cleaned away meanwhile
 */
export async function own(client: Queryable, keys: string[]): Promise<void> {
  const { rowCount } = await client.query('DELETE FROM unowned_blobs WHERE blob_key = ANY ($1)', [keys])
  if (rowCount !== keys.length) throw new ProblemError('upload_expired')
}

/**
 * Deletes bytes that a crash or a broken-off upload has left behind.
 * @returns how many blobs
 */
export async function deleteStaleBlobs(pool: Pool, blobs: BlobStore): Promise<number> {
  // In one transaction: out of an upload's reach while its bytes are deleted, and still known if that is cut short.
  return transaction(pool, async (client) => {
    const { rows } = await client.query<{ blob_key: string }>(
      `DELETE FROM unowned_blobs WHERE blob_key IN (
         SELECT blob_key FROM unowned_blobs WHERE touched_at < now() - make_interval(secs => $1::float8 / 1000)
         LIMIT 100 FOR UPDATE SKIP LOCKED)
       RETURNING blob_key`,
      [STALE_MS],
    )
    await Promise.all(rows.map((row) => blobs.delete(row.blob_key)))
    return rows.length
  })
}
