import type { Span } from '@adp/contract/geometry.ts'
import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import type { LocallyReadPage } from '../local-page.ts'
import { type Block, cleanFlow, MOST_SPANNED, type PlacedCell, type TableBlock } from './blocks.ts'

/** The text of a page as it grows. */
type Content = { text: string }

const append = (content: Content, text: string): Span => {
  const span = { offset: content.text.length, length: text.length }
  content.text += text
  return span
}

const KINDS = { column: 'columnHeader', row: 'rowHeader' } as const

const tableCell = ({ row, column, rowSpan, columnSpan, text, heads }: PlacedCell, span: Span): TableCell => ({
  ...(heads && { kind: KINDS[heads] }),
  ...{ rowIndex: row, columnIndex: column },
  ...(rowSpan > 1 && { rowSpan }),
  ...(columnSpan > 1 && { columnSpan }),
  content: text,
  spans: text === '' ? [] : [span],
})

/** A row is a line, and tabs lie between its cells, so that what is copied can be put into a spreadsheet. */
const appendRows = (cells: PlacedCell[], content: Content): TableCell[] =>
  [...Map.groupBy(cells, (cell) => cell.row).values()].flatMap((row, index) => {
    if (index > 0) append(content, '\n')
    let column = 0
    return row.map((cell) => {
      append(content, '\t'.repeat(Math.min(MOST_SPANNED, Math.max(0, cell.column - column))))
      column = cell.column
      return tableCell(cell, append(content, cell.text))
    })
  })

const largest = (numbers: number[]): number => numbers.reduce((most, number) => Math.max(most, number), 1)

/** Cells with clean text. One may claim to span a million rows; it has no more than its table, and no more columns than any has. */
const withinTable = (cells: PlacedCell[]): PlacedCell[] => {
  const rows = largest(cells.map((cell) => cell.row + 1))
  return cells.map((cell) => ({
    ...cell,
    text: cleanFlow(cell.text),
    rowSpan: Math.max(1, Math.min(cell.rowSpan, rows - cell.row)),
    columnSpan: Math.max(1, Math.min(cell.columnSpan, MOST_SPANNED)),
  }))
}

const appendTable = (table: TableBlock, content: Content, separator: string): Table | null => {
  const cells = withinTable(table.cells)
  if (cells.every((cell) => cell.text === '')) return null
  const title = cleanFlow(table.caption ?? '')
  if (content.text !== '') append(content, separator)
  const caption = title === '' ? null : { content: title, spans: [append(content, title)] }
  if (caption) append(content, separator)
  const offset = content.text.length
  const found = appendRows(cells, content)
  return {
    rowCount: largest(cells.map((cell) => cell.row + cell.rowSpan)),
    columnCount: largest(cells.map((cell) => cell.column + cell.columnSpan)),
    cells: found,
    spans: [{ offset, length: content.text.length - offset }],
    ...(caption && { caption }),
  }
}

/**
 * Makes a page out of blocks. The text of tables is part of the content, but no paragraph. What is empty is left out.
 * @param separator between blocks
 */
export const composeFlow = (blocks: readonly Block[], pageNumber: number, separator = '\n'): LocallyReadPage => {
  const content: Content = { text: '' }
  const paragraphs = []
  const tables = []
  for (const block of blocks) {
    if (block.kind === 'table') {
      const table = appendTable(block, content, separator)
      if (table) tables.push(table)
    } else if (block.kind === 'paragraph') {
      const text = cleanFlow(block.text)
      if (text === '') continue
      if (content.text !== '') append(content, separator)
      const { role } = block
      paragraphs.push({ ...(role && { role }), content: text, spans: [append(content, text)] })
    }
  }
  return {
    content: content.text,
    page: { pageNumber, spans: [{ offset: 0, length: content.text.length }] },
    parts: { ...(paragraphs.length > 0 && { paragraphs }), ...(tables.length > 0 && { tables }) },
  }
}
