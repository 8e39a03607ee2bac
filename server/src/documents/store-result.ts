import type { Readable } from 'node:stream'
import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import { type Pool, transaction } from '../db/client.ts'
import { JobAborted } from '../queue/job-aborted.ts'
import type { ClaimedJob } from '../queue/job-queue.ts'
import type { Save } from '../queue/persist.ts'
import { readResultKey, recordResult } from '../queue/provider.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { own, trackUnownedBlobs } from './unowned-blobs.ts'

/**
 * Stores a provider's own result as a blob of the job. One that an earlier attempt has stored is left to housekeeping.
 * @throws JobAborted when the claim is stale
 */
export async function storeResult(
  { pool, blobs }: { pool: Pool; blobs: BlobStore },
  job: ClaimedJob,
  json: Readable,
  header: ResultHeader,
  save: Save,
): Promise<void> {
  const tracked = trackUnownedBlobs(pool, blobs)
  try {
    const key = await save(() => tracked.reserve())
    await blobs.put(key, json)
    await save(() =>
      transaction(pool, async (client) => {
        // Sent again after an answer that was lost: it is done.
        if ((await readResultKey(client, job)) === key) return
        await own(client, [key])
        // Thrown inside: the bytes stay known as nobody's, and are deleted.
        if (!(await recordResult(client, job, key, header))) throw new JobAborted('lost')
      }),
    )
  } finally {
    tracked.close()
  }
}
