import { LiteParse, type LiteParseConfig, type ParseResult } from '@llamaindex/liteparse'
import { ExtractionError } from '../extractor.ts'
import { isWanted } from '../wanted-pages.ts'
import { ahead } from './ahead.ts'
import { withComplexity } from './complexity.ts'
import type { ExtractRequest } from './protocol.ts'

/** Pages that LiteParse parses at a time: 4 take a seventh longer than the document in one go, 8 a twentieth, and 16 would hold more in memory. */
const BATCH_SIZE = 8

/** Of a careful reading so many pages are parsed one at a time: as many as may have been parsed, or read, when a process died of one of them. */
export const ONE_BY_ONE = 2 * BATCH_SIZE

/** Pages that were parsed together. What is not among the `pages` of the result is among its `pageErrors`, or was left out. */
export type Batch = {
  pageNumbers: number[]
  totalPages: number
  result: Pick<ParseResult, 'pages' | 'pageErrors'>
  /** Nothing is left to be parsed. */
  isLast: boolean
}

type Request = Pick<ExtractRequest, 'path' | 'pagesDone' | 'pages' | 'careful'> & {
  limits: Pick<ExtractRequest['limits'], 'maxPages'>
}

const OPTIONS = { ocrEnabled: false, quiet: true, numWorkers: 1, continueOnPageError: true }

const requireFewPages = (pages: number, maxPages: number) => {
  if (pages > maxPages)
    throw new ExtractionError('too_many_pages', `The document has ${pages} pages; ${maxPages} are accepted`)
}

/** Whether a PDF has a form at all, in half a millisecond. Throws LiteParse's own errors. */
export const hasForm = async (path: string): Promise<boolean> =>
  ((await new LiteParse({ ...OPTIONS, maxPages: 0, extractFormFields: true }).parse(path)).formType ?? 0) > 0

const NOTHING: Batch['result'] = { pages: [], pageErrors: [] }

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

/** One opening for the whole document. */
async function* parseAll(path: string, options: Partial<LiteParseConfig>, maxPages: number): AsyncGenerator<Batch> {
  // One more than allowed tells that there are more; they are refused, not cut off.
  const parser = new LiteParse({ ...options, maxPages: maxPages + 1 })
  for await (const { startPage, endPage, totalPages, result } of parser.parseBatches(path, { batchSize: BATCH_SIZE })) {
    requireFewPages(totalPages, maxPages)
    yield { pageNumbers: upTo(endPage).slice(startPage - 1), totalPages, result, isLast: endPage >= totalPages }
  }
}

/** No page but those that are wanted is touched: one that is not may be the one that a process died of. */
async function* parseSome(request: Request, options: Partial<LiteParseConfig>): AsyncGenerator<Batch> {
  const { path, careful } = request
  const { totalPages } = await new LiteParse({ ...options, maxPages: 0 }).parse(path)
  requireFewPages(totalPages, request.limits.maxPages)
  const wanted = { pagesDone: new Set(request.pagesDone), pages: request.pages ?? undefined }
  const pages = upTo(totalPages).filter((page) => isWanted(wanted, page))
  yield { pageNumbers: [], totalPages, result: NOTHING, isLast: pages.length === 0 }
  let [next, batches] = [0, 0]
  while (next < pages.length) {
    const pageNumbers = pages.slice(next, next + (careful && batches < ONE_BY_ONE ? 1 : BATCH_SIZE))
    const result = await new LiteParse({ ...options, targetPages: pageNumbers.join(',') }).parse(path)
    next += pageNumbers.length
    batches += 1
    yield { pageNumbers, totalPages, result, isLast: next >= pages.length }
  }
}

/**
 * Parses the pages that are wanted, batch by batch, in order, the next one while one is read; a careful reading knows of which one a process
 * dies. The first batch is there, without a page, when none is.
 * Throws ExtractionError too_many_pages, and LiteParse's own errors.
 */
export const parsePdf = (request: Request, options: Partial<LiteParseConfig>): AsyncGenerator<Batch> => {
  const all = { ...OPTIONS, ...options }
  const isWhole = request.pagesDone.length === 0 && request.pages === null && !request.careful
  const batches = isWhole ? parseAll(request.path, all, request.limits.maxPages) : parseSome(request, all)
  const decided = withComplexity(request.path, batches)
  return request.careful ? decided : ahead(decided)
}
