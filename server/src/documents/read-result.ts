import type { AnalyzeResult, Page, Span } from '@adp/contract/analyze-result.ts'
import type { Pool, Queryable } from '../db/client.ts'
import type DocumentPages from '../db/generated/public/DocumentPages.ts'
import { ProblemError } from './problem.ts'
import { findResultJob, type ResultJob, readStatus } from './read-documents.ts'

/** Pages read from the database at a time: a few hundred kilobytes each at most, so that memory does not grow with the document. */
const BATCH = 20

/** Pages are apart by one line break in the content of the whole document. */
const SEPARATOR = '\n'

type StoredPage = Pick<DocumentPages, 'page_number' | 'content'> & { page: Page }

const HEADER = {
  apiVersion: '2024-11-30',
  modelId: 'prebuilt-read',
  stringIndexType: 'utf16CodeUnit',
  contentFormat: 'text',
} as const

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

/** One page as a result of its own: `content` is the page's, and its spans index that. @throws ProblemError page_not_found */
export async function readPage(db: Queryable, job: ResultJob, pageNumber: number): Promise<AnalyzeResult> {
  const [found] = await readPages(db, job.id, pageNumber, 1)
  if (found?.page_number !== pageNumber) {
    throw new ProblemError(
      'page_not_found',
      `The document has ${job.pages_total} pages; there is no page ${pageNumber}.`,
    )
  }
  return { ...HEADER, content: found.content, pages: [found.page] }
}

/**
 * The whole AnalyzeResult as pieces of its JSON. `content` comes before `pages` and needs every page, so the pages are read twice, in
 * batches: 2,000 pages take the memory of twenty.
 */
export async function* streamResult(pool: Pool, job: ResultJob): AsyncGenerator<string> {
  yield `${JSON.stringify(HEADER).slice(0, -1)},"content":"`
  for await (const { content, page_number } of allPages(pool, job)) {
    yield jsonInside(page_number === 1 ? content : SEPARATOR + content)
  }
  yield '","pages":['
  let offset = 0
  for await (const { content, page, page_number } of allPages(pool, job)) {
    yield (page_number === 1 ? '' : ',') + JSON.stringify(shiftPage(page, offset))
    offset += content.length + SEPARATOR.length
  }
  yield ']}'
}

/** A JSON string without its quotes. */
const jsonInside = (text: string) => JSON.stringify(text).slice(1, -1)

async function* allPages(pool: Pool, job: ResultJob): AsyncGenerator<StoredPage> {
  for (let next = 1; next <= job.pages_total; ) {
    const batch = await readPages(pool, job.id, next, BATCH)
    if (batch[0]?.page_number !== next)
      throw new Error(`page ${next} of job ${job.id} is gone: the document was deleted`)
    yield* batch
    next += batch.length
  }
}

async function readPages(db: Queryable, jobId: number, from: number, limit: number): Promise<StoredPage[]> {
  const { rows } = await db.query<StoredPage>({
    name: 'read pages',
    text: 'SELECT page_number, content, page FROM document_pages WHERE job_id = $1 AND page_number >= $2 ORDER BY page_number LIMIT $3',
    values: [jobId, from, limit],
  })
  return rows
}

/**
 * Moves a page's spans from its own content to that of the document.
 * @param by UTF-16 code units before the page
 */
export function shiftPage(page: Page, by: number): Page {
  const shift = (span: Span): Span => ({ offset: span.offset + by, length: span.length })
  return {
    ...page,
    words: page.words.map((word) => ({ ...word, span: shift(word.span) })),
    lines: page.lines.map((line) => ({ ...line, spans: line.spans.map(shift) })),
    spans: page.spans.map(shift),
  }
}
