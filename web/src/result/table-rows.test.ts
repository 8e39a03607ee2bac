import type { TableCell } from '@adp/contract/result-tables.ts'
import { expect, test } from 'vitest'
import { tableRows } from './table-rows.ts'

const cell = (rowIndex: number, columnIndex: number, content: string, spans: Partial<TableCell> = {}): TableCell => ({
  rowIndex,
  columnIndex,
  content,
  spans: [],
  ...spans,
})

const shown = (cells: TableCell[], rowCount = 3) =>
  tableRows({ rowCount, columnCount: 3, cells, spans: [] }).map((row) =>
    row.map((entry) => ('gap' in entry ? `gap ${entry.gap}` : entry.content)),
  )

test('cells in any order come to their rows and columns', () => {
  expect(shown([cell(1, 1, 'd'), cell(0, 0, 'a'), cell(1, 0, 'c'), cell(0, 1, 'b')])).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('a place that no cell covers is a gap, and one that a cell from above or from the left covers is none', () => {
  expect(
    shown([
      cell(0, 0, 'tall', { rowSpan: 2 }),
      cell(0, 2, 'b'),
      cell(1, 2, 'c'),
      cell(2, 0, 'wide', { columnSpan: 2 }),
      cell(2, 2, 'd'),
    ]),
  ).toEqual([
    ['tall', 'gap 1', 'b'],
    ['gap 1', 'c'],
    ['wide', 'd'],
  ])
})

test('a table that claims a million rows has those of its cells', () => {
  expect(shown([cell(0, 0, 'a')], 1_000_000)).toEqual([['a']])
  expect(shown([])).toEqual([])
})
