import type { Table, TableCell } from '@adp/contract/result-tables.ts'

/** What stands in a row, from left to right: a cell, or the column of a place that no cell covers. */
export type RowEntry = TableCell | { gap: number }

/**
 * A table's cells row by row, with gaps where nothing is, so that each cell comes to stand in its column. As many rows as the cells need:
 * `rowCount` may be more than there is.
 */
export function tableRows(table: Table): RowEntry[][] {
  const cells = table.cells.toSorted((a, b) => a.rowIndex - b.rowIndex || a.columnIndex - b.columnIndex)
  const rows = Array.from({ length: Math.max(0, ...cells.map((cell) => cell.rowIndex + 1)) }, (): RowEntry[] => [])
  /** For each column, the first row that no cell from above reaches into. */
  const freeFrom: number[] = []
  /** For each row, the first column that no cell from the left reaches into. */
  const next = rows.map(() => 0)
  for (const cell of cells) {
    const { rowIndex, columnIndex, rowSpan = 1, columnSpan = 1 } = cell
    const row = rows[rowIndex]
    if (row === undefined) continue
    for (let column = next[rowIndex] ?? 0; column < columnIndex; column++) {
      if ((freeFrom[column] ?? 0) <= rowIndex) row.push({ gap: column })
    }
    row.push(cell)
    next[rowIndex] = columnIndex + columnSpan
    for (let column = columnIndex; column < columnIndex + columnSpan; column++) freeFrom[column] = rowIndex + rowSpan
  }
  return rows
}
