import type { BoundingRegion, Span } from '@adp/contract/geometry.ts'
import { type Box, type QuarterTurns, type Size, turnBack } from '../geometry.ts'
import { polygonOf } from '../layout.ts'
import type { LocalPage } from '../local-page.ts'
import { sortedBy, type Token } from './token.ts'

/** The spans of words, joined where only a space or a line's end is between them, in the order of the page's content. */
export const spansOf = (tokens: readonly Token[]): Span[] => {
  const spans: Span[] = []
  for (const { span } of sortedBy(tokens, ({ span }) => span.offset)) {
    const last = spans.at(-1)
    if (last && last.offset + last.length + 1 === span.offset) last.length = span.offset + span.length - last.offset
    else spans.push({ ...span })
  }
  return spans
}

/** What a box of upright text is in the page as it lies, as Azure says where something is. */
export const regionOf = (box: Box, page: LocalPage, turns: QuarterTurns): BoundingRegion => {
  const turned: Size = turns % 2 === 1 ? { width: page.height, height: page.width } : page
  const lying = turnBack(box, turned, ((4 - turns) % 4) as QuarterTurns)
  return { pageNumber: page.pageNumber, polygon: polygonOf(lying, turns, page.unit) }
}
