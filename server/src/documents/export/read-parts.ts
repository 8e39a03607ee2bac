import type { AnalyzedDocument, KeyValuePair } from '@adp/contract/result-fields.ts'
import type { Table } from '@adp/contract/result-tables.ts'
import type { Pool, Queryable } from '../../db/client.ts'
import type { ResultJob } from '../read-documents.ts'

/** Pages read at a time, without their words: a table of a spreadsheet may have megabytes. */
const BATCH = 5

type Parts = { tables: Table; keyValuePairs: KeyValuePair; documents: AnalyzedDocument }

export type PartCounts = Record<keyof Parts, number>

/** How many tables, key-value pairs and documents with fields a result has. */
export async function countParts(db: Queryable, job: ResultJob): Promise<PartCounts> {
  const { rows } = await db.query<PartCounts>(
    `SELECT coalesce(sum(jsonb_array_length(parts -> 'tables')), 0) AS tables,
            coalesce(sum(jsonb_array_length(parts -> 'keyValuePairs')), 0) AS "keyValuePairs",
            coalesce(sum(jsonb_array_length(parts -> 'documents')), 0) AS documents
     FROM document_pages WHERE job_id = $1`,
    [job.id],
  )
  return rows[0] as PartCounts
}

type PartRow<K extends keyof Parts> = { page_number: number; page: number; elements: Parts[K][] }

/**
 * What stands on the pages of a result, one after another, with the page it begins on: its number in the document.
 * @throws Error when there are not `count` of them, since the document is deleted meanwhile
 */
export async function* streamParts<K extends keyof Parts>(
  pool: Pool,
  job: ResultJob,
  key: K,
  count: number,
): AsyncGenerator<{ page: number; part: Parts[K] }> {
  let found = 0
  for (let next = 1; found < count; ) {
    const { rows } = await pool.query<PartRow<K>>(
      `SELECT page_number, (page ->> 'pageNumber')::int AS page, parts -> $2 AS elements FROM document_pages
       WHERE job_id = $1 AND page_number >= $3 AND jsonb_array_length(parts -> $2) > 0 ORDER BY page_number LIMIT $4`,
      [job.id, key, next, BATCH],
    )
    if (rows.length === 0) throw new Error(`${key} of job ${job.id} are gone: the document was deleted`)
    for (const { page, elements, page_number } of rows) {
      for (const part of elements) yield { page, part }
      found += elements.length
      next = page_number + 1
    }
  }
}
