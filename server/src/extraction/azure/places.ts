import type { BoundingRegion, Span } from '@adp/contract/geometry.ts'

export type PageSpans = { pageNumber: number; spans: Span[] }

type Located = { boundingRegions?: BoundingRegion[]; spans?: Span[]; key?: Located }

/** The first page that an element stands on by its regions, or null when it has none. A key-value pair stands where its key does. */
export function firstRegionPage(element: Located): number | null {
  const regions = element.boundingRegions ?? element.key?.boundingRegions ?? []
  return regions.length > 0 ? Math.min(...regions.map((region) => region.pageNumber)) : null
}

/**
 * Finds the page that an element begins on by its spans: one in the text between two pages belongs to the later one, and one that stands
 * nowhere to the first.
 */
export function createPlaces(pages: readonly PageSpans[]): (element: Located) => number {
  const pieces = pages
    .flatMap(({ pageNumber, spans }) =>
      spans.filter((span) => span.length > 0).map((span) => ({ end: span.offset + span.length, pageNumber })),
    )
    .sort((a, b) => a.end - b.end)
  const first = pages[0]?.pageNumber ?? 1
  return (element) => {
    const spans = element.spans ?? element.key?.spans ?? []
    if (spans.length === 0) return first
    const offset = Math.min(...spans.map((span) => span.offset))
    return (
      pieces[firstWith(pieces.length, (index) => (pieces[index]?.end ?? 0) > offset)]?.pageNumber ??
      pieces.at(-1)?.pageNumber ??
      first
    )
  }
}

/** The first index for which a condition holds that holds for all after it; `count` when there is none. */
function firstWith(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
