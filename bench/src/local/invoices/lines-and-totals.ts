import type { Ink } from './layout.ts'
import type { Item } from './sample.ts'

const LEFT = 50
const ROW = 18

type Column = { label: 'description' | 'quantity' | 'price' | 'amount'; width: number }

const ORDERS: readonly (readonly Column[])[] = [
  [
    { label: 'description', width: 225 },
    { label: 'quantity', width: 70 },
    { label: 'price', width: 95 },
    { label: 'amount', width: 105 },
  ],
  [
    { label: 'quantity', width: 70 },
    { label: 'description', width: 225 },
    { label: 'price', width: 95 },
    { label: 'amount', width: 105 },
  ],
]
const HELD_OUT_ORDERS: typeof ORDERS = [
  [
    { label: 'description', width: 250 },
    { label: 'price', width: 90 },
    { label: 'quantity', width: 60 },
    { label: 'amount', width: 95 },
  ],
  [
    { label: 'description', width: 390 },
    { label: 'amount', width: 105 },
  ],
]

export type Table = { columns: readonly Column[]; rules: 'grid' | 'across' | 'head' | 'none' }

export const chooseTable = ({ random }: Ink, heldOut: boolean): Table => ({
  columns: random.pick(heldOut ? HELD_OUT_ORDERS : ORDERS),
  rules: random.pick(['grid', 'across', 'head', 'none'] as const),
})

const cellText = (item: Item, { label }: Column, { sample }: Ink): string =>
  ({
    description: item.description,
    quantity: String(item.quantity),
    price: sample.money(item.price),
    amount: sample.money(item.amount),
  })[label]

/** Draws the head and the lines. Returns where they end. */
export const drawLines = (ink: Ink, { columns, rules }: Table, items: readonly Item[], y: number): number => {
  const { canvas, sample, shown } = ink
  const width = columns.reduce((sum, column) => sum + column.width, 0)
  const rows = [
    columns.map(({ label }) => sample.label(label)),
    ...items.map((item) => columns.map((column) => cellText(item, column, ink))),
  ]
  for (const [row, cells] of rows.entries()) {
    let left = LEFT
    for (const [index, column] of columns.entries()) {
      const text = cells[index] as string
      const font = { bold: row === 0 }
      if (column.label === 'description') canvas.text(text, left + 5, y + row * ROW + 13, font)
      else canvas.textRight(text, left + column.width - 5, y + row * ROW + 13, font)
      left += column.width
    }
  }
  const end = y + rows.length * ROW
  const across = { grid: rows.map((_, row) => row), across: rows.map((_, row) => row), head: [1], none: [] }[rules]
  for (const row of across) canvas.line(LEFT, y + row * ROW, LEFT + width, y + row * ROW)
  if (rules === 'grid' || rules === 'across') canvas.line(LEFT, end, LEFT + width, end)
  if (rules === 'grid') {
    let left = LEFT
    for (const each of [0, ...columns.map((column) => column.width)]) {
      left += each
      canvas.line(left, y, left, end)
    }
  }
  for (const { label } of columns) shown.add(`Items.${label}`)
  return end
}

type Row = { text: string; value: string; bold?: boolean }

const rowsOf = ({ sample, shown, random }: Ink): Row[] => {
  for (const field of ['SubTotal', 'TotalTax', 'InvoiceTotal']) shown.add(field)
  const rate = String(sample.rate).replace('.', sample.locale.mark)
  const tax = random.pick([
    sample.label('tax'),
    `${sample.label('tax')} (${rate}%)`,
    `${sample.label('tax')} ${rate}%`,
    `${sample.label('tax')} ${rate} %`,
  ])
  return [
    { text: sample.label('subtotal'), value: sample.money(sample.subtotal) },
    { text: tax, value: sample.money(sample.tax) },
    { text: sample.label('total'), value: sample.money(sample.total), bold: true },
  ]
}

type Totals = (ink: Ink, rows: Row[], y: number) => void

const blockAt = (ink: Ink, rows: Row[], x: number, y: number, width: number, colon: string, boxed: boolean) => {
  for (const [index, { text, value, bold = false }] of rows.entries()) {
    const top = y + index * ROW
    ink.canvas.text(`${text}${colon}`, x, top, { bold })
    ink.canvas.textRight(value, x + width, top, { bold })
    if (boxed) ink.canvas.box(x - 6, top - 13, width + 12, ROW)
  }
}

const onTheRight: Totals = (ink, rows, y) =>
  blockAt(ink, rows, ink.canvas.width - 270, y, 220, ink.random.pick([':', '']), ink.random.chance(0.3))
const onTheLeft: Totals = (ink, rows, y) => blockAt(ink, rows, LEFT, y, 200, ':', false)
const rightAligned: Totals = (ink, rows, y) => {
  for (const [index, { text, value, bold = false }] of rows.entries()) {
    ink.canvas.textRight(text, ink.canvas.width - 150, y + index * ROW, { bold })
    ink.canvas.textRight(value, ink.canvas.width - 50, y + index * ROW, { bold })
  }
}

/** Held out: a row of heads with the sums under them, and sums in one text with their labels. */
const sideBySide: Totals = (ink, rows, y) => {
  for (const [index, { text, value }] of rows.entries()) {
    const edge = LEFT + (index + 1) * 160
    ink.canvas.textRight(text, edge, y, { bold: true, size: 9 })
    ink.canvas.textRight(value, edge, y + 16)
    ink.canvas.box(edge - 150, y - 13, 155, 36)
  }
}
const inOneText: Totals = (ink, rows, y) => {
  for (const [index, { text, value, bold = false }] of rows.entries())
    ink.canvas.textRight(`${text}: ${value}`, ink.canvas.width - 60, y + index * 20, { bold, size: bold ? 13 : 10 })
}

/** Draws the sums below the lines, and what stands at the end of a page. */
export const drawTotals = (ink: Ink, heldOut: boolean, y: number) => {
  const totals = ink.random.pick(heldOut ? [sideBySide, inOneText] : [onTheRight, onTheLeft, rightAligned])
  totals(ink, rowsOf(ink), y + 28)
}

export const drawFooter = (ink: Ink, pageNumber: number, pages: number) => {
  const { canvas, sample, shown } = ink
  shown.add('VendorTaxId')
  canvas.textCentred(sample.label('thanks'), canvas.width / 2, canvas.height - 70, { size: 9 })
  const { name, taxId } = sample.vendor
  canvas.text(`${name}  ${sample.label('taxId')}: ${taxId}  ${sample.label('bank')}`, LEFT, canvas.height - 50, {
    size: 7,
  })
  if (pages > 1)
    canvas.textRight(`${sample.label('page')} ${pageNumber} / ${pages}`, canvas.width - LEFT, canvas.height - 35, {
      size: 8,
    })
}
