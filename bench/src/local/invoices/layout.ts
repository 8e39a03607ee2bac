import type { Canvas, Font } from './canvas.ts'
import type { Random } from './random.ts'
import type { Party, Sample } from './sample.ts'
import type { LabelName } from './wordings.ts'

/** What a layout draws with. `shown`: the fields that it has put on the page; others are no truth. */
export type Ink = { canvas: Canvas; sample: Sample; random: Random; shown: Set<string> }

const LEFT = 50
const right = ({ canvas }: Ink) => canvas.width - 50

const block = (
  { canvas }: Ink,
  lines: readonly string[],
  x: number,
  y: number,
  side: 'left' | 'right' = 'left',
  first: Font = {},
): number => {
  for (const [index, line] of lines.entries()) {
    const font = index === 0 ? first : {}
    if (side === 'left') canvas.text(line, x, y + index * 14, font)
    else canvas.textRight(line, x, y + index * 14, font)
  }
  return y + lines.length * 14
}

const contact = ({ sample }: Ink): string[] => [`${sample.label('phone')}: ${sample.vendor.phone}`, sample.vendor.email]

const show = (ink: Ink, ...names: string[]) => {
  for (const name of names) ink.shown.add(name)
}

/** Each draws who the invoice is from, and its title. Returns where the next part may begin. */
type Header = (ink: Ink) => number

const letterheadLeft: Header = (ink) => {
  const { canvas, sample, random } = ink
  show(ink, 'VendorName', 'VendorAddress')
  const size = random.pick([12, 16, 20])
  canvas.text(sample.vendor.name, LEFT, 60, { size, bold: random.chance(0.7) })
  canvas.textRight(sample.label('title'), right(ink), 60, { size: 20, bold: true })
  return block(ink, [...sample.vendor.address, ...contact(ink)], LEFT, 78) + 20
}

const letterheadRight: Header = (ink) => {
  const { canvas, sample } = ink
  show(ink, 'VendorName', 'VendorAddress')
  canvas.text(sample.label('title'), LEFT, 62, { size: 24, bold: true })
  return (
    block(ink, [sample.vendor.name, ...sample.vendor.address, ...contact(ink)], right(ink), 56, 'right', {
      size: 12,
      bold: true,
    }) + 20
  )
}

const letterheadCentred: Header = (ink) => {
  const { canvas, sample } = ink
  show(ink, 'VendorName')
  const middle = canvas.width / 2
  canvas.textCentred(sample.vendor.name, middle, 56, { size: 18, bold: true })
  canvas.textCentred(`${sample.vendor.address.join(', ')} | ${sample.vendor.phone}`, middle, 72, { size: 8 })
  canvas.line(LEFT, 82, right(ink), 82)
  canvas.textCentred(sample.label('title'), middle, 108, { size: 16, bold: true })
  return 130
}

const labelledVendor: Header = (ink) => {
  const { canvas, sample } = ink
  show(ink, 'VendorName', 'VendorAddress')
  canvas.text(sample.label('title'), LEFT, 60, { size: 22, bold: true })
  canvas.text(`${sample.label('from')}:`, LEFT, 90, { bold: true })
  return block(ink, [sample.vendor.name, ...sample.vendor.address], LEFT, 105) + 20
}

/** Held out: the name small on the right of a logo's place, its taxes' number under it. */
const nameBesideLogo: Header = (ink) => {
  const { canvas, sample } = ink
  show(ink, 'VendorName', 'VendorAddress')
  canvas.box(LEFT, 40, 60, 60)
  const bottom = block(
    ink,
    [sample.vendor.name, ...sample.vendor.address, `${sample.label('taxId')}: ${sample.vendor.taxId}`],
    LEFT + 75,
    52,
  )
  canvas.text(sample.label('title'), LEFT, bottom + 28, { size: 17 })
  return bottom + 55
}

/** Held out: the sender in one small line above the window, all about him in the footer. */
const windowLetter: Header = (ink) => {
  const { canvas, sample } = ink
  show(ink, 'VendorName')
  canvas.textRight(sample.vendor.name, right(ink), 55, { size: 15, bold: true })
  canvas.text([sample.vendor.name, ...sample.vendor.address].join(' · '), LEFT, 120, { size: 7 })
  return 135
}

type Pair = { field: string; label: LabelName; value: string }

const pairsOf = ({ sample }: Ink): Pair[] => [
  { field: 'InvoiceId', label: 'number', value: sample.id },
  { field: 'InvoiceDate', label: 'date', value: sample.date(sample.issued) },
  { field: 'DueDate', label: 'due', value: sample.date(sample.due) },
  ...(sample.order ? [{ field: 'PurchaseOrder', label: 'order', value: sample.order } as const] : []),
]

/** Each draws number and dates. `y`: where it may begin on the right half. */
type Meta = (ink: Ink, pairs: Pair[], y: number) => number

const pairLines: Meta = (ink, pairs, y) => {
  const { canvas, sample, random } = ink
  const isRight = random.chance(0.5)
  for (const [index, { label, value }] of pairs.entries()) {
    const text = `${sample.label(label)}: ${value}`
    if (isRight) canvas.textRight(text, right(ink), y + index * 15)
    else canvas.text(text, canvas.width - 230, y + index * 15)
  }
  return y + pairs.length * 15
}

