import type { FoundCell, FoundTable } from './grid.ts'
import { isNumber } from './split-bands.ts'

/** Years head columns, though they are numbers. */
const YEAR = /^(19|20)\d\d$/

const isData = (cell: FoundCell): boolean =>
  cell.tokens.length > 0 && cell.tokens.every(({ text }) => isNumber(text) && !YEAR.test(text))

const inRow = (table: FoundTable, row: number): FoundCell[] =>
  table.cells.filter((cell) => cell.row <= row && row < cell.row + cell.rowSpan)

/** The first rows name the columns: the first one unless it has numbers, and more while a cell goes on below or spans columns. */
const headerRows = (table: FoundTable): number => {
  let rows = 0
  while (rows < table.rowCount - 1) {
    const cells = inRow(table, rows)
    if (cells.some(isData)) break
    rows = Math.max(rows + 1, ...cells.map((cell) => cell.row + cell.rowSpan))
    const spans = cells.some((cell) => cell.columnSpan > 1 && cell.columnSpan < table.columnCount)
    if (!spans && cells.some((cell) => cell.tokens.length > 0)) break
  }
  return Math.min(rows, table.rowCount - 1)
}

/** Marks the cells that head columns. */
export const withHeader = (table: FoundTable): FoundTable => {
  const rows = headerRows(table)
  return { ...table, cells: table.cells.map((cell) => ({ ...cell, isHeader: cell.row < rows })) }
}
