import type { ErrorCode } from '@adp/contract/errors.ts'
import type { Queryable } from '../db/client.ts'
import * as queue from './job-queue.ts'
import * as provider from './provider.ts'

/** How work on a job came out. `wait`: the provider works on it, and is asked again at `pollAt`. `postponed`: it may not go on before
 * its turn comes. `released`: not done, through no fault of its own. */
export type Outcome =
  | { kind: 'completed' }
  | { kind: 'failed'; failure: queue.Failure }
  | { kind: 'wait'; operation: string; pollAt: provider.When }
  | { kind: 'postponed'; until: Date; spacingMs: number; code: ErrorCode; detail: string }
  | { kind: 'released' }

/** `held` is false when the claim is stale: nothing was written. `dueAt`: when the job is due again, if not at once. */
export type Written = { held: boolean; dueAt: Date | null }

/** Writes how a job came out. */
export async function writeOutcome(db: Queryable, job: queue.ClaimedJob, outcome: Outcome): Promise<Written> {
  switch (outcome.kind) {
    case 'completed':
      return { held: await queue.complete(db, job), dueAt: null }
    case 'failed':
      return { held: await queue.fail(db, job, outcome.failure), dueAt: null }
    case 'wait': {
      const { operation, pollAt } = outcome
      const dueAt = pollAt instanceof Date ? pollAt : new Date(Date.now() + pollAt.inMs)
      return { held: await provider.waitForProvider(db, job, operation, pollAt), dueAt }
    }
    case 'postponed': {
      const dueAt = await provider.postpone(db, job, { ...outcome, log: outcome.detail })
      return { held: dueAt !== null, dueAt }
    }
    case 'released':
      return { held: await queue.release(db, job), dueAt: null }
  }
}
