import { Readable } from 'node:stream'
import type { AnalyzeResult, Page, ResultHeader, ResultParts } from '@adp/contract/analyze-result.ts'
import type { AnalyzedDocument } from '@adp/contract/result-fields.ts'
import type { Pool, Queryable } from '../db/client.ts'
import type DocumentPages from '../db/generated/public/DocumentPages.ts'
import { mergeDocuments } from '../extraction/local/business/merge-documents.ts'
import { DEFAULT_MODEL, headerOf } from '../extraction/local/model.ts'
import { unpacked } from '../extraction/local/packed-text.ts'
import { moveBy, moveSpans } from '../extraction/spans.ts'
import { failedPages } from '../queue/pages.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { toError } from './document-view.ts'
import { ProblemError } from './problem.ts'
import { findResultJob, type ResultJob, readStatus } from './read-documents.ts'

/** Pages read from the database at a time: a few hundred kilobytes each at most, so that memory does not grow with the document. */
const BATCH = 20

/** Pages are apart by one line break in the content of the whole document. */
const SEPARATOR = '\n'

export type StoredPage = Pick<DocumentPages, 'page_number' | 'content' | 'error_code'> & {
  page: Page
  parts: ResultParts | null
}

/** Of what the local engine reads when nobody asks for a model. */
const HEADER: ResultHeader = headerOf(DEFAULT_MODEL)

/**
 * The newest completed job of a document.
 * @throws ProblemError document_not_found; result_not_ready with what the document is waiting for, or why it failed
 */
export async function requireResult(db: Queryable, documentId: string): Promise<ResultJob> {
  const result = await findResultJob(db, documentId)
  if (result) return result
  const job = await readStatus(db, documentId)
  throw new ProblemError('result_not_ready', `The document is ${job.status}: ${job.error?.message ?? job.phase_text}`)
}

/**
 * One page as a result of its own: `content` is the page's, and its spans index that; with it comes what begins on it.
 * @throws ProblemError page_not_found
 */
export async function readPage(db: Queryable, job: ResultJob, pageNumber: number): Promise<AnalyzeResult> {
  const [found] = await readPages(db, job.id, pageNumber, 1)
  if (found?.page_number !== pageNumber) {
    throw new ProblemError(
      'page_not_found',
      `The document has ${job.pages_total} pages; there is no page ${pageNumber}.`,
    )
  }
  const header = withWarnings(job, found.error_code === null ? [] : [{ error_code: found.error_code, index: 0 }])
  return { ...header, content: found.content, pages: [found.page], ...found.parts }
}

/** The whole AnalyzeResult as JSON: what the provider said, byte for byte, where that is kept. @throws BlobMissingError, StorageError */
export async function openResult(pool: Pool, blobs: BlobStore, job: ResultJob): Promise<Readable> {
  return job.result_blob_key
    ? blobs.read(job.result_blob_key)
    : Readable.from(streamResult(pool, job), { objectMode: false })
}

/**
 * The whole AnalyzeResult, put together from its pages, as pieces of its JSON. `content` comes before `pages` and needs every page, and
 * what stands on them comes list by list, so they are read more than once, in batches: 2,000 pages take the memory of twenty.
 */
export async function* streamResult(pool: Pool, job: ResultJob): AsyncGenerator<string> {
  const failed = await failedPages(pool, job.id)
  const header = withWarnings(
    job,
    failed.map(({ page_number, error_code }) => ({ error_code, index: page_number - 1 })),
  )
  yield `${JSON.stringify(header).slice(0, -1)},"content":"`
  for await (const { content, page_number } of streamPages(pool, job)) {
    yield jsonInside(page_number === 1 ? content : SEPARATOR + content)
  }
  yield '","pages":['
  const offsets: number[] = []
  let offset = 0
  for await (const { content, page, page_number } of streamPages(pool, job)) {
    yield (page_number === 1 ? '' : ',') + JSON.stringify(moveSpans(page, moveBy(offset)))
    offsets.push(offset)
    offset += content.length + SEPARATOR.length
  }
  yield ']'
  for (const key of await readKeysOfParts(pool, job.id)) yield* streamList(pool, job, key, offsets)
  yield '}'
}

/** The header of a result in which pages are empty since they could not be read: in Azure's shape, with JSON pointers as its `elements` are. */
function withWarnings(job: ResultJob, failed: { error_code: string; index: number }[]): ResultHeader {
  const header = job.result_header ?? HEADER
  if (failed.length === 0) return header
  const warnings = failed.map(({ error_code, index }) => {
    const { code, message } = toError(error_code, '')
    return { code, message, target: `/pages/${index}` }
  })
  return { ...header, warnings: [...(header.warnings ?? []), ...warnings] }
}

/** One list of the result, of all pages. @param offsets where each page begins in the document's content */
async function* streamList(pool: Pool, job: ResultJob, key: string, offsets: number[]): AsyncGenerator<string> {
  const elements = elementsOf(pool, job, key, offsets)
  let next = `,${JSON.stringify(key)}:[`
  for await (const element of key === 'documents'
    ? mergeDocuments(elements as AsyncIterable<AnalyzedDocument>)
    : elements) {
    yield next + JSON.stringify(element)
    next = ','
  }
  yield ']'
}

async function* elementsOf(pool: Pool, job: ResultJob, key: string, offsets: number[]): AsyncGenerator<unknown> {
  for await (const { parts, page_number } of streamPages(pool, job)) {
    const elements = (parts?.[key] ?? []) as unknown[]
    for (const element of elements) yield moveSpans(element, moveBy(offsets[page_number - 1] ?? 0))
  }
}

/** A JSON string without its quotes. */
const jsonInside = (text: string) => JSON.stringify(text).slice(1, -1)

/** The pages of a result one after another. @throws Error when the document is deleted meanwhile */
export async function* streamPages(pool: Pool, job: ResultJob): AsyncGenerator<StoredPage> {
  for (let next = 1; next <= job.pages_total; ) {
    const batch = await readPages(pool, job.id, next, BATCH)
    if (batch[0]?.page_number !== next)
      throw new Error(`page ${next} of job ${job.id} is gone: the document was deleted`)
    yield* batch
    next += batch.length
  }
}

async function readPages(db: Queryable, jobId: number, from: number, limit: number): Promise<StoredPage[]> {
  const { rows } = await db.query<StoredPage & { packedText: Buffer | null }>({
    name: 'read pages',
    text: `
      SELECT page_number, content, page, packed_text AS "packedText", parts, error_code FROM document_pages
      WHERE job_id = $1 AND page_number >= $2 ORDER BY page_number LIMIT $3`,
    values: [jobId, from, limit],
  })
  return rows.map(unpacked)
}

/** The lists that a result has beside its pages. An empty list is none, so that each has a first element. */
async function readKeysOfParts(db: Queryable, jobId: number): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(
    `SELECT DISTINCT key FROM document_pages, jsonb_each(parts) WHERE job_id = $1 AND jsonb_array_length(value) > 0 ORDER BY key`,
    [jobId],
  )
  return rows.map(({ key }) => key)
}
