import type { Postponement } from '../../src/queue/provider.ts'
import { backInLine, change, type Fence, heldBy, isReady, later, type Model } from './model.ts'

/** The part of the model that waits for a provider. */

export function waitForProvider(model: Model, fence: Fence, operation: string, pollAt: Date): boolean {
  const job = heldBy(model, fence)
  if (!job) return false
  change(model, job, { locked_by: null, operation, due_at: pollAt, priority: 0 })
  return true
}

export function recordOperation(model: Model, fence: Fence, operation: string): boolean {
  const job = heldBy(model, fence)
  if (job) change(model, job, { operation })
  return job !== undefined
}

/** Those that wait for the same and stand before it come first. */
export function postpone(model: Model, fence: Fence, why: Postponement): Date | null {
  const job = heldBy(model, fence)
  if (!job) return null
  const ahead = model.jobs.filter(
    (one) => isReady(one) && one.priority > 0 && one.priority < job.priority && one.error_code === why.code,
  ).length
  change(model, job, {
    ...{ status: 'PENDING', locked_by: null, attempts: job.attempts - 1, priority: backInLine(model, job) },
    ...{ error_code: why.code, error_log: why.log, due_at: later(why.until, ahead * why.spacingMs) },
  })
  return job.due_at
}
