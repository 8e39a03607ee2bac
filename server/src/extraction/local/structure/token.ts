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
const middleAcross = ({ box }: Token): number => box.x + box.width / 2
const middleDown = ({ box }: Token): number => box.y + box.height / 2
export const centre = (box: Box): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })

/** Up to so many numbers are sorted here: the way into the engine's own sort takes longer than that, and most lines have a dozen words. */
const FEW = 24

const sortNumbers = (numbers: Float64Array): Float64Array => (numbers.length > FEW ? numbers.sort() : sortFew(numbers))

const sortFew = (numbers: Float64Array): Float64Array => {
  for (let at = 1; at < numbers.length; at += 1) {
    const number = numbers[at] as number
    let to = at
    for (; to > 0 && (numbers[to - 1] as number) > number; to -= 1) numbers[to] = numbers[to - 1] as number
    numbers[to] = number
  }
  return numbers
}

/** The upper one of the two in the middle; 0 of none. */
export const median = (numbers: readonly number[]): number =>
  sortNumbers(new Float64Array(numbers))[numbers.length >> 1] ?? 0

/** How high the text of most words is: the measure of every distance on a page. */
export const textHeight = (tokens: readonly Token[]): number => median(tokens.map((token) => token.box.height))

export const isInside = (token: Token, box: Box): boolean => {
  const [x, y] = [middleAcross(token), middleDown(token)]
  return x >= box.x && x <= right(box) && y >= box.y && y <= bottom(box)
}

/** Of the unit of a key: what differs by less stands at one place. A millionth of an inch, of a pixel. */
const FINEST = 1e-6

/** Where the middles of words are that lie on one line differs in the sixteenth digit: that is no other order. */
const isAscending = <T>(items: readonly T[], keyOf: (item: T) => number): boolean => {
  let last = -Infinity
  for (const item of items) {
    const key = Math.round(keyOf(item) / FINEST)
    if (!(key >= last)) return false
    last = key
  }
  return true
}

/** Numbers without a function to compare them are sorted in a tenth of the time, so each carries its item's place; null where there is no room for that. */
const placesInOrder = <T>(items: readonly T[], keyOf: (item: T) => number): Float64Array | null => {
  const places = new Float64Array(items.length)
  for (let at = 0; at < items.length; at += 1) {
    const place = Math.round(keyOf(items[at] as T) / FINEST) * items.length + at
    // A damaged file may place something anywhere.
    if (!(Math.abs(place) < Number.MAX_SAFE_INTEGER)) return null
    places[at] = place
  }
  return sortNumbers(places)
}

/** In ascending order of a key; what is equal stays in its order. What is in order already, as most words of a line are, is not sorted again. */
export const sortedBy = <T>(items: readonly T[], keyOf: (item: T) => number): T[] => {
  if (isAscending(items, keyOf)) return items.slice()
  const count = items.length
  const places = placesInOrder(items, keyOf)
  if (!places) return items.toSorted((a, b) => keyOf(a) - keyOf(b))
  const sorted: T[] = []
  for (const place of places) sorted.push(items[((place % count) + count) % count] as T)
  return sorted
}

/** Words are on one row when they share at least half of the lower one's height with what is there of it. */
const SAME_ROW = 0.5

const leftOf = ({ box }: Token): number => box.x
const boxOf = ({ box }: Token): Box => box

const rowOf = (tokens: readonly Token[]): TextRow => ({
  tokens: sortedBy(tokens, leftOf),
  box: unionBox(tokens.map(boxOf)),
})

/** Words by where their middle is, as rows are made of them: sorting them takes longest of it, so that who asks for several rows does it once. */
export const fromTop = (tokens: readonly Token[]): Token[] => sortedBy(tokens, middleDown)

/** Whether words stand so plainly on one row, from left to right, that they need not be sorted: 9 of 10 lines and cells do. */
const isOneRow = (tokens: readonly Token[]): boolean => {
  let [top, end, highest, last] = [-Infinity, Infinity, 0, -Infinity]
  for (const { box } of tokens) {
    top = Math.max(top, box.y)
    end = Math.min(end, box.y + box.height)
    highest = Math.max(highest, box.height)
    if (!(end - top >= SAME_ROW * highest && box.x > last + FINEST)) return false
    last = box.x
  }
  return tokens.length > 0
}

/** Words row by row, from top to bottom. A word that is much higher than its row does not pull the next row in. */
export const rowsOf = (tokens: readonly Token[]): TextRow[] => {
  if (isOneRow(tokens)) return [{ tokens: [...tokens], box: unionBox(tokens.map(boxOf)) }]
  const rows: { tokens: Token[]; top: number; bottom: number }[] = []
  for (const token of fromTop(tokens)) {
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
