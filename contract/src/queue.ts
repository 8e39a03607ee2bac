import { z } from 'zod'
import { ErrorCode } from './errors.ts'

/** A worker process that lives, as of its last beat. */
export const Worker = z
  .object({
    id: z.int(),
    name: z.string().describe('host/pid'),
    version: z.string(),
    slots: z.int().describe('How many documents it reads at once'),
    running: z.int().describe('How many it reads now'),
    started_at: z.iso.datetime(),
    beat_at: z.iso.datetime().describe('When it was last heard of; every 2 s'),
  })
  .meta({ id: 'Worker' })
export type Worker = z.infer<typeof Worker>

/** A transaction that keeps dead rows from being cleaned away, so that claims grow slower while it lasts. */
export const OldTransaction = z
  .object({
    since: z.iso.datetime(),
    who: z.string().describe('What it is and where it comes from, for whoever has to end it'),
  })
  .meta({ id: 'OldTransaction' })
export type OldTransaction = z.infer<typeof OldTransaction>

/** Where the queue stands, counted from live rows. */
export const Queue = z
  .object({
    paused: z
      .object({ since: z.iso.datetime(), reason: z.string() })
      .nullable()
      .describe('While it is paused no job begins; what runs goes on, and what a provider has is still fetched'),
    waiting: z.int().describe('Jobs that are due and wait for a slot'),
    retrying: z.int().describe('Jobs whose next attempt is not due yet'),
    with_provider: z.int().describe('Jobs that their provider works on'),
    running: z.int().describe('Slots of workers that are taken, by their last beats'),
    dead_letters: z.int().describe('Documents whose newest job is FAILED and was not canceled; counted up to 10,000'),
    oldest_due_at: z.iso.datetime().nullable().describe('Since when the longest waiting job is due'),
    finished_per_minute: z.number().describe('Attempts that ended, well or badly, over the last minutes'),
    workers: z.array(Worker),
    old_transaction: OldTransaction.nullable().describe(
      'The oldest transaction, when it is older than 5 minutes; it makes claims slower while it lasts',
    ),
  })
  .meta({ id: 'Queue' })
export type Queue = z.infer<typeof Queue>

export const PauseRequest = z.strictObject({
  reason: z.string().trim().max(500).default('').describe('Shown to everybody who looks at the queue'),
})

/** A document whose newest job is FAILED and was not canceled. */
export const DeadLetter = z
  .object({
    document_id: z.uuid(),
    job_id: z.int(),
    filename: z.string(),
    attempts: z.int(),
    error_code: ErrorCode,
    error_log: z.string(),
    failed_at: z.iso.datetime(),
  })
  .meta({ id: 'DeadLetter' })
export type DeadLetter = z.infer<typeof DeadLetter>

export const DeadLetterList = z
  .object({
    dead_letters: z.array(DeadLetter).describe('Newest first'),
    next_cursor: z.string().nullable().describe('null on the last page'),
  })
  .meta({ id: 'DeadLetterList' })
export type DeadLetterList = z.infer<typeof DeadLetterList>

export const RetryDeadLettersRequest = z.strictObject({
  error_code: ErrorCode.optional().describe('Only those that failed with this code'),
})

export const RetriedDeadLetters = z
  .object({ jobs: z.int().describe('How many documents are processed again, each as a new job') })
  .meta({ id: 'RetriedDeadLetters' })
export type RetriedDeadLetters = z.infer<typeof RetriedDeadLetters>
