import type { JobPriority } from '@adp/contract/job.ts'
import type DocumentProcessingAttempts from '../../src/db/generated/public/DocumentProcessingAttempts.ts'
import type DocumentProcessingJobs from '../../src/db/generated/public/DocumentProcessingJobs.ts'
import type SharedPages from '../../src/db/generated/public/SharedPages.ts'
import type { Claimant, ClaimedJob, Failure, Turn } from '../../src/queue/job-queue.ts'

/**
 * The queue in memory, one call at a time: what each of its functions does to jobs, and what it answers. Says in plain terms what the SQL
 * has to do, for tests to compare.
 */
export type Model = {
  now: Date
  paused: boolean
  jobs: DocumentProcessingJobs[]
  attempts: DocumentProcessingAttempts[]
  pages: { job_id: number; page_number: number }[]
  shared: SharedPages[]
  workers: ModelWorker[]
}
/** `locked`: its session lives. */
export type ModelWorker = { id: number; name: string; beat_at: Date; running: number; epoch: number; locked: boolean }
export type Fence = Pick<ClaimedJob, 'id' | 'claim' | 'worker_id'>

/** What the schema refuses; nothing has changed then. */
export class Refused extends Error {
  readonly constraint: string
  constructor(constraint: string) {
    super(constraint)
    this.constraint = constraint
  }
}

type Job = DocumentProcessingJobs

export const later = (time: Date, ms: number) => new Date(time.getTime() + ms)
export const isReady = (job: Job) => job.status === 'PENDING' || (job.status === 'PROCESSING' && job.locked_by === null)
const isDue = (model: Model, job: Job) => isReady(job) && job.due_at <= model.now
export const workerOf = (model: Model, id: number | null) => model.workers.find((worker) => worker.id === id)
export const heldBy = (model: Model, fence: Fence) =>
  model.jobs.find((job) => job.id === fence.id && job.claim === fence.claim && job.locked_by === fence.worker_id)

/** Whether a claim still holds its job, and the job has all its pages. */
export function isWhole(model: Model, fence: Fence): boolean {
  const job = heldBy(model, fence)
  return job !== undefined && job.pages_done === job.pages_total
}

/** What the schema generates follows every change. */
export function change(model: Model, job: Job, values: Partial<Job>): void {
  // Whoever takes a job from its holder unfinished takes it from those that help.
  if (job.status === 'PROCESSING' && (values.status === 'PENDING' || values.status === 'FAILED'))
    model.shared = model.shared.filter((page) => page.job_id !== job.id)
  Object.assign(job, values, { updated_at: model.now })
  job.ready = isReady(job)
  job.dead_letter = job.status === 'FAILED' && job.error_code !== 'canceled'
}

// ---------------------------------------------------------------------------------------------------- the fair order

const STEPS = { high: 4, normal: 16, low: 64 }
const FIRST = { high: 1, normal: 4, low: 64 }

/** Where the front of the queue stands; with nobody in it, what the clock says. */
function front(model: Model): number | null {
  const places = model.jobs.filter((job) => isDue(model, job) && job.priority > 0).map((job) => job.priority)
  return places.length > 0 ? Math.min(...places) : null
}
const virtualNow = (model: Model) => model.now.getTime() * 1000
export const backInLine = (model: Model, job: Job) =>
  job.priority > 0 ? job.priority : (front(model) ?? virtualNow(model))

export type Enqueued = { submitter: string; priority: JobPriority; maxAttempts: number }

export function enqueue(model: Model, made: { id: number; document_id: string }[], options: Enqueued): void {
  const step = STEPS[options.priority]
  const start = front(model)
  const behind = model.jobs
    .filter((job) => isReady(job) && job.landmark && job.submitter === options.submitter && job.step === step)
    .map((job) => job.priority)
    .filter((place) => start !== null && place >= start)
  const place =
    start === null
      ? virtualNow(model)
      : behind.length > 0
        ? Math.max(...behind) + step
        : start + FIRST[options.priority]
  made.forEach(({ id, document_id }, n) => {
    model.jobs.push({
      id,
      document_id,
      status: 'PENDING',
      priority: place + n * step,
      submitter: options.submitter,
      step,
      landmark: n === made.length - 1 || (n + 1) % 64 === 0,
      max_attempts: options.maxAttempts,
      due_at: model.now,
      created_at: model.now,
      updated_at: model.now,
      claim: 0,
      attempts: 0,
      pages_done: 0,
      ready: true,
      dead_letter: false,
      locked_by: null,
      provider: null,
      operation: null,
      result_blob_key: null,
      result_header: null,
      pages_total: null,
      error_code: null,
      error_log: null,
      started_at: null,
      finished_at: null,
      attempt_started_at: null,
    })
  })
}

// ---------------------------------------------------------------------------------------------------- finish and claim

export function finishAndClaim(model: Model, worker: Claimant, done: Fence[], limit: number, from: number): Turn {
  const workerId = worker.id
  const mayClaim = workerOf(model, workerId)?.epoch === worker.epoch
  const completed = done.flatMap((fence) => heldBy(model, { ...fence, worker_id: workerId }) ?? [])
  if (completed.some((job) => job.pages_done !== job.pages_total)) throw new Refused('completed_has_all_pages')
  const claimed = model.jobs
    .filter((job) => mayClaim && isDue(model, job) && job.priority >= from && !(model.paused && job.priority > 0))
    .sort((a, b) => a.priority - b.priority || a.due_at.getTime() - b.due_at.getTime() || a.id - b.id)
    .slice(0, limit)
  for (const job of completed) {
    endAttempt(model, job, 'COMPLETED')
    change(model, job, {
      status: 'COMPLETED',
      locked_by: null,
      error_code: null,
      error_log: null,
      finished_at: model.now,
    })
  }
  for (const job of claimed) {
    const begins = job.status === 'PENDING'
    change(model, job, {
      status: 'PROCESSING',
      locked_by: workerId,
      claim: job.claim + 1,
      attempts: job.attempts + (begins ? 1 : 0),
      started_at: job.started_at ?? model.now,
      attempt_started_at: begins ? model.now : job.attempt_started_at,
    })
  }
  return {
    claimed: claimed.map(({ id, claim, document_id, attempts, max_attempts, operation }) => ({
      ...{ id, claim, document_id, attempts, max_attempts, operation },
      worker_id: workerId,
    })),
    stale: done.map(({ id }) => id).filter((id) => !completed.some((job) => job.id === id)),
    from: Math.max(from, ...claimed.map((job) => job.priority)),
  }
}

