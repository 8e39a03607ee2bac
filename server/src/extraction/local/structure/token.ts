import type { Span } from '@adp/contract/geometry.ts'
import { type Box, unionBox } from '../geometry.ts'

export type MarkState = 'selected' | 'unselected'

/**
 * A word of a page, where it stands once the page's text is upright, in the page's unit. `index` is its place in the page's `words`; a
 * selection mark has none (-1), and its state.
 */
export type Token = { index: number; text: string; box: Box; span: Span; mark?: MarkState }

/** Words that stand on one height, from left to right. */
export type TextRow = { tokens: Token[]; box: Box }

export const right = (box: Box): number => box.x + box.width
export const bottom = (box: Box): number => box.y + box.height
export const centre = (box: Box): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })

export const median = (numbers: readonly number[]): number =>
  new Float64Array(numbers).sort()[Math.floor(numbers.length / 2)] ?? 0

/** How high the text of most words is: the measure of every distance on a page. */
export const textHeight = (tokens: readonly Token[]): number => median(tokens.map((token) => token.box.height))

export const isInside = (token: Token, box: Box): boolean => {
  const { x, y } = centre(token.box)
  return x >= box.x && x <= right(box) && y >= box.y && y <= bottom(box)
}

const isAscending = <T>(items: readonly T[], keyOf: (item: T) => number): boolean => {
  let last = -Infinity
  return items.every((item) => {
    const key = keyOf(item)
    const isNext = key >= last
    last = key
    return isNext
  })
}

/** In ascending order. What is in order already, as most words of a line are, is not sorted again; else each key is asked for once. */
export const sortedBy = <T>(items: readonly T[], keyOf: (item: T) => number): T[] =>
  isAscending(items, keyOf)
    ? [...items]
    : items
        .map((item) => ({ item, key: keyOf(item) }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item)

/** Words are on one row when they share at least half of the lower one's height with what is there of it. */
const SAME_ROW = 0.5

const rowOf = (tokens: Token[]): TextRow => ({
  tokens: sortedBy(tokens, (token) => token.box.x),
  box: unionBox(tokens.map((token) => token.box)),
})

/** Words row by row, from top to bottom. A word that is much higher than its row does not pull the next row in. */
export const rowsOf = (tokens: readonly Token[]): TextRow[] => {
  const rows: { tokens: Token[]; top: number; bottom: number }[] = []
  for (const token of sortedBy(tokens, (token) => centre(token.box).y)) {
    const row = rows.at(-1)
    const { y, height } = token.box
    const shared = row ? Math.min(row.bottom, y + height) - Math.max(row.top, y) : 0
    if (row && shared >= SAME_ROW * Math.min(row.bottom - row.top, height)) row.tokens.push(token)
    else rows.push({ tokens: [token], top: y, bottom: y + height })
  }
  return rows.map((row) => rowOf(row.tokens))
}

/** The words of a row in runs, apart where the gap is at least `gap`. */
export const runsOf = (row: TextRow, gap: number): TextRow[] => {
  const runs: Token[][] = []
  let end = -Infinity
  for (const token of row.tokens) {
    const last = runs.at(-1)
    if (last && token.box.x - end < gap) last.push(token)
    else runs.push([token])
    end = Math.max(end, right(token.box))
  }
  return runs.length === 1 ? [row] : runs.map(rowOf)
}
