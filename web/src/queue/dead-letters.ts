import type { DeadLetter, DeadLetterList } from '@adp/contract/queue.ts'

/** How many the server counts; there may be more. */
export const COUNTED_UP_TO = 10_000

// Of pages as they were loaded one after the other.
type Pages = readonly DeadLetterList[]

/** The pages without a document. */
export const withoutDocument = (pages: Pages, id: string): DeadLetterList[] =>
  pages.map((page) => ({
    ...page,
    dead_letters: page.dead_letters.filter(({ document_id }) => document_id !== id),
  }))

/** All of them. One that moved on from page to page, because others came or went meanwhile, stays once. */
export function joined(pages: Pages): DeadLetter[] {
  const all = pages.flatMap(({ dead_letters }) => dead_letters)
  return [...new Map(all.map((letter) => [letter.document_id, letter])).values()]
}
