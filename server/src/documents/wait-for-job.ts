import { setTimeout as delay } from 'node:timers/promises'
import { isFinished, type Job } from '@adp/contract/job.ts'
import type { Queryable } from '../db/client.ts'
import { readStatus } from './read-documents.ts'

/**
 * Asking the database again costs 0.2 ms. A notification per finished job would spare that, and cost every completion a lock on the
 * queue of notifications.
 */
const LOOK_EVERY_MS = 250

/**
 * The newest job of a document, once it is finished or the time is over.
 * @param waitMs 0 answers at once
 * @param signal aborted when nobody waits for the answer any more; then it resolves at once
 * @throws ProblemError document_not_found
 */
export async function waitForJob(db: Queryable, documentId: string, waitMs: number, signal: AbortSignal): Promise<Job> {
  const until = performance.now() + waitMs
  for (;;) {
    const job = await readStatus(db, documentId)
    if (isFinished(job.status) || performance.now() >= until || signal.aborted) return job
    await delay(Math.min(LOOK_EVERY_MS, until - performance.now()), undefined, { signal }).catch(() => {})
  }
}
