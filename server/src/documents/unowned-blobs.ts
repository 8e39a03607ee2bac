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
  /** Deletes the bytes that no document has come to own. What cannot be deleted now stays known, and is deleted later. */
  discard(): Promise<unknown>
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
    discard: () => transaction(pool, (client) => deleteUnowned(client, blobs, 'blob_key = ANY ($1)', [keys])),
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
  const stale = `blob_key IN (
    SELECT blob_key FROM unowned_blobs WHERE touched_at < now() - make_interval(secs => $1::float8 / 1000)
    LIMIT 100 FOR UPDATE SKIP LOCKED)`
  return transaction(pool, (client) => deleteUnowned(client, blobs, stale, [STALE_MS]))
}

/**
 * Deletes bytes, but only those that no document owns: a COMMIT whose answer was lost may have made one after all. In one transaction, so
 * that they are out of an upload's reach meanwhile, and still known if this is cut short.
 */
async function deleteUnowned(client: Queryable, blobs: BlobStore, which: string, values: unknown[]): Promise<number> {
  const { rows } = await client.query<{ blob_key: string }>(
    `DELETE FROM unowned_blobs WHERE ${which} RETURNING blob_key`,
    values,
  )
  await Promise.all(rows.map((row) => blobs.delete(row.blob_key)))
  return rows.length
}
