import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import { ExtractionError, type Permission, type ProviderEvents, type Submission } from '../extraction/extractor.ts'
import { JobAborted } from '../queue/job-aborted.ts'
import type { ClaimedJob } from '../queue/job-queue.ts'
import { persist, type Save } from '../queue/persist.ts'
import { readPagesTotal, recordOperation, recordResult } from '../queue/provider.ts'
import {
  earlierSubmissions,
  endSubmission,
  markSubmitting,
  type Quota,
  settleSubmission,
  withdrawSubmission,
} from '../queue/submissions.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { storeResult } from './store-result.ts'

/** `whenUsedUp`: whether what would be more than the quota waits for the next period or fails. */
export type QuotaSettings = Quota & { whenUsedUp: 'wait' | 'fail' }
export type ProviderEventDeps = { pool: Pool; blobs: BlobStore; quota: QuotaSettings; log: Logger }

/** Of a document whose submission may have been accepted this often, nobody pays for another without being asked. */
const MOST_UNCERTAIN = 2
/** What a provider has accepted is written even when the work is to stop: so long, of the 25 s that a worker has then. */
const INSIST_MS = 20_000
/** Somebody may raise the quota meanwhile. */
const LOOK_AGAIN_MS = 15 * 60_000
/** Between two that a new period lets in: they come at the pace of the requests then. */
const QUOTA_SPACING_MS = 100

/** The part of an extraction's events that is about money: each step of a submission is committed before the next is taken. */
export function createProviderEvents(
  deps: ProviderEventDeps,
  job: ClaimedJob,
  save: Save,
  signal: AbortSignal,
): Omit<ProviderEvents, 'onOpened' | 'onPage' | 'onHeader'> {
  const { pool, log, quota } = deps
  const insist: Save = (send) => persist(send, later(signal, INSIST_MS), log)
  const whileHeld = async (write: () => Promise<boolean>, how = save) => {
    if (!(await how(write))) throw new JobAborted('lost')
  }

  async function goOnWithEarlier(submission: Submission): Promise<Permission | null> {
    const earlier = await save(() => earlierSubmissions(pool, job, submission))
    const operation = earlier.findLast(({ outcome }) => outcome === 'ACCEPTED')?.operation
    if (operation) {
      await whileHeld(() => recordOperation(pool, job, operation))
      return { kind: 'submitted', operation }
    }
    const uncertain = earlier.filter(({ outcome }) => outcome === 'UNKNOWN').length
    if (uncertain >= MOST_UNCERTAIN)
      throw new ExtractionError('submission_uncertain', `Submitted ${uncertain} times without an answer`)
    if (uncertain > 0)
      log.warn({ submissions: uncertain + 1 }, 'submitted again: whether it was accepted before is unknown')
    return null
  }

  async function ask(submission: Submission): Promise<Permission> {
    const marked = await save(() => markSubmitting(pool, job, submission, quota))
    if (marked.kind === 'marked') return { kind: 'go' }
    if (marked.kind === 'stale') throw new JobAborted('lost')
    const { period, used, until } = marked
    const most = period === 'day' ? quota.daily : quota.monthly
    const detail = `${used} of the ${most} pages of this ${period} are used, and it has ${submission.pages}`
    // What is more than a whole period has would wait for ever.
    const neverFits = most !== null && submission.pages > most
    if (quota.whenUsedUp === 'fail' || neverFits) throw new ExtractionError('over_quota', detail)
    const soon = new Date(Math.min(until.getTime(), Date.now() + LOOK_AGAIN_MS))
    return {
      kind: 'postponed',
      postponement: { until: soon, spacingMs: QUOTA_SPACING_MS, code: 'quota_exceeded', detail },
    }
  }

  return {
    onSubmitting: async (submission) => (await goOnWithEarlier(submission)) ?? ask(submission),
    async onSubmitted(outcome) {
      if (outcome.kind === 'unsent') return insist(() => withdrawSubmission(pool, job))
      if (outcome.kind === 'refused') return insist(() => settleSubmission(pool, job, 'REFUSED'))
      const { operation } = outcome
      // First the fact, whoever has the job by now: then nobody submits it again.
      await insist(() => settleSubmission(pool, job, 'ACCEPTED', operation))
      await whileHeld(() => recordOperation(pool, job, operation), insist)
    },
    async onOperationFailed() {
      await save(() => endSubmission(pool, job, 'FAILED'))
      await whileHeld(() => recordOperation(pool, job, null))
    },
    async onProviderResult(json, header, pages) {
      await save(() => endSubmission(pool, job, 'ACCEPTED', pages))
      // One of some of the pages is kept as these pages only: those that were read here belong to it.
      const isWhole = pages === (await save(() => readPagesTotal(pool, job)))
      if (isWhole) return storeResult(deps, job, json, header, save)
      json.destroy()
      await whileHeld(() => recordResult(pool, job, null, header))
    },
  }
}

/** A signal that is aborted so long after another. */
function later(signal: AbortSignal, ms: number): AbortSignal {
  const after = new AbortController()
  const begin = () => setTimeout(() => after.abort(), ms).unref()
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return after.signal
}
