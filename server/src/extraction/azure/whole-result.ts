import { ResultHeader } from '@adp/contract/analyze-result.ts'
import { ExtractionError } from '../extractor.ts'
import { describeProblem } from './answer.ts'
import type { PageSpans } from './places.ts'
import { isKnownList } from './result-schemas.ts'

/** What was found of a result, apart from the elements of its lists. */
export type Found<P extends PageSpans> = {
  /** Everything that is no list. */
  values: Record<string, unknown>
  /** How many elements each list has. */
  counts: ReadonlyMap<string, number>
  /** UTF-16 code units; null without content. */
  contentLength: number | null
  pages: P[]
  /** Pages that elements of the lists say they are on. */
  pagesOfElements: Iterable<number>
}

/**
 * Checks what only the whole of a result shows.
 * @returns the header, and the pages in the order of their numbers
 * @throws ExtractionError result_invalid; result_incomplete when something is on a page that is missing
 */
export function checkWhole<P extends PageSpans>(found: Found<P>): { header: ResultHeader; pages: P[] } {
  const { values, counts, contentLength } = found
  for (const key of Object.keys(values)) if (isKnownList(key) && !counts.has(key)) refuse(`.${key}: Expected a list`)
  const header = ResultHeader.safeParse(values)
  if (header.error) throw new ExtractionError('result_invalid', describeProblem(header.error, 'analyzeResult'))
  if (contentLength === null) refuse('.content: Expected a string')
  if (!counts.has('pages')) refuse('.pages: Expected a list')
  const pages = found.pages.toSorted((a, b) => a.pageNumber - b.pageNumber)
  const numbers = new Set<number>()
  for (const { pageNumber, spans } of pages) {
    if (numbers.has(pageNumber)) refuse(`.pages: There are two with the number ${pageNumber}`)
    if (spans.some((span) => span.offset + span.length > (contentLength ?? 0)))
      refuse(`.pages: Page ${pageNumber} goes beyond the end of the content`)
    numbers.add(pageNumber)
  }
  for (const page of found.pagesOfElements)
    if (!numbers.has(page))
      throw new ExtractionError('result_incomplete', `Something is on page ${page}, and that page is missing.`)
  return { header: header.data, pages }
}

function refuse(problem: string): never {
  throw new ExtractionError('result_invalid', `analyzeResult${problem}.`)
}
