import { type ContentType, type Document, MAIL_TYPES } from '@adp/contract/document.ts'
import { ERRORS, ErrorCode } from '@adp/contract/errors.ts'
import {
  type FailedPage,
  type Job,
  type JobError,
  type JobPhase,
  type JobStatus,
  MOST_FAILED_PAGES,
} from '@adp/contract/job.ts'

import type DocumentProcessingJobs from '../db/generated/public/DocumentProcessingJobs.ts'
import type Documents from '../db/generated/public/Documents.ts'
import { priorityOf } from '../queue/enqueue.ts'

/** Columns of a job, for a table or join named `job`. */
export const JOB_COLUMNS = `
  job.id AS job_id, job.document_id, job.status, job.locked_by, job.attempts, job.max_attempts, job.due_at, job.operation,
  job.submitter, job.step,
  job.pages_done, job.pages_total, job.provider, job.error_code, job.error_log,
  (SELECT count(*)::int FROM document_pages WHERE job_id = job.id AND document_pages.error_code IS NOT NULL) AS pages_failed,
  ARRAY(SELECT jsonb_build_object('page_number', page_number, 'code', document_pages.error_code, 'log', document_pages.error_log)
    FROM document_pages WHERE job_id = job.id AND document_pages.error_code IS NOT NULL
    ORDER BY page_number LIMIT ${MOST_FAILED_PAGES}) AS failed_pages,
  CASE WHEN job.provider <> 'local' THEN (
    SELECT sum(pages) FROM provider_submissions WHERE job_id = job.id AND outcome IN ('UNKNOWN', 'ACCEPTED'))::int END AS pages_billed,
  CASE WHEN job.status = 'COMPLETED' THEN EXISTS (SELECT FROM document_pages WHERE job_id = job.id AND content <> '') END AS has_text,
  job.created_at AS job_created_at, job.started_at, job.finished_at, job.updated_at`

/** Each document's newest job: the one that says where the document stands. */
export const NEWEST_JOB = `JOIN LATERAL (
  SELECT * FROM document_processing_jobs WHERE document_id = document.id ORDER BY id DESC LIMIT 1) AS job ON true`

const MAILS = MAIL_TYPES.map((type) => `'${type}'`).join(', ')

export const DOCUMENT_COLUMNS = `
  document.id, document.filename, document.content_type, document.size_bytes, document.sha256, document.created_at,
  document.parent_document_id, (SELECT filename FROM documents WHERE id = document.parent_document_id) AS parent_filename,
  CASE WHEN document.content_type IN (${MAILS}) THEN (
    SELECT count(*) FROM documents WHERE parent_document_id = document.id AND deleted_at IS NULL)::int END AS attachment_count,
  ${JOB_COLUMNS}`

export type JobRow = Omit<
  DocumentProcessingJobs,
  'id' | 'created_at' | 'status' | 'priority' | 'claim' | 'ready' | 'dead_letter' | 'attempt_started_at'
> & {
  job_id: DocumentProcessingJobs['id']
  job_created_at: Date
  status: JobStatus
  has_text: boolean | null
  pages_failed: number
  failed_pages: { page_number: number; code: string; log: string }[]
  /** What may have been accepted counts: it may be on the bill. */
  pages_billed: number | null
}

export type DocumentRow = JobRow &
  Omit<Documents, 'content_type' | 'blob_key' | 'deleted_at' | 'extraction_options' | 'parent_position'> & {
    content_type: ContentType
    parent_filename: string | null
    attachment_count: number | null
  }

const iso = (date: Date | null) => date?.toISOString() ?? null

export function toDocument(row: DocumentRow): Document {
  return {
    id: row.id,
    filename: row.filename,
    content_type: row.content_type,
    size_bytes: row.size_bytes,
    sha256: row.sha256,
    created_at: row.created_at.toISOString(),
    parent_document_id: row.parent_document_id,
    parent_filename: row.parent_filename,
    attachment_count: row.attachment_count ?? 0,
    job: toJob(row),
  }
}

/** A job as clients see it. Phase and next try are derived from the row, never kept. */
export function toJob(row: JobRow): Job {
  const phase = phaseOf(row)
  const waits = phase === 'queued' || phase === 'retrying' || phase === 'waiting_for_provider'
  return {
    id: row.job_id,
    document_id: row.document_id,
    status: row.status,
    phase,
    phase_text: phaseText(phase, row),
    priority: priorityOf(row.step),
    submitter: row.submitter || null,
    attempts: row.attempts,
    max_attempts: row.max_attempts,
    pages_done: row.pages_done,
    pages_total: row.pages_total,
    pages_failed: row.pages_failed,
    failed_pages: row.failed_pages.map(toFailedPage),
    provider: row.provider,
    pages_billed: row.pages_billed ?? 0,
    has_text: row.has_text,
    next_try_at: waits ? iso(row.due_at) : null,
    error: row.error_code === null || isOver(row) ? null : toError(row.error_code, row.error_log ?? ''),
    created_at: row.job_created_at.toISOString(),
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
    updated_at: row.updated_at.toISOString(),
  }
}

/** A job that is PENDING with one of these has not failed: it may go on when its turn comes. */
const POSTPONED = new Set(['provider_throttled', 'quota_exceeded'])

/** What it was postponed for is over once it goes on. */
const isOver = (row: JobRow) => row.status === 'PROCESSING' && POSTPONED.has(row.error_code ?? '')

function phaseOf(row: JobRow): JobPhase {
  switch (row.status) {
    case 'PENDING':
      if (row.error_code === null) return 'queued'
      return POSTPONED.has(row.error_code) ? 'waiting_for_provider' : 'retrying'
    case 'PROCESSING':
      return row.locked_by === null ? 'waiting_for_provider' : 'extracting'
    case 'COMPLETED':
      return 'completed'
    case 'FAILED':
      return row.error_code === 'canceled' ? 'canceled' : 'failed'
  }
}

function phaseText(phase: JobPhase, row: JobRow): string {
  switch (phase) {
    case 'queued':
      return 'Waiting for a worker'
    case 'retrying':
      return `Waiting for attempt ${row.attempts + 1} of ${row.max_attempts}`
    case 'waiting_for_provider':
      return row.status === 'PENDING' && row.error_code === 'quota_exceeded'
        ? 'Waiting for a new quota of pages'
        : 'Waiting for the provider'
    case 'extracting':
      if (row.pages_total === null) return 'Opening the document'
      return `Reading page ${Math.min(row.pages_done + 1, row.pages_total)} of ${row.pages_total}`
    case 'completed':
      if (row.pages_failed > 0) return `Done, ${row.pages_failed} of ${row.pages_total} pages could not be read`
      return row.has_text ? 'Done' : 'Done, no text found'
    case 'failed':
      return 'Failed'
    case 'canceled':
      return 'Canceled'
  }
}

const toFailedPage = ({ page_number, code, log }: JobRow['failed_pages'][number]): FailedPage => ({
  page_number,
  ...toError(code, log),
})

/** What an error code means, to be shown. */
export function toError(code: string, log: string): JobError {
  // A code of a newer version, during a rolling update, is still an error.
  const known = ErrorCode.safeParse(code).data ?? 'internal_error'
  const { message, action, retryable } = ERRORS[known]
  return { code: known, message, action, detail: log, retryable }
}
