import { unionBox } from '../geometry.ts'
import { alignedBlocks, type Block, cellsOf, closeRows, gapsOf } from './aligned-rows.ts'
import { isJoined } from './column-gaps.ts'
import { type FoundTable, fillGrid, isWellFilled, withoutEmptyLanes } from './grid.ts'
import type { Scale } from './scale.ts'
import { isNumber } from './split-bands.ts'
import { bottom, isInside, right, rowsOf, type TextRow, type Token } from './token.ts'
import { joinWrapped } from './wrapped-rows.ts'

/** A table without any line has at least so many rows; with two columns, one more. */
const FEWEST_ROWS = 3

/** A column with more words in a cell, on the average, is running text, … */
const PROSE_WORDS = 4
/** … surely so where this share of its lines go on with a small letter. */
const GOING_ON = 0.4
const SMALL_LETTER = /^\p{Ll}/u

/** Words alone are a table when this share of the places of each column has some: labels in a drawing are aligned too. */
const FULL = 0.8

/** A column with fewer numbers than this share of its cells is no column of numbers. */
const NUMBERS = 0.6

const LEADER = /^(?:[.·…_-]{3,}|[.·…]+)$/u
/** How either ends: nine words of ten do not. */
const LAST = /[.·…_-]$/
/** Where the title itself ends in them. */
const LED = /[.·…]{3,}$/u

const columnsOf = ({ rows, gaps }: Block): Token[][][] => {
  const cells = rows.map((row) => cellsOf(row, gaps))
  return [...gaps, 0].map((_, column) => cells.map((row) => row[column] ?? []).filter((cell) => cell.length > 0))
}

const isNumbers = (cells: Token[][]): boolean =>
  cells.length > 0 && cells.filter((cell) => cell.some(({ text }) => isNumber(text))).length >= NUMBERS * cells.length

const isProse = (cells: Token[][]): boolean =>
  cells.reduce((sum, cell) => sum + cell.length, 0) > PROSE_WORDS * cells.length

const isRunningText = (cells: Token[][]): boolean =>
  isProse(cells) && cells.filter((cell) => SMALL_LETTER.test(cell[0]?.text ?? '')).length >= GOING_ON * cells.length

/** Columns of running text and lists, with their bullets before them, are aligned too. */
const isTable = (block: Block): boolean => {
  const columns = columnsOf(block)
  const rows = block.rows.length
  if (rows < FEWEST_ROWS || columns.length < 2) return false
  const numeric = columns.slice(1).filter(isNumbers).length
  if (numeric === 0 && columns.some((cells) => cells.length < FULL * rows)) return false
  if (columns.length === 2) return numeric === 1 && !columns.some(isProse) && rows > FEWEST_ROWS
  return columns.filter(isProse).length < (numeric > 0 ? 2 : 1)
}

const borderBetween = (above: readonly TextRow[], below: readonly TextRow[]): number =>
  (Math.max(...above.map((row) => bottom(row.box))) + Math.min(...below.map((row) => row.box.y))) / 2

/** A row with nothing but one text over the columns of numbers heads all of them. */
const headsAll = (group: readonly TextRow[], gaps: readonly number[], isOver: (column: number) => boolean): boolean => {
  const [label, ...cells] = cellsOf({ tokens: group.flatMap((row) => row.tokens), box: unionBox([]) }, gaps)
  return label?.length === 0 && cells.length > 1 && gaps.some((_, column) => column > 0 && isOver(column))
    ? cells.filter((cell) => cell.length > 0).length < cells.length
    : false
}

/** A run of text that stands over a gap is a cell that spans it. */
const toTable = ({ rows, gaps }: Block, { character }: Scale): FoundTable => {
  const box = unionBox(rows.map((row) => row.box))
  const groups = joinWrapped(rows, gaps)
  const borders = groups.slice(1).map((group, index) => borderBetween(groups[index] as TextRow[], group))
  const isOver = (row: number) => (column: number) =>
    (groups[row] ?? []).some((line) => isJoined(line, gaps[column] as number, character))
  const heading = headsAll(groups[0] ?? [], gaps, isOver(0))
  const grid = {
    xs: [box.x, ...gaps, right(box)],
    ys: [box.y, ...borders, bottom(box)],
    isOpenRight: (row: number, column: number) => (heading && row === 0 ? column > 0 : isOver(row)(column)),
    isOpenBelow: () => false,
  }
  return withoutEmptyLanes(
    fillGrid(
      grid,
      rows.flatMap((row) => row.tokens),
    ),
  )
}

/** A table of contents: in most rows dots lead from a title to a number, and there is little else. */
const isContents = ({ box, cells, rowCount, columnCount }: FoundTable, leaders: readonly Token[]): boolean => {
  const between = cells.filter(({ column, tokens }) => column > 0 && column < columnCount - 1 && tokens.length > 0)
  const led = leaders.filter((leader) => isInside(leader, box)).length
  return led * 2 > rowCount && between.length < rowCount
}

/** Where running text stands beside something else, what is on either side, each a page of its own; null where it does not. */
const besideText = ({ rows, gaps }: Block): Token[][] | null => {
  const columns = columnsOf({ rows, gaps })
  const gap = isRunningText(columns[0] ?? []) ? gaps[0] : isRunningText(columns.at(-1) ?? []) ? gaps.at(-1) : undefined
  if (gap === undefined) return null
  const tokens = rows.flatMap((row) => row.tokens)
  return [tokens.filter(({ box }) => right(box) <= gap), tokens.filter(({ box }) => box.x >= gap)]
}

/** Tables that have no lines: rows of words that stand in the same columns. */
export const alignedTables = (tokens: readonly Token[], scale: Scale): FoundTable[] => {
  const dotted = tokens.filter(({ text }) => LAST.test(text))
  const leaders = dotted.filter(({ text }) => LEADER.test(text) || LED.test(text))
  const others = tokens.filter(({ text }) => !LAST.test(text) || !LEADER.test(text))
  return closeRows(rowsOf(others), scale).flatMap((rows) => {
    const close = { rows, gaps: gapsOf(rows, scale) }
    const sides = besideText(close)
    if (sides) return sides.flatMap((side) => alignedTables(side, scale))
    return alignedBlocks(close, scale)
      .filter(isTable)
      .map((block) => toTable(block, scale))
      .filter((table) => isWellFilled(table) && !isContents(table, leaders))
  })
}
