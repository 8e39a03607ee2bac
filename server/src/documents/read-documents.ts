import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import type {
  ContentType,
  Document,
  DocumentDetails,
  DocumentList,
  ListDocumentsQuery,
} from '@adp/contract/document.ts'
import type { Attempt, Job } from '@adp/contract/job.ts'
import { validate as isUuid } from 'uuid'
import type { Queryable } from '../db/client.ts'
import type DocumentProcessingJobs from '../db/generated/public/DocumentProcessingJobs.ts'
import type Documents from '../db/generated/public/Documents.ts'
import {
  DOCUMENT_COLUMNS,
  type DocumentRow,
  JOB_COLUMNS,
  type JobRow,
  NEWEST_JOB,
  toDocument,
  toJob,
} from './document-view.ts'
import { ProblemError } from './problem.ts'

/** A page of documents, newest first. @throws ProblemError invalid_request for a cursor that is none of ours */
export async function listDocuments(db: Queryable, query: ListDocumentsQuery): Promise<DocumentList> {
  if (query.cursor !== undefined && !isUuid(query.cursor)) {
    throw new ProblemError('invalid_request', 'cursor: not one that this server has given')
  }
  const { rows } = await db.query<DocumentRow>(
    `SELECT ${DOCUMENT_COLUMNS} FROM documents AS document ${NEWEST_JOB}
     WHERE document.deleted_at IS NULL
       AND ($1::uuid IS NULL OR document.id < $1)
       AND ($2::text[] IS NULL OR job.status = ANY ($2))
       AND ($3::text IS NULL OR search_name(document.filename) LIKE '%' || search_name($3) || '%')
       AND ($4::timestamptz IS NULL OR document.created_at >= $4)
       AND ($5::timestamptz IS NULL OR document.created_at < $5)
     ORDER BY document.id DESC LIMIT $6`,
    [
      query.cursor ?? null,
      query.status ?? null,
      query.filename?.replace(/[\\%_]/g, '\\$&') ?? null,
      instant(query.created_from),
      instant(query.created_to),
      // One more than asked for tells whether there is a next page.
      query.limit + 1,
    ],
  )
  const documents = rows.slice(0, query.limit).map(toDocument)
  return { documents, next_cursor: rows.length > query.limit ? (documents.at(-1)?.id ?? null) : null }
}

const instant = (text: string | undefined) => (text === undefined ? null : new Date(text))

/** These documents, in this order; those deleted meanwhile are left out. */
export async function readDocuments(db: Queryable, ids: string[]): Promise<Document[]> {
  const { rows } = await db.query<DocumentRow>(
    `SELECT ${DOCUMENT_COLUMNS} FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, n)
     JOIN documents AS document USING (id) ${NEWEST_JOB}
     WHERE document.deleted_at IS NULL ORDER BY wanted.n`,
    [ids],
  )
  return rows.map(toDocument)
}

/** One document with every attempt ever made at it. @throws ProblemError document_not_found */
export async function readDocument(db: Queryable, id: string): Promise<DocumentDetails> {
  const [document] = await readDocuments(db, [id])
  if (!document) throw new ProblemError('document_not_found')
  const [attempts, result, attachments] = await Promise.all([
    readAttempts(db, id),
    findResultJob(db, id),
    document.attachment_count === 0 ? [] : readAttachments(db, id),
  ])
  return { ...document, result: result && { job_id: result.id, pages: result.pages_total }, attempts, attachments }
}

async function readAttachments(db: Queryable, id: string): Promise<Document[]> {
  const { rows } = await db.query<DocumentRow>(
    `SELECT ${DOCUMENT_COLUMNS} FROM documents AS document ${NEWEST_JOB}
     WHERE document.parent_document_id = $1 AND document.deleted_at IS NULL ORDER BY document.parent_position`,
    [id],
  )
  return rows.map(toDocument)
}

async function readAttempts(db: Queryable, documentId: string): Promise<Attempt[]> {
  const { rows } = await db.query<Attempt & { started_at: Date; ended_at: Date | null; claim: number }>(
    `SELECT job_id, attempt, worker, attempt.started_at, ended_at, outcome, attempt.error_code, attempt.error_log, attempt.claim
     FROM document_processing_attempts AS attempt JOIN document_processing_jobs AS job ON job.id = attempt.job_id
     WHERE job.document_id = $1
     UNION ALL
     SELECT job.id, attempts, worker.name, attempt_started_at, NULL, NULL, NULL, NULL, claim
     FROM document_processing_jobs AS job LEFT JOIN workers AS worker ON worker.id = locked_by
     WHERE job.document_id = $1 AND status = 'PROCESSING'
     ORDER BY job_id DESC, claim DESC`,
    [documentId],
  )
  return rows.map(({ claim: _, ...row }) => ({
    ...row,
    started_at: row.started_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  }))
}

/** The newest job of a document. @throws ProblemError document_not_found */
export async function readStatus(db: Queryable, documentId: string): Promise<Job> {
  const { rows } = await db.query<JobRow>({
    name: 'read status',
    text: `SELECT ${JOB_COLUMNS} FROM documents AS document ${NEWEST_JOB} WHERE document.id = $1 AND document.deleted_at IS NULL`,
    values: [documentId],
  })
  if (!rows[0]) throw new ProblemError('document_not_found')
  return toJob(rows[0])
}

export type ResultJob = Pick<DocumentProcessingJobs, 'id' | 'result_blob_key'> & {
  pages_total: number
  result_header: ResultHeader | null
}

/** The newest COMPLETED job: a document that is being processed again keeps showing the result it has. */
export async function findResultJob(db: Queryable, documentId: string): Promise<ResultJob | null> {
  const { rows } = await db.query<ResultJob>(
    `SELECT job.id, job.pages_total, job.result_blob_key, job.result_header FROM document_processing_jobs AS job JOIN documents AS document ON document.id = job.document_id
     WHERE job.document_id = $1 AND job.status = 'COMPLETED' AND document.deleted_at IS NULL ORDER BY job.id DESC LIMIT 1`,
    [documentId],
  )
  return rows[0] ?? null
}

/** Where a document's bytes are. @throws ProblemError document_not_found */
export async function readContentRow(db: Queryable, id: string) {
  const { rows } = await db.query<
    Pick<Documents, 'filename' | 'size_bytes' | 'sha256' | 'blob_key'> & { content_type: ContentType }
  >('SELECT filename, content_type, size_bytes, sha256, blob_key FROM documents WHERE id = $1 AND deleted_at IS NULL', [
    id,
  ])
  if (!rows[0]) throw new ProblemError('document_not_found')
  return rows[0]
}
