import type { Queryable } from '../db/client.ts'
import * as queue from './job-queue.ts'
import * as provider from './provider.ts'

/** How work on a job came out. `wait`: the provider works on it, and is asked again at `pollAt`. `released`: not done, through no fault of its own. */
export type Outcome =
  | { kind: 'completed' }
  | { kind: 'failed'; failure: queue.Failure }
  | { kind: 'wait'; operation: string; pollAt: Date }
  | { kind: 'released' }

/** Writes how a job came out. Resolves to false when the claim is stale: nothing was written. */
export function writeOutcome(db: Queryable, job: queue.ClaimedJob, outcome: Outcome): Promise<boolean> {
  switch (outcome.kind) {
    case 'completed':
      return queue.complete(db, job)
    case 'failed':
      return queue.fail(db, job, outcome.failure)
    case 'wait':
      return provider.waitForProvider(db, job, outcome.operation, outcome.pollAt)
    case 'released':
      return queue.release(db, job)
  }
}
