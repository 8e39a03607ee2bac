import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { eraseTombstones } from './change-documents.ts'
import { deleteStaleBlobs } from './unowned-blobs.ts'

const EVERY_MS = 60_000

/** Puts right, once a minute, what crashes have left: bytes without a document, deletions cut short, idempotency keys of yesterday. */
export function startHousekeeping(pool: Pool, blobs: BlobStore, log: Logger): { stop(): void } {
  const timer = setInterval(async () => {
    try {
      const stale_blobs = await deleteStaleBlobs(pool, blobs)
      const tombstones = await eraseTombstones(pool, blobs)
      await forgetOldKeys(pool)
      if (stale_blobs || tombstones) log.info({ stale_blobs, tombstones }, 'cleaned up after a crash')
    } catch (error) {
      log.warn({ err: error }, 'housekeeping failed; trying again in a minute')
    }
  }, EVERY_MS)
  return { stop: () => clearInterval(timer) }
}

/** A day is what clients are promised for a retry with the same Idempotency-Key. */
async function forgetOldKeys(pool: Pool): Promise<void> {
  await pool.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`)
}
