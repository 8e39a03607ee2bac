import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import { expect, test } from 'vitest'
import { tableSheet } from './table-sheet.ts'

const cell = (rowIndex: number, columnIndex: number, rowSpan: number, columnSpan: number): TableCell => ({
  ...{ rowIndex, columnIndex, rowSpan, columnSpan, content: 'x', spans: [] },
})

const mergesOf = async (...cells: TableCell[]) => {
  const table: Table = { rowCount: 20, columnCount: 20, cells, spans: [] }
  const { merges, rows } = tableSheet(table, 'Sheet')
  let count = 0
  for await (const _ of rows) count += 1
  expect(count).toBe(20)
  return merges
}

test('cells over several places are merged, but for those that reach into another, or beyond what Excel has', async () => {
  expect(await mergesOf(cell(0, 0, 2, 2), cell(0, 2, 1, 3), cell(2, 0, 1, 2))).toEqual(['A1:B2', 'C1:E1', 'A3:B3'])
  expect(await mergesOf(cell(0, 0, 3, 2), cell(1, 1, 1, 2), cell(3, 1, 1, 2))).toEqual(['A1:B3', 'B4:C4'])
  expect(await mergesOf(cell(0, 16_380, 1, 4), cell(1, 16_381, 1, 4))).toEqual(['XFA1:XFD1'])
})

test('a cell of more lines than a function takes arguments has a width', () => {
  const table: Table = {
    rowCount: 1,
    columnCount: 1,
    cells: [{ ...cell(0, 0, 1, 1), content: 'x\n'.repeat(200_000) }],
    spans: [],
  }
  expect(tableSheet(table, 'Sheet').widths).toEqual([8])
})
