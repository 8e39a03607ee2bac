import type { Box } from '../geometry.ts'
import { createGroups } from './lattice.ts'
import { centre, type Token } from './token.ts'

/** A table without its text: where its rows and columns end, from the first border to the last, and which borders are open. */
export type Grid = {
  xs: number[]
  ys: number[]
  /** Whether nothing stands between a place of the grid and the next to the right. */
  isOpenRight(row: number, column: number): boolean
  /** Whether nothing stands between a place of the grid and the next below. */
  isOpenBelow(row: number, column: number): boolean
}

export type FoundCell = {
  row: number
  column: number
  rowSpan: number
  columnSpan: number
  tokens: Token[]
  box: Box
  isHeader?: boolean
}
export type FoundTable = { rowCount: number; columnCount: number; cells: FoundCell[]; box: Box }

type Place = { row: number; column: number }

const slotOf = (borders: readonly number[], value: number): number => {
  let slot = 0
  while (slot < borders.length - 2 && value >= (borders[slot + 1] as number)) slot += 1
  return slot
}

/** Rectangles of places with no border between them. A group of another shape falls apart into the runs of its rows. */
const mergePlaces = ({ xs, ys, isOpenRight, isOpenBelow }: Grid): Place[][] => {
  const [rows, columns] = [ys.length - 1, xs.length - 1]
  const groups = createGroups(rows * columns)
  const alongRows = createGroups(rows * columns)
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const here = row * columns + column
      if (column + 1 < columns && isOpenRight(row, column)) {
        groups.join(here, here + 1)
        alongRows.join(here, here + 1)
      }
      if (row + 1 < rows && isOpenBelow(row, column)) groups.join(here, here + columns)
    }
  }
  const places = Array.from({ length: rows * columns }, (_, index) => index)
  return [...Map.groupBy(places, groups.of).values()].flatMap((members) => {
    const across = new Set(members.map((index) => index % columns)).size
    const down = new Set(members.map((index) => Math.floor(index / columns))).size
    const parts = across * down === members.length ? [members] : [...Map.groupBy(members, alongRows.of).values()]
    return parts.map((part) => part.map((index) => ({ row: Math.floor(index / columns), column: index % columns })))
  })
}

const cellOf = (places: Place[], { xs, ys }: Grid): FoundCell => {
  const { row, column } = places[0] as Place
  const last = places.at(-1) as Place
  const [x, y] = [xs[column] as number, ys[row] as number]
  return {
    row,
    column,
    rowSpan: last.row - row + 1,
    columnSpan: last.column - column + 1,
    tokens: [],
    box: { x, y, width: (xs[last.column + 1] as number) - x, height: (ys[last.row + 1] as number) - y },
  }
}

/** Puts words into the cells of a grid, each where its middle is. */
export const fillGrid = (grid: Grid, tokens: readonly Token[]): FoundTable => {
  const { xs, ys } = grid
  const [rowCount, columnCount] = [ys.length - 1, xs.length - 1]
  const cells: FoundCell[] = []
  const at = new Map<number, FoundCell>()
  for (const places of mergePlaces(grid)) {
    const cell = cellOf(places, grid)
    cells.push(cell)
    for (const { row, column } of places) at.set(row * columnCount + column, cell)
  }
  for (const token of tokens) {
    const { x, y } = centre(token.box)
    at.get(slotOf(ys, y) * columnCount + slotOf(xs, x))?.tokens.push(token)
  }
  const box = {
    x: xs[0] as number,
    y: ys[0] as number,
    width: (xs.at(-1) as number) - (xs[0] as number),
    height: (ys.at(-1) as number) - (ys[0] as number),
  }
  return { rowCount, columnCount, cells: cells.toSorted((a, b) => a.row - b.row || a.column - b.column), box }
}

/** The rows, or the columns, that a cell with text has for itself. */
const usedLanes = ({ cells }: FoundTable, kind: 'row' | 'column'): Set<number> => {
  const used = new Set<number>()
  for (const cell of cells) {
    const [start, span] = kind === 'row' ? [cell.row, cell.rowSpan] : [cell.column, cell.columnSpan]
    if (cell.tokens.length > 0 && span === 1) used.add(start)
  }
  return used
}

/** Takes a row or a column out that no cell with text has for itself: a double border, the space around a table. */
const takeOut = (table: FoundTable, kind: 'row' | 'column', index: number): FoundTable => {
  const [start, span] = kind === 'row' ? (['row', 'rowSpan'] as const) : (['column', 'columnSpan'] as const)
  const cells = table.cells
    .map((cell) => {
      if (cell[start] > index) return { ...cell, [start]: cell[start] - 1 }
      return cell[start] + cell[span] > index ? { ...cell, [span]: cell[span] - 1 } : cell
    })
    .filter((cell) => cell[span] > 0)
  const count = kind === 'row' ? { rowCount: table.rowCount - 1 } : { columnCount: table.columnCount - 1 }
  return { ...table, ...count, cells }
}

const withoutUnused = (table: FoundTable, kind: 'row' | 'column'): FoundTable => {
  let result = table
  const count = kind === 'row' ? table.rowCount : table.columnCount
  // What spans two columns has one of them for itself once the other is out, so it is asked again.
  let used = usedLanes(result, kind)
  for (let lane = count - 1; lane >= 0; lane -= 1) {
    if (used.has(lane)) continue
    result = takeOut(result, kind, lane)
    used = usedLanes(result, kind)
  }
  return result
}

/** The table without its empty rows and columns. */
export const withoutEmptyLanes = (table: FoundTable): FoundTable => {
  if (usedLanes(table, 'row').size === table.rowCount && usedLanes(table, 'column').size === table.columnCount)
    return table
  return withoutUnused(withoutUnused(table, 'row'), 'column')
}

/** So many of the places of a table without lines have text of their own. */
const WELL_FILLED = 0.55

/** Of words that stand below each other by chance most places are empty, or taken by text that runs over several. */
export const isWellFilled = ({ cells, rowCount, columnCount }: FoundTable): boolean =>
  cells.filter((cell) => cell.tokens.length > 0 && cell.columnSpan === 1).length >= WELL_FILLED * rowCount * columnCount
