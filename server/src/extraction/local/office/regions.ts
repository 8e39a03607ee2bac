import type { PlacedCell, TableBlock } from '../flow/blocks.ts'
import { PAGE_CELLS } from '../flow/paginate.ts'

/** A cell of a sheet at its place in it. */
export type SheetCell = Pick<PlacedCell, 'row' | 'column' | 'rowSpan' | 'columnSpan' | 'text'>

const columnsTaken = (cells: readonly SheetCell[]): [first: number, last: number][] =>
  cells.map((cell): [number, number] => [cell.column, cell.column + cell.columnSpan]).sort((a, b) => a[0] - b[0])

/** Where a column that nobody uses lies between others, a table ends and the next one begins. */
const bordersOf = (cells: readonly SheetCell[]): number[] => {
  const borders: number[] = []
  let end = Number.POSITIVE_INFINITY
  for (const [from, to] of columnsTaken(cells)) {
    if (from > end) borders.push(from)
    end = end === Number.POSITIVE_INFINITY ? to : Math.max(end, to)
  }
  return borders
}

const isNumber = (text: string): boolean => /^[-+]?[\d.,\s]+%?$/.test(text)

/** The first row heads a table when it has a name for each column, and there is more below. */
const withHeader = (cells: PlacedCell[]): PlacedCell[] => {
  const first = cells.filter((cell) => cell.row === 0)
  const width = cells.reduce((most, cell) => Math.max(most, cell.column + cell.columnSpan), 0)
  const isNamed = first.reduce((sum, cell) => sum + cell.columnSpan, 0) === width && width > 1
  const height = cells.reduce((most, cell) => Math.max(most, cell.row + 1), 0)
  const isHeader =
    isNamed &&
    first.every((cell) => cell.rowSpan < height) &&
    first.length < cells.length &&
    !first.some((cell) => isNumber(cell.text))
  return isHeader ? cells.map((cell) => (cell.row === 0 ? { ...cell, heads: 'column' as const } : cell)) : cells
}

const tableOf = (cells: SheetCell[]): TableBlock => {
  const [top, left] = [Math.min(...cells.map((cell) => cell.row)), Math.min(...cells.map((cell) => cell.column))]
  const placed = cells.map((cell) => ({ ...cell, row: cell.row - top, column: cell.column - left }))
  return { kind: 'table', cells: withHeader(placed) }
}

const tablesOf = (cells: SheetCell[]): TableBlock[] => {
  const borders = bordersOf(cells)
  const groups = Map.groupBy(cells, (cell) => borders.findLastIndex((border) => border <= cell.column))
  return [...groups.values()].map(tableOf)
}

/**
 * The tables of a sheet: what rows and columns without any cell separate. Cells come row by row; only those of one table, or a page's
 * worth of it, are kept.
 */
export async function* regions(rows: AsyncIterable<SheetCell[]> | Iterable<SheetCell[]>): AsyncGenerator<TableBlock> {
  let cells: SheetCell[] = []
  let end = 0
  for await (const row of rows) {
    const [first] = row
    if (!first) continue
    if (cells.length > 0 && (first.row > end || cells.length + row.length > PAGE_CELLS)) {
      yield* tablesOf(cells)
      cells = []
    }
    cells.push(...row)
    end = row.reduce((most, cell) => Math.max(most, cell.row + cell.rowSpan), cells.length === row.length ? 0 : end)
  }
  if (cells.length > 0) yield* tablesOf(cells)
}
