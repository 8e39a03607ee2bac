import type { Table, TableCell } from '@adp/contract/result-tables.ts'

/** A cell where it begins; null stands for a place that no cell covers. */
export type GridCell = { column: number; cell: TableCell | null }

/**
 * A sheet with a cell in its last corner has 17 thousand million places, and a page of HTML may have a hundred tables of a thousand columns.
 * A table with more places than this, and than so many for each of its cells, is not filled up.
 */
const MOST_PLACES = 50_000
const MOST_FOR_A_CELL = 20

/** Whether places that no cell covers can be written out. */
export const isFilled = ({ rowCount, columnCount, cells }: Table): boolean =>
  rowCount * columnCount <= Math.max(MOST_PLACES, MOST_FOR_A_CELL * cells.length)

/** The rows of a table from the top, each with the cells that begin in it from the left. What cells from above reach into is left out. */
export function* gridRows(table: Table): Generator<GridCell[]> {
  const byRow = Map.groupBy(table.cells, (cell) => cell.rowIndex)
  const filled = isFilled(table)
  /** For each column the first row that is free again. */
  const freeFrom: number[] = []
  for (let row = 0; row < table.rowCount; row += 1) {
    const cells = (byRow.get(row) ?? []).toSorted((a, b) => a.columnIndex - b.columnIndex)
    const found: GridCell[] = []
    const fillUpTo = (from: number, to: number) => {
      for (let column = from; filled && column < to; column += 1)
        if ((freeFrom[column] ?? 0) <= row) found.push({ column, cell: null })
    }
    let next = 0
    for (const cell of cells) {
      fillUpTo(next, cell.columnIndex)
      found.push({ column: cell.columnIndex, cell })
      next = Math.max(next, cell.columnIndex + (cell.columnSpan ?? 1))
      if ((cell.rowSpan ?? 1) > 1)
        for (let column = cell.columnIndex; column < Math.min(next, table.columnCount); column += 1)
          freeFrom[column] = Math.max(freeFrom[column] ?? 0, row + (cell.rowSpan ?? 1))
    }
    fillUpTo(next, table.columnCount)
    yield found
  }
}

const HEADS = new Set(['columnHeader', 'rowHeader', 'stubHead'])

export const isHead = ({ kind }: TableCell): boolean => kind !== undefined && HEADS.has(kind)
