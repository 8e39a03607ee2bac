import { columnGaps } from './column-gaps.ts'
import type { Scale } from './scale.ts'
import { isNumber } from './split-bands.ts'
import { bottom, right, runsOf, type TextRow, type Token } from './token.ts'

/** Rows that stand below each other in columns, and the middles of the gaps between these. */
export type Block = { rows: TextRow[]; gaps: number[] }

/** Rows further apart than so many heights of the text are not of one table. */
const FARTHEST_ROWS = 2.5

/** Fewer rows are the head of a table. */
const FEW_ROWS = 3

/** So many rows with a single run of text may stand between rows that have several: a heading, a wrapped label. */
const MAY_INTERRUPT = 2

/** After a line that is left free a row without numbers, and without a label, heads the columns of another table. */
const headsAnother = (row: TextRow, above: readonly TextRow[], height: number): boolean => {
  const last = above.at(-1)
  if (!last || above.length < FEW_ROWS || row.box.y - bottom(last.box) < height) return false
  const left = Math.min(...above.map(({ box }) => box.x))
  const hasNumber = ({ tokens }: TextRow) => tokens.some(({ text }) => isNumber(text))
  return row.box.x > left + 2 * height && hasNumber(last) && !hasNumber(row)
}

/** Runs of rows that stand close and of which most have several runs of text. */
export const closeRows = (rows: readonly TextRow[], { height, space }: Scale): TextRow[][] => {
  const blocks: TextRow[][] = []
  let block: TextRow[] = []
  let single = 0
  const end = () => {
    blocks.push(block.slice(0, block.length - single))
    block = []
    single = 0
  }
  for (const row of rows) {
    const last = block.at(-1)
    if (last && (row.box.y - bottom(last.box) > FARTHEST_ROWS * height || headsAnother(row, block, height))) end()
    // The first may be a header that spans the columns below it.
    block.push(row)
    const isTabular = runsOf(row, space).length > 1
    if (!isTabular && block.length === 2 && single === 1) block.shift()
    else single = isTabular ? 0 : single + 1
    if (single > MAY_INTERRUPT) end()
  }
  end()
  return blocks.filter((one) => one.length > 1)
}

export const columnAt = (token: Token, gaps: readonly number[]): number => {
  const x = token.box.x + token.box.width / 2
  const column = gaps.findIndex((gap) => x < gap)
  return column < 0 ? gaps.length : column
}

/** The words of a row, column by column. */
export const cellsOf = (row: TextRow, gaps: readonly number[]): Token[][] => {
  const cells: Token[][] = Array.from({ length: gaps.length + 1 }, () => [])
  for (const token of row.tokens) cells[columnAt(token, gaps)]?.push(token)
  return cells
}

/** A header that stands left and its numbers that stand right, never both in a row, are one column. */
const withoutHalves = (rows: readonly TextRow[], gaps: readonly number[]): number[] => {
  const kept = [...gaps]
  for (let place = kept.length - 1; place >= 0; place -= 1) {
    const isIn = (row: TextRow, column: number) => row.tokens.some((token) => columnAt(token, kept) === column)
    const parts = rows.some((row) => isIn(row, place) && isIn(row, place + 1))
    if (!parts) kept.splice(place, 1)
  }
  return kept
}

export const gapsOf = (rows: readonly TextRow[], { character }: Scale): number[] =>
  rows.length === 0
    ? []
    : withoutHalves(
        rows,
        columnGaps(rows, character).map(({ from, to }) => (from + to) / 2),
      )

/** A row of one run that begins in the first column and runs over several: a title, a note, the text around a table. */
const isAcross = (row: TextRow, gaps: readonly number[], space: number): boolean => {
  const [first = 0] = gaps
  return runsOf(row, space).some(
    ({ box }) =>
      box.x < first && gaps.filter((gap) => box.x < gap && right(box) > gap).length >= Math.min(2, gaps.length),
  )
}

/** Rows at either end that have text in the first column only are what stands above and below: a title, a note. */
const trimmed = (rows: readonly TextRow[], gaps: readonly number[]): TextRow[] => {
  const isRow = (row: TextRow) => cellsOf(row, gaps).some((cell, column) => column > 0 && cell.length > 0)
  const first = rows.findIndex(isRow)
  return first < 0 ? [] : rows.slice(first, rows.findLastIndex(isRow) + 1)
}

/** The parts of close rows, with the gaps of all of them, that stand in columns of their own: what runs across all of them parts tables, and belongs to none. */
export const alignedBlocks = ({ rows, gaps }: Block, scale: Scale): Block[] => {
  const parts: TextRow[][] = [[]]
  for (const row of rows) {
    if (isAcross(row, gaps, scale.space)) parts.push([])
    else parts.at(-1)?.push(row)
  }
  return parts
    .filter((part) => part.length > 1)
    .map((part) => {
      const inner = part.length === rows.length ? gaps : gapsOf(part, scale)
      return { rows: trimmed(part, inner), gaps: inner }
    })
}
