import { type Box, unionBox } from './geometry.ts'
import type { FoundWord } from './layout.ts'
import { isRightToLeft } from './text.ts'
import type { FontPlace } from './tight-box.ts'

/** A word, where it would be if the text stood upright, and where its font is in that box. */
export type PlacedWord = FoundWord & { upright: Box; font?: FontPlace | null }

/** A run of words that stand next to each other on one line; `box` is upright. */
export type Fragment = { words: PlacedWord[]; box: Box }

/** A gap wider than this many line heights is not a space: another column of a table, another label. Justified text stays below it. */
const WIDE_GAP = 1.5

/** A gap below this many line heights is nothing but a space; what it separates belongs together before columns are looked for. */
const SPACE_GAP = 0.6

/** Two fragments are on the same line when they share at least half of the lower one's height. */
const SAME_LINE = 0.5

/** Fewer lines than this on either side are not a column. */
const COLUMN_LINES = 5

/** Running text has three words and more in a line; the cells of a table and the lines of an address block have fewer. */
const PROSE_WORDS = 3

/** Half of the words of a column are in lines that fill it to at least this share; in a list of questions and answers just so. */
const PROSE_FILL = 0.4

/** At how many places a gap between columns is looked for: every 6 pt of an A4 page, the narrowest gap there is. */
const GAP_CANDIDATES = 100

/** Share of a page's lines that may cross the gap between two columns: titles, abstracts, wide figures. */
const MAX_CROSSING = 0.4

const right = (box: Box): number => box.x + box.width
const bottom = (box: Box): number => box.y + box.height
const middle = (box: Box): number => box.y + box.height / 2

/** The fragments of one row from left to right, joined where the gap is less than `maxGap` line heights. */
const joinRow = (row: Fragment[], maxGap: number): Fragment[] => {
  const joined: Fragment[] = []
  for (const fragment of row.toSorted((a, b) => a.box.x - b.box.x)) {
    const last = joined.at(-1)
    if (last && fragment.box.x - right(last.box) < maxGap * fragment.box.height) {
      last.words.push(...fragment.words)
      last.box = unionBox([last.box, fragment.box])
    } else joined.push({ words: [...fragment.words], box: fragment.box })
  }
  return joined
}

const isFromRight = (words: PlacedWord[]): boolean => isRightToLeft(words.map((word) => word.text).join(''))

/** Text of right-to-left scripts comes with its words in the order in which they stand, from the left. */
const inReadingDirection = (words: PlacedWord[]): PlacedWord[] =>
  isFromRight(words) ? words.toSorted((a, b) => right(b.upright) - right(a.upright)) : words

/** Fragments row by row, from top to bottom. */
const rowsOf = (fragments: Fragment[]): Fragment[][] => {
  const rows: { fragments: Fragment[]; top: number; bottom: number }[] = []
  for (const fragment of fragments.toSorted((a, b) => middle(a.box) - middle(b.box))) {
    const row = rows.at(-1)
    const shared = row ? Math.min(row.bottom, bottom(fragment.box)) - Math.max(row.top, fragment.box.y) : 0
    const lower = row ? Math.min(row.bottom - row.top, fragment.box.height) : 0
    if (row && lower > 0 && shared >= SAME_LINE * lower) row.fragments.push(fragment)
    else rows.push({ fragments: [fragment], top: fragment.box.y, bottom: bottom(fragment.box) })
  }
  return rows.map((row) => row.fragments)
}

const acrossThePage = (fragments: Fragment[]): PlacedWord[][] =>
  rowsOf(fragments).flatMap((row) => {
    const lines = joinRow(row, WIDE_GAP).map(({ words }) => words)
    // Where most letters of a row are from the right, most of one of its lines are.
    if (!lines.some(isFromRight)) return lines
    const inDirection = lines.map(inReadingDirection)
    return isFromRight(lines.flat()) ? inDirection.reverse() : inDirection
  })

const countWords = (fragments: Fragment[]): number =>
  fragments.reduce((sum, fragment) => sum + fragment.words.length, 0)

