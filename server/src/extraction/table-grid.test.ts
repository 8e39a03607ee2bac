import { expect, test } from 'vitest'
import { gridRows } from './table-grid.ts'

const cell = (rowIndex: number, columnIndex: number, rowSpan = 1, columnSpan = 1) => ({
  ...{ rowIndex, columnIndex, rowSpan, columnSpan, content: 'x', spans: [] },
})

test('places that no cell covers are told', () => {
  const cells = [cell(0, 1, 2, 1), cell(1, 0)]
  const rows = [...gridRows({ rowCount: 2, columnCount: 3, cells, spans: [] })]
  expect(rows.map((row) => row.map(({ column, cell: at }) => [column, at !== null]))).toEqual([
    [
      [0, false],
      [1, true],
      [2, false],
    ],
    [
      [0, true],
      [2, false],
    ],
  ])
})

test('a few cells that claim a million places are not filled up', () => {
  const cells = [cell(0, 0, 990, 1), cell(0, 1, 1, 999)]
  const rows = [...gridRows({ rowCount: 990, columnCount: 1000, cells, spans: [] })]
  expect(rows.flat()).toHaveLength(2)
})
