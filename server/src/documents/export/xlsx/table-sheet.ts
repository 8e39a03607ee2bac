import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import { gridRows, isHead } from '../../../extraction/table-grid.ts'
import { withMarks } from '../formats.ts'
import { numberCell } from './number-cell.ts'
import { columnName, type Sheet, type SheetCell } from './sheet-xml.ts'

/** In letters. */
const WIDTHS = { least: 8, most: 60 }

/** A cell over more places than this is written in its first one only. */
const MOST_MERGED = 10_000

const toCell = (cell: TableCell): SheetCell => {
  const text = withMarks(cell.content)
  return { column: cell.columnIndex, value: numberCell(text.trim()) ?? text, isHead: isHead(cell) }
}

const widthOf = (text: string): number => Math.max(0, ...text.split('\n').map((line) => line.length + 2))

export function widthsOf(cells: Iterable<{ column: number; text: string }>): number[] {
  const widths: number[] = []
  for (const { column, text } of cells)
    widths[column] = Math.min(WIDTHS.most, Math.max(widths[column] ?? WIDTHS.least, widthOf(text)))
  return Array.from(widths, (width) => width ?? WIDTHS.least)
}

/** Takes the places of merged areas: Excel calls a file damaged in which two of them overlap. */
function createMerging() {
  const merges: string[] = []
  const taken = new Set<string>()
  const merge = ({ rowIndex, columnIndex, rowSpan = 1, columnSpan = 1 }: TableCell) => {
    if (rowSpan * columnSpan === 1 || rowSpan * columnSpan > MOST_MERGED) return
    const places = Array.from(
      { length: rowSpan * columnSpan },
      (_, at) => `${rowIndex + Math.floor(at / columnSpan)}/${columnIndex + (at % columnSpan)}`,
    )
    if (places.some((place) => taken.has(place))) return
    for (const place of places) taken.add(place)
    const end = `${columnName(columnIndex + columnSpan - 1)}${rowIndex + rowSpan}`
    merges.push(`${columnName(columnIndex)}${rowIndex + 1}:${end}`)
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