const pairColumns: Meta = (ink, pairs, y) => {
  const { canvas, sample, random } = ink
  const colon = random.pick([':', ''])
  for (const [index, { label, value }] of pairs.entries()) {
    canvas.text(`${sample.label(label)}${colon}`, canvas.width - 240, y + index * 15, { bold: true })
    canvas.textRight(value, right(ink), y + index * 15)
  }
  return y + pairs.length * 15
}

const stackedPairs: Meta = (ink, pairs, y) => {
  const { canvas, sample } = ink
  for (const [index, { label, value }] of pairs.entries()) {
    const x = canvas.width - 270 + (index % 2) * 120
    const top = y + Math.floor(index / 2) * 34
    canvas.text(sample.label(label), x, top, { size: 8, bold: true })
    canvas.text(value, x, top + 13)
  }
  return y + Math.ceil(pairs.length / 2) * 34
}

const metaRow = (ink: Ink, pairs: Pair[], y: number, ruled: boolean, height: number): number => {
  const { canvas, sample } = ink
  const width = (right(ink) - LEFT) / pairs.length
  for (const [index, { label, value }] of pairs.entries()) {
    const x = LEFT + index * width
    canvas.text(sample.label(label), x + 5, y + 13, { size: 9, bold: true })
    canvas.text(value, x + 5, y + height + 13)
    if (!ruled) continue
    canvas.box(x, y, width, height)
    canvas.box(x, y + height, width, height)
  }
  return y + 2 * height
}

/** Held out: boxes, each with a small label in its corner and the value under it. */
const boxedPairs: Meta = (ink, pairs, y) => {
  const { canvas, sample } = ink
  for (const [index, { label, value }] of pairs.entries()) {
    const top = y + index * 32
    canvas.box(canvas.width - 220, top, 170, 32)
    canvas.text(sample.label(label), canvas.width - 215, top + 10, { size: 7 })
    canvas.text(value, canvas.width - 210, top + 25, { size: 11 })
  }
  return y + pairs.length * 32
}

/** Held out: label and value close together, the label's colon at the end of a column that ends alike. */
const rightLabels: Meta = (ink, pairs, y) => {
  const { canvas, sample } = ink
  const edge = canvas.width - 150
  for (const [index, { label, value }] of pairs.entries()) {
    canvas.textRight(`${sample.label(label)} :`, edge, y + index * 16)
    canvas.text(value, edge + 8, y + index * 16)
  }
  return y + pairs.length * 16
}

type Customer = (ink: Ink, party: Party, y: number) => number

const billTo: Customer = (ink, party, y) => {
  show(ink, 'CustomerName', 'CustomerAddress')
  const colon = ink.random.pick([':', ''])
  ink.canvas.text(`${ink.sample.label('billTo')}${colon}`, LEFT, y, { bold: true })
  return block(ink, [party.name, ...party.address], LEFT, y + 15)
}

const billAndShip: Customer = (ink, party, y) => {
  const { canvas, sample } = ink
  show(ink, 'CustomerName', 'CustomerAddress')
  canvas.text(sample.label('billTo'), LEFT, y, { bold: true })
  canvas.text(sample.label('shipTo'), LEFT + 205, y, { bold: true })
  block(ink, ['Warehouse 7', ...party.address], LEFT + 205, y + 15)
  return block(ink, [party.name, ...party.address], LEFT, y + 15)
}

const inlineCustomer: Customer = (ink, party, y) => {
  show(ink, 'CustomerName')
  ink.canvas.text(`${ink.sample.label('billTo')}: ${party.name}`, LEFT, y)
  return y + 15
}

/** Held out: no label at all, and one in a box. */
const windowAddress: Customer = (ink, party, y) => block(ink, [party.name, ...party.address], LEFT, y)
const boxedCustomer: Customer = (ink, party, y) => {
  show(ink, 'CustomerName', 'CustomerAddress')
  ink.canvas.box(LEFT, y - 12, 220, 66)
  ink.canvas.text(ink.sample.label('billTo'), LEFT + 6, y, { size: 8 })
  return block(ink, [party.name, ...party.address], LEFT + 6, y + 14) + 12
}

type Layout = { header: Header; meta: Meta; customer: Customer }

const TUNED = {
  headers: [letterheadLeft, letterheadRight, letterheadCentred, labelledVendor],
  metas: [pairLines, pairColumns, stackedPairs],
  customers: [billTo, billAndShip, inlineCustomer],
}
const HELD_OUT = {
  headers: [nameBesideLogo, windowLetter],
  metas: [boxedPairs, rightLabels],
  customers: [windowAddress, boxedCustomer],
}

const chooseLayout = (random: Random, heldOut: boolean): Layout => {
  const { headers, metas, customers } = heldOut ? HELD_OUT : TUNED
  return { header: random.pick(headers), meta: random.pick(metas), customer: random.pick(customers) }
}

/** Draws all above the lines. Returns where these may begin. */
export const drawTop = (ink: Ink, heldOut: boolean): number => {
  const { random, sample } = ink
  const { header, meta, customer } = chooseLayout(random, heldOut)
  const y = header(ink) + 10
  const pairs = pairsOf(ink)
  show(ink, ...pairs.map(({ field }) => field))
  const after = customer(ink, sample.customer, y)
  // A row across the page is in both sets: with high cells and without lines it is held out.
  if (random.chance(0.25))
    return metaRow(ink, pairs, after + 12, !heldOut || random.chance(0.5), heldOut ? 26 : 18) + 15
  return Math.max(after, meta(ink, pairs, y)) + 20
}
