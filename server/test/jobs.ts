import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../src/db/client.ts'
import type DocumentProcessingAttempts from '../src/db/generated/public/DocumentProcessingAttempts.ts'
import type DocumentProcessingJobs from '../src/db/generated/public/DocumentProcessingJobs.ts'
import * as queue from '../src/queue/job-queue.ts'

/** Rows of a document without bytes, and its PENDING job, due at `at`. @returns the job's id */
export async function makeJob(db: Queryable, at: Date, maxAttempts = 3): Promise<number> {
  const id = uuidv7()
  await db.query(
    `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key) VALUES ($1::uuid, 'a.pdf', 'application/pdf', 1, repeat('0', 64), $1::uuid::text)`,
    [id],
  )
  await queue.enqueue(db, [id], maxAttempts, at)
  const { rows } = await db.query('SELECT id FROM document_processing_jobs WHERE document_id = $1', [id])
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
