import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import { gridRows, isHead } from '../../../extraction/table-grid.ts'
import { withMarks } from '../formats.ts'
import { numberCell } from './number-cell.ts'
import { columnName, MOST_COLUMNS, MOST_ROWS, type Sheet, type SheetCell } from './sheet-xml.ts'

/** In letters. */
const WIDTHS = { least: 8, most: 60 }

/** A cell over more places than this is written in its first one only. */
const MOST_MERGED = 10_000

const toCell = (cell: TableCell): SheetCell => {
  const text = withMarks(cell.content)
  return { column: cell.columnIndex, value: numberCell(text.trim()) ?? text, isHead: isHead(cell) }
}

/** Of its longest line. A cell may have more lines than a function takes arguments. */
const widthOf = (text: string): number =>
  text.split('\n').reduce((widest, line) => Math.max(widest, line.length + 2), 0)

export function widthsOf(cells: Iterable<{ column: number; text: string }>): number[] {
  const widths: number[] = []
  for (const { column, text } of cells)
    widths[column] = Math.min(WIDTHS.most, Math.max(widths[column] ?? WIDTHS.least, widthOf(text)))
  return Array.from(widths, (width) => width ?? WIDTHS.least)
}

/** Areas that are merged: Excel calls a file damaged in which two of them overlap, or one goes beyond its last column. Cells come row by row. */
function createMerging() {
  const merges: string[] = []
  /** For each column the first row that no area reaches into any more. */
  const freeFrom: number[] = []
  const merge = ({ rowIndex, columnIndex, rowSpan = 1, columnSpan = 1 }: TableCell) => {
    const [bottom, right] = [rowIndex + rowSpan, columnIndex + columnSpan]
    if (rowSpan * columnSpan === 1 || rowSpan * columnSpan > MOST_MERGED) return
    if (right > MOST_COLUMNS || bottom > MOST_ROWS) return
    for (let column = columnIndex; column < right; column += 1) if ((freeFrom[column] ?? 0) > rowIndex) return
    for (let column = columnIndex; column < right; column += 1) freeFrom[column] = bottom
    merges.push(`${columnName(columnIndex)}${rowIndex + 1}:${columnName(right - 1)}${bottom}`)
  }
  return { merges, merge }
}

function* rowsOf(table: Table, merge: (cell: TableCell) => void): Generator<SheetCell[]> {
  for (const row of gridRows(table)) {
    const cells: SheetCell[] = []
    for (const { cell } of row) {
      if (!cell) continue
      merge(cell)
      cells.push(toCell(cell))
    }
    yield cells
  }
}

/** A table as a sheet: spans are merged, header cells bold, numbers numbers where they can be no text. */
export function tableSheet(table: Table, name: string): Sheet {
  const { merges, merge } = createMerging()
  const narrow = table.cells.filter(({ columnSpan = 1 }) => columnSpan === 1)
  const widths = widthsOf(narrow.map(({ columnIndex, content }) => ({ column: columnIndex, text: content })))
  return { name, widths, rows: rowsOf(table, merge), merges }
}
