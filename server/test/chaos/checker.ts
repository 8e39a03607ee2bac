import type { Change, Evidence, JobRow, LogLine } from './evidence.ts'

/**
 * The rules of the queue, checked from outside: it knows the tables, the audit and the workers' logs, and nothing of the queue's code.
 */

export type Violation = { rule: string; detail: string }

/** A change of a job with what was there before it. */
type Step = Change<JobRow> & { before: JobRow | null }

type Case = {
  evidence: Evidence
  /** In their order, by job. */
  steps: Map<number, Step[]>
  all: Step[]
  /** Which process a worker's id belongs to. */
  processOf: Map<number, string>
  /** Workers that a transaction took for gone: `txid/id`. */
  swept: Set<string>
  /** Log lines by `event/job/claim`. */
  log: Map<string, LogLine[]>
}

const isFinished = (status: string) => status === 'COMPLETED' || status === 'FAILED'
const show = (value: unknown) => JSON.stringify(value)

/** Every rule that the evidence breaks, each as often as it is broken. */
export function check(evidence: Evidence): Violation[] {
  const steps = stepsOf(evidence.jobChanges)
  const sweeps = evidence.workerChanges.filter((change) => change.operation === 'DELETE')
  const about: Case = {
    evidence,
    steps,
    all: [...steps.values()].flat(),
    processOf: new Map(evidence.workerChanges.map(({ row }) => [row.id, row.name])),
    swept: new Set(sweeps.map(({ txid, row }) => `${txid}/${row.id}`)),
    log: Map.groupBy(evidence.log, (line) => `${line.event}/${line.job}/${line.claim}`),
  }
  return Object.entries(RULES).flatMap(([rule, broken]) => broken(about).map((detail) => ({ rule, detail })))
}

function stepsOf(changes: Change<JobRow>[]): Map<number, Step[]> {
  const steps = new Map<number, Step[]>()
  for (const change of changes) {
    const earlier = steps.get(change.row.id) ?? []
    steps.set(change.row.id, [...earlier, { ...change, before: earlier.at(-1)?.row ?? null }])
  }
  return steps
}

/** The process behind a connection's name, which begins with it. */
const processBehind = (writer: string) => writer.split(' ')[0]

const RULES: Record<string, (about: Case) => string[]> = {
  'nothing is lost: every job that was asked for is there, once, and is finished': ({ evidence, all }) => {
    const jobs = Map.groupBy(evidence.jobs, (job) => job.document_id)
    const submitted = Map.groupBy(evidence.submitted, (id) => id)
    const isWrong = ([id, times]: [string, string[]]) => {
      const more = (jobs.get(id)?.length ?? 0) - times.length
      return more < 0 || (more > 0 && !evidence.askedAgain.includes(id))
    }
    return [
      ...[...submitted].filter(isWrong).map(([id]) => `jobs of ${id}: ${show(jobs.get(id))}`),
      ...all.filter((step) => step.operation === 'DELETE').map((step) => `deleted: ${show(step)}`),
      ...evidence.jobs.filter((job) => !isFinished(job.status)).map((job) => `not finished: ${show(job)}`),
    ]
  },

  'nothing is finished twice: what is finished never changes': ({ all }) =>
    all.filter((step) => step.before && isFinished(step.before.status)).map((step) => `changed: ${show(step)}`),

  'claims grow by one, from jobs that nobody holds, and nothing else changes them': ({ all }) =>
    all.filter((step) => !isClaimInOrder(step)).map(show),

  'only the holder of a job, or who found its worker gone, changes it': (about) =>
    about.all.filter((step) => !mayChange(step, about)).map(show),

  'a page is written by the claim that holds the job': (about) =>
    about.evidence.pageChanges
      .filter((change) => change.operation !== 'DELETE' && !isOfHolder(change, about))
      .map((change) => `${show(change)} while ${show(stateAt(change.seq, change.row.job_id, about))}`),

  'a claim ends as its handler decided': (about) =>
    about.all.filter((step) => endsHold(step) && !wasDecided(step, about)).map(show),

  'what was acknowledged is there': (about) => [
    ...about.evidence.log.filter((line) => !isThere(line, about)).map(show),
    ...about.evidence.canceled.filter(
      (id) => !about.all.some((step) => step.row.document_id === id && isCanceled(step)),
    ),
  ],

  'COMPLETED has every page once, anything else has none': ({ evidence, log }) => {
    const pages = Map.groupBy(evidence.pages, (page) => page.job_id)
    return evidence.jobs.flatMap((job) => {
      const numbers = (pages.get(job.id) ?? []).map((page) => page.page_number).sort((a, b) => a - b)
      const total = log.get(`opened/${job.id}/${job.claim}`)?.at(-1)?.page ?? job.pages_total ?? 0
      const wanted = job.status === 'COMPLETED' ? Array.from({ length: total }, (_, index) => index + 1) : []
      return isFinished(job.status) && show(numbers) !== show(wanted) ? [`pages ${show(numbers)} of ${show(job)}`] : []
    })
  },

  'attempts add up: one row for each that ended, numbered, and RELEASED ones not counted': (about) =>
    about.evidence.jobs.flatMap((job) => wrongAttempts(job, about)),

  'FAILED only for good, canceled or out of attempts': ({ all, log }) =>
    all
      .filter((step) => step.row.status === 'FAILED' && step.row.attempts < step.row.max_attempts && !isCanceled(step))
      .filter(({ row }) => !log.get(`ending/${row.id}/${row.claim}`)?.some((line) => line.ending === 'permanent'))
      .map(show),

  'the evidence is whole: audit and logs know what the tables show': ({ evidence, steps }) => {
    const pages = new Set(evidence.pageChanges.map(({ row }) => `${row.job_id}/${row.page_number}`))
    const attempts = new Set(evidence.attemptChanges.map(({ row }) => `${row.job_id}/${row.claim}`))
    const acknowledged = evidence.log.some((line) => line.event === 'acknowledged' && line.ending === 'completed')
    return [
      ...evidence.jobs.filter((job) => !isSame(steps.get(job.id)?.at(-1)?.row, job)).map(show),
      ...evidence.pages.filter((page) => !pages.has(`${page.job_id}/${page.page_number}`)).map(show),
      ...evidence.attempts.filter((attempt) => !attempts.has(`${attempt.job_id}/${attempt.claim}`)).map(show),
      ...(acknowledged || !evidence.jobs.some((job) => job.status === 'COMPLETED') ? [] : ['no log of a completion']),
    ]
  },

  'no process ends but by our hand, and none has anything to complain about': ({ evidence }) =>
    evidence.exits.filter((exit) => !endedWell(exit)).map(show),
}

