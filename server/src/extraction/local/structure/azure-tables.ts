import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import type { QuarterTurns } from '../geometry.ts'
import type { LocalPage } from '../local-page.ts'
import type { FoundCell, FoundTable } from './grid.ts'
import { regionOf, spansOf } from './region.ts'
import { rowsOf, type Token } from './token.ts'

/** The text of words that stand in several lines. */
export const textOf = (tokens: readonly Token[], lineEnd: string): string =>
  rowsOf(tokens)
    .map((row) => row.tokens.map(({ text }) => text).join(' '))
    .join(lineEnd)

const cellOf = (cell: FoundCell, page: LocalPage, turns: QuarterTurns): TableCell => ({
  ...(cell.isHeader ? { kind: 'columnHeader' } : {}),
  rowIndex: cell.row,
  columnIndex: cell.column,
  ...(cell.rowSpan > 1 ? { rowSpan: cell.rowSpan } : {}),
  ...(cell.columnSpan > 1 ? { columnSpan: cell.columnSpan } : {}),
  content: textOf(cell.tokens, '\n'),
  boundingRegions: [regionOf(cell.box, page, turns)],
  spans: spansOf(cell.tokens),
})

/** Tables as Azure gives them. */
export const toAzureTables = (tables: readonly FoundTable[], page: LocalPage, turns: QuarterTurns): Table[] =>
  tables.map(({ rowCount, columnCount, cells, box }) => ({
    rowCount,
    columnCount,
    cells: cells.map((cell) => cellOf(cell, page, turns)),
    boundingRegions: [regionOf(box, page, turns)],
    spans: spansOf(cells.flatMap((cell) => cell.tokens)),
  }))