type Outcome = 'COMPLETED' | 'FAILED' | 'RELEASED' | 'WORKER_LOST' | 'CANCELED'

export function endAttempt(
  model: Model,
  job: Job,
  outcome: Outcome,
  error: { code: string; log: string } | null = null,
) {
  model.attempts.push({
    job_id: job.id,
    claim: job.claim,
    attempt: job.attempts,
    worker: workerOf(model, job.locked_by)?.name ?? null,
    started_at: job.attempt_started_at ?? model.now,
    ended_at: model.now,
    outcome,
    error_code: error?.code ?? null,
    error_log: error?.log ?? null,
  })
}

// ---------------------------------------------------------------------------------------------------- while held

export function recordPagesTotal(model: Model, fence: Fence, pagesTotal: number): boolean {
  const job = heldBy(model, fence)
  if (!job) return false
  if (job.pages_done > pagesTotal) throw new Refused('pages_within_total')
  change(model, job, { pages_total: pagesTotal, provider: 'local' })
  return true
}

export function storePage(model: Model, fence: Fence, pageNumber: number): boolean {
  const job = heldBy(model, fence)
  if (!job) return false
  const known = model.pages.some((page) => page.job_id === job.id && page.page_number === pageNumber)
  if (!known && job.pages_done === job.pages_total) throw new Refused('pages_within_total')
  if (!known) model.pages.push({ job_id: job.id, page_number: pageNumber })
  change(model, job, { pages_done: job.pages_done + (known ? 0 : 1) })
  return true
}

// ---------------------------------------------------------------------------------------------------- give up the hold

export function fail(model: Model, fence: Fence, failure: Failure): boolean {
  const job = heldBy(model, fence)
  if (!job) return false
  endAttempt(model, job, 'FAILED', failure)
  retryOrFail(model, job, failure.retryable, later(model.now, failure.delayMs), failure, backInLine(model, job))
  return true
}

export function retryOrFail(
  model: Model,
  job: Job,
  mayRetry: boolean,
  dueAt: Date,
  error: { code: string; log: string },
  priority: number,
): void {
  const again = mayRetry && job.attempts < job.max_attempts
  change(model, job, {
    ...(again ? { status: 'PENDING', due_at: dueAt } : { status: 'FAILED', finished_at: model.now }),
    locked_by: null,
    priority,
    error_code: error.code,
    error_log: error.log,
  })
  if (!again) dropPages(model, job)
}

function dropPages(model: Model, job: Job): void {
  model.pages = model.pages.filter((page) => page.job_id !== job.id)
}

export function release(model: Model, fence: Fence): boolean {
  const job = heldBy(model, fence)
  return job ? giveBack(model, [job]) > 0 : false
}

export function releaseForgotten(model: Model, { id: workerId, epoch }: Claimant, known: number[]): number {
  const worker = workerOf(model, workerId)
  if (!worker || worker.epoch >= epoch) return 0
  worker.epoch = epoch
  return giveBack(
    model,
    model.jobs.filter((job) => job.locked_by === workerId && !known.includes(job.id)),
  )
}

function giveBack(model: Model, jobs: Job[]): number {
  // All are put back at once, so none of them is the front for another.
  const places = jobs.map((job) => backInLine(model, job))
  jobs.forEach((job, n) => {
    endAttempt(model, job, 'RELEASED')
    const priority = places[n] ?? job.priority
    change(model, job, {
      ...{ status: 'PENDING', due_at: model.now, locked_by: null, priority },
      attempts: job.attempts - 1,
    })
  })
  return jobs.length
}

export function cancel(model: Model, documentId: string, log: string): boolean {
  const jobs = model.jobs.filter((job) => job.document_id === documentId && job.finished_at === null)
  for (const job of jobs) {
    if (job.status === 'PROCESSING') endAttempt(model, job, 'CANCELED')
    change(model, job, {
      ...{ status: 'FAILED', locked_by: null, error_code: 'canceled', error_log: log },
      finished_at: model.now,
    })
    dropPages(model, job)
  }
  return jobs.length > 0
}

export const notHeld = (model: Model, workerId: number, ids: number[]) =>
  ids.filter((id) => !model.jobs.some((job) => job.id === id && job.locked_by === workerId))

export const storedPages = (model: Model, jobId: number) =>
  model.pages.filter((page) => page.job_id === jobId).map((page) => page.page_number)

export function deleteDocument(model: Model, documentId: string): void {
  const gone = model.jobs.filter((job) => job.document_id === documentId).map((job) => job.id)
  model.jobs = model.jobs.filter((job) => !gone.includes(job.id))
  model.attempts = model.attempts.filter((attempt) => !gone.includes(attempt.job_id))
  model.pages = model.pages.filter((page) => !gone.includes(page.job_id))
  model.shared = model.shared.filter((page) => !gone.includes(page.job_id))
}
