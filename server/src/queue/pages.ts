import type { Page, ResultParts } from '@adp/contract/analyze-result.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'
import type { Queryable } from '../db/client.ts'
import { rowsOf } from './sql.ts'

/** SQL of the pages that a job has: which are there, and which of them could not be read. */

/** Why a page could not be read. */
export type PageFailure = { code: ErrorCode; detail: string }

/** A page of a job, or why there is none. `number`: which of the job's pages it is, its `pageNumber` unless the document is read in part. */
export type StoredPage = {
  content: string
  page: Page
  /** The page's words and lines, where they are not in `page`. */
  packedText?: Buffer | null
  parts?: ResultParts | null
  failure?: PageFailure | null
  number?: number
}

const COLUMNS = ['int', 'text', 'json', 'bytea', 'jsonb', 'text', 'text']

/** Inserts pages of the job that `held` names, each once; the `pageValues` of each are the parameters from `first` on. */
export const insertPages = (first: number, count = 1) => `
  INSERT INTO document_pages (job_id, page_number, content, page, packed_text, parts, error_code, error_log)
  SELECT held.id, page.* FROM held, (VALUES ${rowsOf(count, COLUMNS, first)}) AS page ON CONFLICT DO NOTHING RETURNING page_number`

export const pageValues = ({ content, page, packedText, parts, failure, number }: StoredPage) => [
  ...[number ?? page.pageNumber, content, JSON.stringify(page), packedText, parts ? JSON.stringify(parts) : null],
  ...[failure?.code, failure?.detail],
]

/** Page numbers with the reason that each could not be read, in order. */
export async function failedPages(
  db: Queryable,
  jobId: number,
): Promise<{ page_number: number; error_code: string }[]> {
  const { rows } = await db.query<{ page_number: number; error_code: string }>({
    name: 'failed pages',
    text: 'SELECT page_number, error_code FROM document_pages WHERE job_id = $1 AND error_code IS NOT NULL ORDER BY page_number',
    values: [jobId],
  })
  return rows
}

/** Why none of the pages that a job has could be read, null when one could; `code` is null when they failed for several reasons. */
export async function whyNoneWasRead(
  db: Queryable,
  jobId: number,
): Promise<{ code: ErrorCode | null; log: string } | null> {
  const { rows } = await db.query<{ code: ErrorCode | null; log: string }>(
    `SELECT CASE WHEN count(DISTINCT error_code) = 1 THEN min(error_code) END AS code,
            (array_agg(error_log ORDER BY page_number))[1] AS log
     FROM document_pages WHERE job_id = $1 HAVING count(*) > 0 AND count(error_code) = count(*)`,
    [jobId],
  )
  return rows[0] ?? null
}

/**
 * Gives a job that nobody has claimed the pages of an earlier one of its document, but those that are to be read again. So it begins where
 * an attempt would that has stored them.
 */
export async function copyPages(db: Queryable, from: number, to: number, without: number[]): Promise<void> {
  await db.query(
    `WITH copied AS (
       INSERT INTO document_pages (job_id, page_number, content, page, packed_text, parts, error_code, error_log)
       SELECT $2, page_number, content, page, packed_text, parts, error_code, error_log FROM document_pages
       WHERE job_id = $1 AND page_number <> ALL ($3) RETURNING page_number
     )
     UPDATE document_processing_jobs AS job
     SET pages_total = earlier.pages_total, provider = earlier.provider, result_header = earlier.result_header,
         pages_done = (SELECT count(*) FROM copied)
     FROM document_processing_jobs AS earlier WHERE job.id = $2 AND earlier.id = $1`,
    [from, to, without],
  )
}
