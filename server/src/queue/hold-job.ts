import type { JobPriority } from '@adp/contract/job.ts'
import type { Queryable } from '../db/client.ts'
import { priorityOf } from './enqueue.ts'
import type { ClaimedJob } from './job-queue.ts'
import { fence } from './sql.ts'

/** What jobs that come of another one have of it. */
export type HeldJob = { submitter: string; priority: JobPriority; maxAttempts: number }

/**
 * Keeps a job the caller's until the end of its transaction, for what is written beside the queue.
 * @returns null when the claim is stale
 */
export async function holdJob(
  client: Queryable,
  job: Pick<ClaimedJob, 'id' | 'claim' | 'worker_id'>,
): Promise<HeldJob | null> {
  const { rows } = await client.query<{ submitter: string; step: number; max_attempts: number }>(
    'SELECT submitter, step, max_attempts FROM document_processing_jobs WHERE id = $1 AND claim = $2 AND locked_by = $3 FOR UPDATE',
    fence(job),
  )
  const [row] = rows
  return row ? { submitter: row.submitter, priority: priorityOf(row.step), maxAttempts: row.max_attempts } : null
}
