import type { JobPriority } from '@adp/contract/job.ts'
import type { Queryable } from '../db/client.ts'
import { type At, FRONT, JOBS_CHANNEL, NOW, VIRTUAL_NOW } from './sql.ts'

/**
 * How urgent a job is. `first`: how far behind the front of the queue a submitter's first job takes its place; `step`: how far behind each
 * other its jobs stand. So between submitters that all have jobs waiting, 16 high ones start for 4 normal and 1 low.
 */
export const PRIORITIES = {
  high: { first: 1, step: 4 },
  normal: { first: 4, step: 16 },
  low: { first: 64, step: 64 },
} as const satisfies Record<JobPriority, { first: number; step: number }>

/** The priority that a job's `step` stands for. */
export function priorityOf(step: number): JobPriority {
  if (step === PRIORITIES.high.step) return 'high'
  return step === PRIORITIES.low.step ? 'low' : 'normal'
}

export type NewJobs = {
  documentIds: string[]
  maxAttempts: number
  /** Who shares the workers fairly with the others; all without a name are one. */
  submitter?: string | undefined
  priority?: JobPriority | undefined
  /** Whether workers are woken by the commit; see wake-up.ts. */
  notifies?: boolean
}

/** Of a batch the last job says where its line ends; when that is gone early, canceled say, one of these does, so near that it makes no difference. */
const LANDMARK_EVERY = 64

/**
 * Makes a PENDING job for each document, due now, in the caller's transaction. Each gets its place in the fair order (self-clocked fair
 * queueing, Golestani 1994): behind the last waiting job of its submitter, or else just behind the front. So who comes with one document
 * goes ahead of all but one of a batch of 10,000, and since every later arrival stands behind what is in front by then, nobody waits for ever.
 */
export async function enqueue(client: Queryable, jobs: NewJobs, at: At = null): Promise<void> {
  const { first, step } = PRIORITIES[jobs.priority ?? 'normal']
  await client.query({
    name: 'enqueue',
    text: `
      WITH front AS MATERIALIZED (SELECT ${FRONT} AS priority),
      place AS MATERIALIZED (
        SELECT coalesce(
          (SELECT max(job.priority) FROM document_processing_jobs AS job
           WHERE ready AND landmark AND submitter = $4 AND step = $5 AND job.priority >= front.priority) + $5,
          front.priority + $6, ${VIRTUAL_NOW}) AS priority
        FROM front),
      made AS (
      INSERT INTO document_processing_jobs (document_id, max_attempts, submitter, step, priority, landmark, due_at, created_at, updated_at)
      SELECT document_id, $3, $4, $5, place.priority + (n - 1) * $5, n % ${LANDMARK_EVERY} = 0 OR n = cardinality($2), ${NOW}, ${NOW}, ${NOW}
      FROM unnest($2::uuid[]) WITH ORDINALITY AS given (document_id, n), place ORDER BY n
      )
      SELECT pg_notify('${JOBS_CHANNEL}', '') WHERE $7`,
    values: [at, jobs.documentIds, jobs.maxAttempts, jobs.submitter ?? '', step, first, jobs.notifies ?? false],
  })
}
