import type { Scale } from './scale.ts'
import { right, runsOf, type TextRow } from './token.ts'

type Gap = { from: number; to: number }

/** The white space between the text of a row of a table, all of its lines taken together. */
const gapsOf = (rows: readonly TextRow[], { space }: Scale): Gap[] => {
  const runs = rows.flatMap((row) => runsOf(row, space)).toSorted((a, b) => a.box.x - b.box.x)
  const gaps: Gap[] = []
  let end = Infinity
  for (const { box } of runs) {
    if (box.x - end >= space) gaps.push({ from: end, to: box.x })
    end = Math.max(end === Infinity ? -Infinity : end, right(box))
  }
  return gaps
}

const nearest = (places: number[], xs: readonly number[], x: number): number | undefined =>
  places.toSorted((a, b) => Math.abs((xs[a] as number) - x) - Math.abs((xs[b] as number) - x))[0]

/**
 * The places of a row, by the column before them, where no border is though other rows have one: none is drawn, and no gap in the text
 * stands for it. In a row without any line down a gap may stand for several borders, with empty cells between; in one with lines it is one.
 * @param lined for each of `xs`, whether a line is drawn there
 */
export const openPlaces = (
  rows: readonly TextRow[],
  xs: readonly number[],
  lined: readonly boolean[],
  scale: Scale,
): Set<number> => {
  const open = new Set<number>()
  for (let border = 1; border < xs.length - 1; border += 1) if (!lined[border]) open.add(border - 1)
  const hasLines = open.size < xs.length - 2
  for (const gap of gapsOf(rows, scale)) {
    const within = [...xs.keys()].filter(
      (border) => (xs[border] as number) > gap.from && (xs[border] as number) < gap.to,
    )
    if (within.some((border) => lined[border])) continue
    const closed = hasLines ? [nearest(within, xs, (gap.from + gap.to) / 2)] : within
    for (const border of closed) if (border !== undefined) open.delete(border - 1)
  }
  return open
}
