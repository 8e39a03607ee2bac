import { countPages, type PageRange, pageAt, parsePageRanges } from '@adp/contract/page-ranges.ts'
import type { Logger } from 'pino'
import type { ExtractedPage } from '../extraction/extractor.ts'
import type { StoredPage } from '../queue/pages.ts'

/** How pages are counted: in the file, where they are read, and from 1 among those that were asked for, where they are stored. */
export type Numbering = { numberOf(page: number): number; pageAt(number: number): number }

/** @param asked pages that are wanted, as of an upload; without it all */
export function numberingOf(asked: string | undefined): Numbering & { pages: PageRange[] | undefined } {
  const pages = asked === undefined ? undefined : parsePageRanges(asked)
  return {
    pages,
    numberOf: (page) => (pages ? countPages(pages, page) : page),
    pageAt: (number) => (pages ? pageAt(pages, number) : number),
  }
}

/** As PostgreSQL takes it. */
export const cleanDetail = (text: string) => text.replaceAll('\0', '').toWellFormed().slice(0, 10_000) || 'no message'

/** A page as it is stored. One that could not be read is told to the log. */
export function rowOf(page: ExtractedPage, numberOf: Numbering['numberOf'], log: Logger) {
  const { pageNumber } = page.page
  const failure = page.failure ? { code: page.failure.code, detail: cleanDetail(page.failure.detail) } : null
  if (failure) log.warn({ page: pageNumber, ...failure }, 'a page cannot be read')
  return { ...page, failure, number: numberOf(pageNumber) } satisfies StoredPage
}
