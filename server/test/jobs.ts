import type { ErrorCode } from '@adp/contract/errors.ts'
import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../src/db/client.ts'
import type DocumentProcessingAttempts from '../src/db/generated/public/DocumentProcessingAttempts.ts'
import type DocumentProcessingJobs from '../src/db/generated/public/DocumentProcessingJobs.ts'
import { enqueue, type NewJobs } from '../src/queue/enqueue.ts'

/** The row of a document without bytes. */
export async function makeDocument(db: Queryable): Promise<string> {
  const id = uuidv7()
  await db.query(
    `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key) VALUES ($1::uuid, 'a.pdf', 'application/pdf', 1, repeat('0', 64), $1::uuid::text)`,
    [id],
  )
  return id
}

/** A document without bytes and its PENDING job, due at `at`. @returns the job's id */
export async function makeJob(db: Queryable, at: Date, maxAttempts = 3): Promise<number> {
  return addJob(db, await makeDocument(db), at, { maxAttempts })
}

/** Another PENDING job of a document. @returns its id */
export async function addJob(
  db: Queryable,
  documentId: string,
  at: Date,
  options: Partial<Omit<NewJobs, 'documentIds'>> = {},
): Promise<number> {
  await enqueue(db, { documentIds: [documentId], maxAttempts: 3, ...options }, at)
  const { rows } = await db.query('SELECT max(id) AS id FROM document_processing_jobs WHERE document_id = $1', [
    documentId,
  ])
  return rows[0].id
}

export async function readJob(db: Queryable, id: number): Promise<DocumentProcessingJobs> {
  const { rows } = await db.query('SELECT * FROM document_processing_jobs WHERE id = $1', [id])
  return rows[0]
}

export async function readAttempts(db: Queryable, jobId: number): Promise<DocumentProcessingAttempts[]> {
  const { rows } = await db.query('SELECT * FROM document_processing_attempts WHERE job_id = $1 ORDER BY claim', [
    jobId,
  ])
  return rows
}

/** Of databases that no test file shares: all rows of documents, jobs and workers. */
export async function emptyTables(db: Queryable): Promise<void> {
  await db.query(
    'TRUNCATE documents, document_processing_jobs, document_processing_attempts, workers, queue_pause, page_pictures, searchable_pdfs, shared_pages CASCADE',
  )
}

/** A page that could not be read. */
export const makeFailedPage = (pageNumber: number, code: ErrorCode = 'page_timeout', detail = 'No progress') => ({
  ...{ content: '', page: { pageNumber, spans: [{ offset: 0, length: 0 }] }, failure: { code, detail } },
})

/** A page with one word on it. */
export function makePage(pageNumber: number, content = `page ${pageNumber}`) {
  const span = { offset: 0, length: content.length }
  const polygon = [0, 0, 1, 0, 1, 1, 0, 1]
  return {
    content,
    page: {
      pageNumber,
      angle: 0,
      width: 8.5,
      height: 11,
      unit: 'inch' as const,
      words: [{ content, polygon, span, confidence: 1 }],
      lines: [{ content, polygon, spans: [span] }],
      spans: [span],
    },
  }
}