const wordsPerFragment = (fragments: Fragment[]): number => countWords(fragments) / fragments.length

/** Bullets and page numbers have few words and so little say. */
const isProse = (fragments: Fragment[]): boolean => {
  if (fragments.length < COLUMN_LINES || wordsPerFragment(fragments) < PROSE_WORDS) return false
  const { width } = unionBox(fragments.map((fragment) => fragment.box))
  const filling = fragments.filter((fragment) => fragment.box.width >= PROSE_FILL * width)
  return countWords(filling) * 2 >= countWords(fragments)
}

type Split = { left: Fragment[]; right: Fragment[]; crossing: Fragment[] }

/** Text on either side of a place; null where one of the sides is no running text: then the others are not looked at. */
const splitAt = (fragments: Fragment[], x: number): Split | null => {
  const before = fragments.filter((fragment) => right(fragment.box) <= x)
  if (!isProse(before)) return null
  const after = fragments.filter((fragment) => fragment.box.x >= x)
  if (!isProse(after)) return null
  const crossing = fragments.filter((fragment) => fragment.box.x < x && right(fragment.box) > x)
  return { left: before, right: after, crossing }
}

/** How many lines cross a place. Counted for each candidate; only of the best ones the text on either side is looked at. */
const countCrossing = (fragments: Fragment[]): ((x: number) => number) => {
  const starts = Float64Array.from(fragments, (fragment) => fragment.box.x)
  const ends = Float64Array.from(fragments, (fragment) => right(fragment.box))
  return (x) => {
    let crossing = 0
    for (let index = 0; index < starts.length; index += 1)
      if ((starts[index] as number) < x && (ends[index] as number) > x) crossing += 1
    return crossing
  }
}

/** The gap between columns of running text that the fewest lines cross, if there is one. */
const findColumns = (fragments: Fragment[]): Split | null => {
  if (fragments.length < 2 * COLUMN_LINES) return null
  const page = unionBox(fragments.map((fragment) => fragment.box))
  const crossingAt = countCrossing(fragments)
  let [best, fewest]: [Split | null, number] = [null, Math.floor(MAX_CROSSING * fragments.length) + 1]
  for (let step = 1; step < GAP_CANDIDATES; step += 1) {
    const x = page.x + (page.width * step) / GAP_CANDIDATES
    const crossing = crossingAt(x)
    if (crossing >= fewest) continue
    const split = splitAt(fragments, x)
    if (split) [best, fewest] = [split, crossing]
  }
  return best
}

const readColumns = (fragments: Fragment[]): PlacedWord[][] => {
  const split = findColumns(fragments)
  if (!split) return acrossThePage(fragments)
  const lines: PlacedWord[][] = []
  let top = -Infinity
  const readDownTo = (y: number) => {
    const band = (side: Fragment[]) => side.filter(({ box }) => middle(box) >= top && middle(box) < y)
    const [left, right] = [band(split.left), band(split.right)]
    // A table or a list of authors between the columns' text: its rows belong together.
    if (left.length > 0 && right.length > 0 && wordsPerFragment([...left, ...right]) < PROSE_WORDS)
      lines.push(...acrossThePage([...left, ...right]))
    else lines.push(...readColumns(left), ...readColumns(right))
    top = y
  }
  for (const row of rowsOf(split.crossing)) {
    const { y } = unionBox(row.map((fragment) => fragment.box))
    if (y > top) readDownTo(y)
    lines.push(...acrossThePage(row))
  }
  readDownTo(Infinity)
  return lines
}

/**
 * Puts the fragments of a page in the order in which a person reads them, as lines of words: column by column where
 * there are columns of running text, otherwise row by row. A line that crosses the columns ends them: what stands above it
 * is read first.
 */
export const inReadingOrder = (fragments: Fragment[]): PlacedWord[][] =>
  readColumns(rowsOf(fragments).flatMap((row) => joinRow(row, SPACE_GAP)))