const isSame = (audited: JobRow | undefined, job: JobRow) =>
  audited?.status === job.status && audited.claim === job.claim && audited.attempts === job.attempts

function isClaimInOrder({ before, row }: Step): boolean {
  if (!before) return row.claim === 0 && row.locked_by === null
  if (row.locked_by === null) return row.claim === before.claim
  if (row.locked_by === before.locked_by) return row.claim === before.claim
  return before.locked_by === null && !isFinished(before.status) && row.claim === before.claim + 1
}

function mayChange(step: Step, about: Case): boolean {
  const { before, row, writer, txid } = step
  if (isCanceled(step)) return processBehind(writer) === 'people'
  const holder = before?.locked_by ?? row.locked_by
  if (!before || holder === null) return before === null
  return about.processOf.get(holder) === processBehind(writer) || about.swept.has(`${txid}/${holder}`)
}

/** A job's row as it was when something else was written. */
function stateAt(seq: number, jobId: number, { steps }: Case): JobRow | undefined {
  return steps.get(jobId)?.findLast((step) => step.seq < seq)?.row
}

function isOfHolder(change: Evidence['pageChanges'][number], about: Case): boolean {
  const job = stateAt(change.seq, change.row.job_id, about)
  const by = JSON.parse(change.row.content) as { job: number; claim: number; workerId: number; worker: string }
  return (
    job !== undefined &&
    by.job === job.id &&
    by.claim === job.claim &&
    by.workerId === job.locked_by &&
    by.worker === processBehind(change.writer)
  )
}

const isCanceled = ({ before, row }: Step) =>
  before !== null && !isFinished(before.status) && row.status === 'FAILED' && row.error_code === 'canceled'

const endsHold = ({ before, row }: Step) => before !== null && before.locked_by !== null && row.locked_by === null

/** What a change has done to an attempt. */
function outcomeOf(step: Step, { swept }: Case): string | null {
  const { before, row, txid } = step
  if (before?.status !== 'PROCESSING' || row.status === 'PROCESSING') return null
  if (isCanceled(step)) return 'CANCELED'
  if (swept.has(`${txid}/${before.locked_by}`)) return 'WORKER_LOST'
  if (row.attempts < before.attempts) return 'RELEASED'
  return row.status === 'COMPLETED' ? 'COMPLETED' : 'FAILED'
}

const ENDINGS_OF: Record<string, string[]> = {
  COMPLETED: ['completed'],
  FAILED: ['retryable', 'permanent', 'crash'],
  wait: ['wait'],
}

function wasDecided(step: Step, about: Case): boolean {
  const outcome = outcomeOf(step, about) ?? 'wait'
  const holder = step.before?.locked_by ?? Number.NaN
  const endings = ENDINGS_OF[outcome]
  // Giving back, canceling, and finding a worker gone, are not up to the handler.
  if (!endings) return true
  return (about.log.get(`ending/${step.row.id}/${step.row.claim}`) ?? []).some(
    (line) =>
      line.worker === about.processOf.get(holder) && line.at <= step.at && endings.includes(line.ending ?? 'none'),
  )
}

function isThere(line: LogLine, about: Case): boolean {
  const steps = about.steps.get(line.job) ?? []
  if (line.event === 'page' && line.held) {
    return about.evidence.pageChanges.some(({ row }) => row.job_id === line.job && row.page_number === line.page)
  }
  if (line.event !== 'acknowledged') return true
  return steps.some(
    (step) =>
      endsHold(step) &&
      step.row.claim === line.claim &&
      ENDINGS_OF[outcomeOf(step, about) ?? 'wait']?.includes(line.ending ?? 'none'),
  )
}

function wrongAttempts(job: JobRow, about: Case): string[] {
  const rows = about.evidence.attempts.filter((row) => row.job_id === job.id)
  const ended = (about.steps.get(job.id) ?? []).flatMap((step) => {
    const outcome = outcomeOf(step, about)
    return outcome === null ? [] : [{ attempt: step.before?.attempts, outcome }]
  })
  const written = rows.map(({ attempt, outcome }) => ({ attempt, outcome }))
  const counted = written.filter((row) => row.outcome !== 'RELEASED')
  const numbered = counted.every((row, index) => row.attempt === index + 1)
  if (show(written) === show(ended) && counted.length === job.attempts && numbered) return []
  return [`rows ${show(rows)}, by the audit ${show(ended)}, job ${show(job)}`]
}

function endedWell({ asked, code, signal, stderr }: Evidence['exits'][number]): boolean {
  if (stderr !== '') return false
  // A process asked to stop before it has a handler for it just ends.
  if (asked === 'SIGTERM') return code === 0 || signal === 'SIGTERM'
  return asked === 'SIGKILL' && signal === 'SIGKILL'
}

export const RULE_NAMES = Object.keys(RULES)
