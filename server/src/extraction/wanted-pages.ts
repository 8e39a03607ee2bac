import { countPages, formatPageRanges, hasPage } from '@adp/contract/page-ranges.ts'
import { ExtractionError, type ExtractionInput } from './extractor.ts'

type Wanted = Pick<ExtractionInput, 'pages' | 'pagesDone'>

/** Whether a page is to be read: asked for, and not there yet. */
export const isWanted = ({ pages, pagesDone }: Wanted, page: number): boolean =>
  !pagesDone.has(page) && (pages === undefined || hasPage(pages, page))

/**
 * How many pages are asked for, those that are there already with them.
 * @param pagesTotal of the document
 * @throws ExtractionError no_readable_page when the document has no page; pages_out_of_range when it has none of these
 */
export function countWanted({ pages }: Pick<Wanted, 'pages'>, pagesTotal: number): number {
  if (pagesTotal === 0) throw new ExtractionError('no_readable_page', 'The document has no page.')
  if (pages === undefined) return pagesTotal
  const wanted = countPages(pages, pagesTotal)
  if (wanted > 0) return wanted
  throw new ExtractionError(
    'pages_out_of_range',
    `The document ends with page ${pagesTotal}; asked for: ${formatPageRanges(pages)}.`,
  )
}

/** The page that is read after `page`; one more than that when none is. */
export function nextWanted(page: number, { pages, pagesDone }: Wanted): number {
  const last = pages === undefined ? Number.POSITIVE_INFINITY : (pages.at(-1)?.to ?? 0)
  for (let next = page + 1; next <= last; next += 1) if (isWanted({ pages, pagesDone }, next)) return next
  return page + 1
}
