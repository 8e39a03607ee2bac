/** What the queue's statements have in common. */

/**
 * The time that counts as now, the first parameter of each statement. Production passes null, which means the database's clock: hosts'
 * clocks differ. Tests pass their own.
 */
export type At = Date | null

export const NOW = 'coalesce($1::timestamptz, now())'

/** Notified when a job became due; every worker listens. */
export const JOBS_CHANNEL = 'document_processing_jobs'
/** What is said there when the job stands before others that have been claimed already. */
export const ANYWHERE = 'anywhere'
/** Notified with the id of a job that was canceled. */
export const CANCELED_CHANNEL = 'document_processing_jobs_canceled'
/** Notified when pages of a held job may be read by others. */
export const OFFERED_CHANNEL = 'shared_pages'

/** Whether the one row that a fenced statement names was still the caller's. */
export const wasHeld = (result: { rowCount: number | null }) => result.rowCount === 1

/** Which jobs a claim may take once they are due: a pause holds up all but those whose provider has worked on them. */
export const MAY_BE_CLAIMED = `ready AND priority <= (SELECT CASE WHEN EXISTS (SELECT FROM queue_pause) THEN 0 ELSE 9223372036854775807 END)`

/** Where the first job stands that is waiting and due, null when none is. Those at 0 wait for their provider. */
export const FRONT = `(SELECT priority FROM document_processing_jobs WHERE ready AND priority > 0 AND due_at <= ${NOW} ORDER BY priority, due_at, id LIMIT 1)`
export const VIRTUAL_NOW = `(extract(epoch FROM ${NOW}) * 1000000)::bigint`

/** Written once, by the statement that ends the attempt; the one that runs is in the job's own row. */
export const END_ATTEMPT =
  'INSERT INTO document_processing_attempts (job_id, claim, attempt, worker, started_at, ended_at, outcome, error_code, error_log)'
export const ENDED = 'job.id, job.claim, job.attempts, job.attempt_started_at, job.status'

/** Who had waited for its provider keeps no place; all others go on where they stood. */
export const BACK_IN_LINE = `priority = CASE WHEN job.priority > 0 THEN job.priority ELSE coalesce(${FRONT}, ${VIRTUAL_NOW}) END`

export const retryOrFail = (mayRetry: string, dueAt: string) => `
  status = CASE WHEN ${mayRetry} THEN 'PENDING' ELSE 'FAILED' END,
  due_at = CASE WHEN ${mayRetry} THEN ${dueAt} ELSE due_at END,
  finished_at = CASE WHEN ${mayRetry} THEN NULL ELSE ${NOW} END,
  locked_by = NULL, updated_at = ${NOW}, ${BACK_IN_LINE}`

/** The fence of a worker's write, by three parameters in a row. */
export const fenceFrom = (first: number) => `id = $${first} AND claim = $${first + 1} AND locked_by = $${first + 2}`
/** From the second parameter on. */
export const FENCE = fenceFrom(2)
export const fence = (job: { id: number; claim: number; worker_id: number }) => [job.id, job.claim, job.worker_id]

/** A worker's write resolves to false when its claim is stale: another worker has the job, or it is gone, and nothing was written. */
export type Held = Promise<boolean>

/** Rows of parameters for VALUES, e.g. `($5::int, $6::text), ($7::int, $8::text)`. @param first number of the first parameter */
export const rowsOf = (count: number, types: readonly string[], first: number): string =>
  Array.from({ length: count }, (_, row) => {
    const parameters = types.map((type, column) => `$${first + row * types.length + column}::${type}`)
    return `(${parameters.join(', ')})`
  }).join(', ')
