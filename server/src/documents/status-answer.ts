import type { Job, JobStatusAnswer } from '@adp/contract/job.ts'
import type { Queryable } from '../db/client.ts'
import { estimateStart, type Pace } from '../queue/start-estimate.ts'
import { readPosition } from '../queue/statistics.ts'

/** A job with its place in the queue while it waits for a slot. */
export async function withPosition(db: Queryable, job: Job, readPace: () => Promise<Pace>): Promise<JobStatusAnswer> {
  const position = job.status === 'PENDING' ? await readPosition(db, job.id) : null
  const start = position === null ? null : estimateStart(position, await readPace(), Date.now())
  return { ...job, position, estimated_start_at: start?.toISOString() ?? null }
}
