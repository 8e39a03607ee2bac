import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Table } from '@adp/contract/result-tables.ts'
import { expect, test } from 'vitest'
import { type Drawing, drawnPdf, drawTable } from '../../../../test/drawn-pdf.ts'
import { readInProcess } from '../../../../test/read-in-process.ts'
import { useScratch } from '../../../../test/scratch.ts'
import type { LocallyReadPage } from '../local-page.ts'

const scratch = useScratch()

const noOcr = () => Promise.reject(new Error('there is text'))

const read = async (draw: (drawing: Drawing) => void): Promise<LocallyReadPage> => {
  const file = path.join(scratch.folder, 'drawn.pdf')
  await writeFile(file, await drawnPdf(draw))
  const [page] = await readInProcess(file, 'application/pdf', noOcr)
  if (!page) throw new Error('no page was read')
  return page
}

const tablesOf = async (draw: (drawing: Drawing) => void) => (await read(draw)).parts?.tables ?? []

/** The texts of a table, row by row, with empty strings for places that a cell runs over. */
const textsOf = ({ rowCount, columnCount, cells }: Table): string[][] =>
  Array.from({ length: rowCount }, (_, row) =>
    Array.from(
      { length: columnCount },
      (_, column) => cells.find((cell) => cell.rowIndex === row && cell.columnIndex === column)?.content ?? '',
    ),
  )

const SALES = [
  ['Product', 'Sold', 'Price', 'Sum'],
  ['Paper', '120', '4.50', '540.00'],
  ['Blue ink', '7', '19.90', '139.30'],
  ['Envelopes', '1,000', '0.08', '80.00'],
  ['Stamps', '25', '1.20', '30.00'],
]
const COLUMNS = [140, 70, 70, 80]

const PROSE =
  'The members of the board met in the morning and agreed on what had to be done about the roof of the old house'

test.each(['grid', 'across', 'none'] as const)('a table is found by its lines: %s', async (rules) => {
  const tables = await tablesOf((drawing) => {
    drawing.text('A sentence that stands above the table and runs on for a while.', 60, 60)
    const end = drawTable(drawing, { columns: COLUMNS, rows: SALES }, rules)
    drawing.text('And one below it, which is no part of it, as it runs across all of its columns.', 60, end + 60)
  })
  expect(tables.map(textsOf)).toEqual([SALES])
  const headers = tables[0]?.cells.filter((cell) => cell.kind === 'columnHeader').map((cell) => cell.content)
  expect(headers).toEqual(SALES[0])
})

test('a cell runs over the columns between which no line is drawn', async () => {
  const [table] = await tablesOf((drawing) => {
    drawTable(drawing, { columns: COLUMNS, rows: SALES, y: 118 }, 'grid')
    drawing.box(60, 100, 360, 18)
    drawing.line(200, 100, 200, 118)
    drawing.text('This year', 290, 112)
  })
  const cell = table?.cells.find((one) => one.content === 'This year')
  expect(cell).toMatchObject({ rowIndex: 0, columnIndex: 1, columnSpan: 3, kind: 'columnHeader' })
  expect(table?.cells.filter((one) => one.kind === 'columnHeader').map((one) => one.rowIndex)).toEqual([
    0, 0, 1, 1, 1, 1,
  ])
})

test('text that is wrapped in a cell of a grid stays one cell, and cells know where they stand', async () => {
  const rows = [
    ['Name', 'Task'],
    ['Ann', 'Reads what\ncomes in'],
    ['Bob', 'Answers it'],
  ]
  const { content, parts } = await read((drawing) =>
    drawTable(drawing, { columns: [100, 200], rows, rowHeight: 30 }, 'grid'),
  )
  const [table] = parts?.tables ?? []
  expect(table && textsOf(table)).toEqual(rows)
  const cell = table?.cells.find((one) => one.content.startsWith('Reads'))
  expect(cell?.spans.map(({ offset, length }) => content.slice(offset, offset + length)).join(' ')).toBe(
    'Reads what comes in',
  )
  expect(cell?.boundingRegions?.[0]?.polygon.map((value) => Math.round(value * 72))).toEqual([
    160, 130, 360, 130, 360, 160, 160, 160,
  ])
})

test('a label of two lines beside its numbers is one row, also without any line', async () => {
  const [table] = await tablesOf((drawing) => {
    for (const [row, cells] of SALES.entries())
      for (const [column, text] of cells.entries()) drawing.text(text, 60 + column * 100, 100 + row * 16)
    drawing.text('Pens, pencils', 60, 180)
    drawing.text('and erasers', 60, 191)
    for (const [column, text] of ['3', '9.00', '27.00'].entries()) drawing.text(text, 160 + column * 100, 191)
  })
  expect(table && textsOf(table).at(-1)).toEqual(['Pens, pencils\nand erasers', '3', '9.00', '27.00'])
})

test('a free line and a header of its own part two tables whose columns differ', async () => {
  const shifted = (drawing: Drawing, y: number, x: number) => {
    drawing.text('Length', x + 60, y)
    for (let row = 0; row < 4; row += 1) {
      drawing.text(`Group ${row + 1}`, 60, y + 14 + row * 14)
      for (let column = 0; column < 3; column += 1)
        drawing.text(`${(row + 1) * (column + 3)}`, x + column * 60, y + 14 + row * 14)
    }
  }
  const tables = await tablesOf((drawing) => {
    shifted(drawing, 100, 200)
    shifted(drawing, 190, 230)
  })
  expect(tables).toHaveLength(2)
})

test.each<[string, (drawing: Drawing) => void]>([
  [
    'text in two columns',
    (drawing) => {
      for (let row = 0; row < 12; row += 1) {
        drawing.text(PROSE.slice(row, row + 42), 60, 100 + row * 12)
        drawing.text(PROSE.slice(row + 30, row + 72), 310, 100 + row * 12)
      }
    },
  ],
  [
    'a list with bullets',
    (drawing) => {
      for (let row = 0; row < 6; row += 1) {
        drawing.text('-', 60, 100 + row * 14)
        drawing.text(PROSE.slice(row * 3, row * 3 + 60), 80, 100 + row * 14)
      }
    },
  ],
  [
    'a table of contents',
    (drawing) => {
      for (const [row, title] of ['Preface', 'Methods', 'Results', 'Talk', 'Sources', 'Index'].entries()) {
        drawing.text(title, 60, 100 + row * 14)
        drawing.text('.'.repeat(60), 130, 100 + row * 14)
        drawing.text(`${row * 7 + 13}`, 400, 100 + row * 14)
      }
    },
  ],
  [
    'text on ruled lines with a note beside some of it',
    (drawing) => {
      for (const [row, note] of ['', 'to', '', '', 'no'].entries()) {
        drawing.text(PROSE.slice(row, row + 20), 60, 100 + row * 16)
        drawing.text(note, 300, 100 + row * 16)
        drawing.line(50, 104 + row * 16, 360, 104 + row * 16)
      }
    },
  ],
  [
    'text in a box',
    (drawing) => {
      drawing.box(50, 85, 500, 90)
      for (let row = 0; row < 6; row += 1) drawing.text(PROSE.slice(row, row + 80), 60, 100 + row * 12)
    },
  ],
])('%s is no table', async (_, draw) => {
  expect(await tablesOf(draw)).toEqual([])
})
