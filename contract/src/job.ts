import { z } from 'zod'
import { ErrorCode } from './errors.ts'

export const JOB_STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'] as const
export const JobStatus = z.enum(JOB_STATUSES)
export type JobStatus = z.infer<typeof JobStatus>

/** A finished job never changes again; a client that sees one stops asking. */
export const isFinished = (status: JobStatus): boolean => status === 'COMPLETED' || status === 'FAILED'

/**
 * What a job is doing, finer than its status and derived from it:
 * `queued` first attempt is due · `retrying` another attempt is due, now or at `next_try_at` · `extracting` a worker has it ·
 * `waiting_for_provider` the provider has it, or takes it, at `next_try_at` · `completed` · `failed` · `canceled`.
 */
export const JobPhase = z.enum([
  'queued',
  'retrying',
  'extracting',
  'waiting_for_provider',
  'completed',
  'failed',
  'canceled',
])
export type JobPhase = z.infer<typeof JobPhase>

/** How urgent a job is, against those of other submitters and its own. */
export const JobPriority = z.enum(['high', 'normal', 'low'])
export type JobPriority = z.infer<typeof JobPriority>

export const JobError = z
  .object({
    code: ErrorCode,
    message: z.string().describe('What happened, in a sentence'),
    action: z.string().describe('What to do about it'),
    detail: z.string().describe('The technical side of it, for a log or a report'),
    retryable: z.boolean(),
  })
  .meta({ id: 'JobError' })
export type JobError = z.infer<typeof JobError>

/** A page that could not be read while others of its document could. */
export const FailedPage = JobError.extend({
  page_number: z.int().describe('As in /documents/{document_id}/pages/{page_number}'),
}).meta({ id: 'FailedPage' })
export type FailedPage = z.infer<typeof FailedPage>

/** So many are told of each job; a result names all of them in its `warnings`. */
export const MOST_FAILED_PAGES = 20

/** One row of `document_processing_jobs`, as clients see it. */
export const Job = z
  .object({
    id: z.int(),
    document_id: z.uuid(),
    status: JobStatus,
    phase: JobPhase,
    phase_text: z.string().describe('The phase in plain English, e.g. "Reading page 3 of 12"'),
    priority: JobPriority,
    submitter: z
      .string()
      .nullable()
      .describe('Who shares the workers fairly with other submitters; null: nobody was named'),
    attempts: z.int().describe('Real tries so far; a throttle or a graceful stop uses up none'),
    max_attempts: z.int(),
    pages_done: z.int(),
    pages_total: z
      .int()
      .nullable()
      .describe('null until the document was opened; of a document that is read in part, the pages that are read'),
    pages_failed: z
      .int()
      .describe('Of `pages_done`, those that could not be read; they are empty, and can be read again alone'),
    failed_pages: z.array(FailedPage).describe(`The first ${MOST_FAILED_PAGES} of them, with the reason of each`),
    provider: z.string().nullable().describe('Who reads it: local, azure or auto; null until the document was opened'),
    pages_billed: z
      .int()
      .describe('Pages that were sent to a provider that is paid; the others of `pages_total` were read here, free'),
    has_text: z
      .boolean()
      .nullable()
      .describe(
        'Whether any text was found; null until the job is COMPLETED. A blank or unreadable scan is COMPLETED without',
      ),
    next_try_at: z.iso
      .datetime()
      .nullable()
      .describe('When the next attempt or poll is due; null when running or finished'),
    error: JobError.nullable().describe('Of the last attempt that failed; gone once the job is COMPLETED'),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Job' })
export type Job = z.infer<typeof Job>

/** What a status answer says more than a job in a list. */
export const JobStatusAnswer = Job.extend({
  position: z
    .int()
    .nullable()
    .describe(
      'How many jobs start before it, and one; null when it does not wait for a slot. Counted up to 10,000. Urgent ones may still come in between',
    ),
  estimated_start_at: z.iso
    .datetime()
    .nullable()
    .describe('From its position and the rate of the last minutes; null when there is nothing to tell it from'),
}).meta({ id: 'JobStatusAnswer' })
export type JobStatusAnswer = z.infer<typeof JobStatusAnswer>

/** `RELEASED`: given back at a graceful stop, uses up no attempt. `WORKER_LOST`: the worker died or froze. */
export const AttemptOutcome = z.enum(['COMPLETED', 'FAILED', 'RELEASED', 'WORKER_LOST', 'CANCELED'])
export type AttemptOutcome = z.infer<typeof AttemptOutcome>

export const Attempt = z
  .object({
    job_id: z.int(),
    attempt: z.int(),
    worker: z
      .string()
      .nullable()
      .describe('host/pid of the worker that has it, or had it at the end; null: it was with the provider'),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
    outcome: AttemptOutcome.nullable().describe('null while it runs'),
    error_code: ErrorCode.nullable(),
    error_log: z.string().nullable(),
  })
  .meta({ id: 'Attempt' })
export type Attempt = z.infer<typeof Attempt>
