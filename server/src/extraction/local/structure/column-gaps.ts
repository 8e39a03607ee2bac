import { right, type TextRow } from './token.ts'

/** So many places are looked at for each letter's width. */
const BINS_PER_CHARACTER = 3

/** Share of the rows that may cross a gap between columns: titles, cells that span. */
const MAY_CROSS = 0.2

/** In a few rows chance puts spaces below each other: there a gap has to be this many letters wide, on the average. */
const WIDE_GAP = 1.8

/** In this many rows and more a gap that is wider than a space is one between columns, in a font of fixed width too. */
const MANY_ROWS = 5
const NARROW_GAP = 0.8

/** A gap that this share of the rows crosses is still one: a header over several columns. */
const HARDLY = 0.06

type Gap = { from: number; to: number }

const coverageOf = (rows: readonly TextRow[], from: number, bins: number, size: number): Uint16Array => {
  const coverage = new Uint16Array(bins)
  for (const row of rows) {
    const covered = new Uint8Array(bins)
    for (const { box } of row.tokens) {
      const first = Math.max(0, Math.ceil((box.x - from) / size))
      const last = Math.min(bins - 1, Math.floor((right(box) - from) / size) - 1)
      covered.fill(1, first, last + 1)
    }
    for (let bin = 0; bin < bins; bin += 1) coverage[bin] = (coverage[bin] as number) + (covered[bin] as number)
  }
  return coverage
}

/** Runs of bins that at most `limit` rows cover; of a run in which some are covered by fewer rows, only these. */
const emptyRuns = (coverage: Uint16Array, limit: number): { from: number; to: number }[] => {
  const runs: { from: number; to: number }[] = []
  for (let bin = 0; bin < coverage.length; bin += 1) {
    const last = runs.at(-1)
    if ((coverage[bin] as number) > limit) continue
    if (last?.to === bin) last.to = bin + 1
    else runs.push({ from: bin, to: bin + 1 })
  }
  return runs
}

const leastCovered = (coverage: Uint16Array, run: { from: number; to: number }) => {
  const part = coverage.subarray(run.from, run.to)
  const least = Math.min(...part)
  const runs = emptyRuns(part, least).map(({ from, to }) => ({ from: from + run.from, to: to + run.from }))
  // All of the gaps where nothing stands; where something crosses everywhere, the widest.
  return least === 0 ? runs : runs.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, 1)
}

/** How wide the gap is in each row that has words on both sides of it and none across. */
const widthsOf = (rows: readonly TextRow[], at: number): number[] =>
  rows.flatMap(({ tokens }) => {
    let [left, next] = [-Infinity, Infinity]
    for (const { box } of tokens) {
      if (box.x < at && right(box) > at) return []
      if (right(box) <= at) left = Math.max(left, right(box))
      else next = Math.min(next, box.x)
    }
    return Number.isFinite(left) && Number.isFinite(next) ? [next - left] : []
  })

const isGap = (widths: number[], isCrossed: boolean, character: number): boolean => {
  if (widths.length === 0) return false
  const mean = widths.reduce((sum, width) => sum + width, 0) / widths.length
  return mean >= character * (widths.length >= MANY_ROWS && !isCrossed ? NARROW_GAP : WIDE_GAP)
}

/**
 * Where the gaps between the columns of rows are, from left to right: places that no row crosses, or only a few, with words on either side.
 * @param character the width of a letter
 */
export const columnGaps = (rows: readonly TextRow[], character: number): Gap[] => {
  const from = Math.min(...rows.map((row) => row.box.x))
  const to = Math.max(...rows.map((row) => right(row.box)))
  const size = character / BINS_PER_CHARACTER
  const bins = Math.ceil((to - from) / size)
  if (!(bins > 1) || bins > 10_000) return []
  const coverage = coverageOf(rows, from, bins, size)
  return emptyRuns(coverage, Math.floor(MAY_CROSS * rows.length))
    .flatMap((run) => leastCovered(coverage, run))
    .map((run) => ({
      from: from + run.from * size,
      to: from + run.to * size,
      isCrossed: (coverage[run.from] as number) > HARDLY * rows.length,
    }))
    .filter((gap) => isGap(widthsOf(rows, (gap.from + gap.to) / 2), gap.isCrossed, character))
}

/** Whether the text of a row runs over a place between two columns, or has no more than a space there. */
export const isJoined = ({ tokens }: TextRow, x: number, character: number): boolean => {
  let [left, next] = [-Infinity, Infinity]
  for (const { box } of tokens) {
    if (box.x < x && right(box) > x) return true
    if (right(box) <= x) left = Math.max(left, right(box))
    else next = Math.min(next, box.x)
  }
  return next - left < NARROW_GAP * character
}
