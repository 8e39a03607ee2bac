import { type Canvas, drawPdf } from './canvas.ts'
import type { Made } from './draw-invoice.ts'
import { LOCALES, type Locale } from './locales.ts'
import type { Random } from './random.ts'
import { makeSample, type Sample } from './sample.ts'
import type { Truth } from './truth.ts'

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
const money = (amount: number): string => amount.toFixed(2)

/** What receipts say: of each the wordings, the last held out. */
const WORDS: Record<
  string,
  { subtotal: string[]; tax: string[]; total: string[]; cash: string[]; change: string[]; date: string[] }
> = {
  en: {
    subtotal: ['Subtotal', 'Sub Total', 'Net sales'],
    tax: ['Tax', 'VAT', 'Sales tax'],
    total: ['Total', 'TOTAL', 'Balance due'],
    cash: ['Cash', 'Visa', 'Card payment'],
    change: ['Change', 'Change', 'Change due'],
    date: ['Date: ', '', ''],
  },
  pt: {
    subtotal: ['Subtotal', 'Total líquido', 'Base'],
    tax: ['IVA', 'Total IVA', 'Valor IVA'],
    total: ['Total', 'Total a pagar', 'TOTAL EUR'],
    cash: ['Numerário', 'Multibanco', 'Dinheiro'],
    change: ['Troco', 'Troco', 'Troco'],
    date: ['Data: ', '', 'Emitido em: '],
  },
  de: {
    subtotal: ['Netto', 'Zwischensumme', 'Nettobetrag'],
    tax: ['MwSt.', 'USt.', 'MwSt'],
    total: ['Summe', 'Gesamt', 'Zu zahlen'],
    cash: ['Bar', 'Gegeben', 'EC-Karte'],
    change: ['Rückgeld', 'Zurück', 'Rückgeld'],
    date: ['Datum: ', '', ''],
  },
  fr: {
    subtotal: ['Sous-total', 'Total HT', 'Montant HT'],
    tax: ['TVA', 'Total TVA', 'Dont TVA'],
    total: ['Total', 'Total TTC', 'Net à payer'],
    cash: ['Espèces', 'Carte bancaire', 'CB'],
    change: ['Rendu', 'Rendu', 'À rendre'],
    date: ['Date: ', '', 'Le '],
  },
  es: {
    subtotal: ['Subtotal', 'Base imponible', 'Base'],
    tax: ['IVA', 'IVA', 'Cuota IVA'],
    total: ['Total', 'TOTAL', 'Total a pagar'],
    cash: ['Efectivo', 'Tarjeta', 'Entregado'],
    change: ['Cambio', 'Cambio', 'Cambio'],
    date: ['Fecha: ', '', ''],
  },
}

const wordingOf = ({ tag }: Locale) => WORDS[tag.slice(0, 2)] as (typeof WORDS)[string]

const wordOf = (list: string[], random: Random, heldOut: boolean) =>
  heldOut ? (list[2] as string) : random.pick(list.slice(0, 2))

const WIDTH = 230
const MARGIN = 14
const LINE = 13

type Slip = { canvas: Canvas; y: number }

const centred = (slip: Slip, text: string, size = 9, bold = false) => {
  slip.canvas.textCentred(text, WIDTH / 2, slip.y, { size, bold })
  slip.y += Math.max(LINE, size * 1.3)
}
/** Large letters get smaller where label and value would run into each other, and a long label is cut. */
const pair = (slip: Slip, name: string, value: string, large = 9, bold = false) => {
  const room = (label: string, size: number) =>
    WIDTH - 2 * MARGIN - slip.canvas.widthOf(label, { size, bold }) - slip.canvas.widthOf(value, { size, bold })
  const size = room(name, large) > 12 ? large : 9
  let label = name
  while (room(label, size) < 8) label = label.slice(0, -1)
  slip.canvas.text(label, MARGIN, slip.y, { size, bold })
  slip.canvas.textRight(value, WIDTH - MARGIN, slip.y, { size, bold })
  slip.y += Math.max(LINE, size * 1.4)
}
const rule = (slip: Slip, isDashed: boolean) => {
  if (isDashed) slip.canvas.text('-'.repeat(38), MARGIN, slip.y, { size: 9 })
  else slip.canvas.line(MARGIN, slip.y - 4, WIDTH - MARGIN, slip.y - 4)
  slip.y += LINE
}

type Plan = {
  sample: Sample
  random: Random
  heldOut: boolean
  isDashed: boolean
  time: string
  hasSubtotal: boolean
  truth: Truth
}

const drawHead = (slip: Slip, { sample, random, heldOut, truth }: Plan) => {
  const { vendor } = sample
  const isLeft = heldOut && random.chance(0.5)
  const put = (text: string, size?: number, bold?: boolean) => {
    if (!isLeft) return centred(slip, text, size, bold)
    slip.canvas.text(text, MARGIN, slip.y, { size: size ?? 9, bold: bold ?? false })
    slip.y += Math.max(LINE, (size ?? 9) * 1.3)
  }
  put(vendor.name, random.pick([10, 13, 15]), true)
  for (const line of vendor.address) put(line)
  put(`${sample.label('phone')}: ${vendor.phone}`)
  truth.set('MerchantName', plain(vendor.name))
  truth.set('MerchantAddress', plain(vendor.address.join('')))
  truth.set('MerchantPhoneNumber', plain(vendor.phone))
}

const drawDate = (slip: Slip, { sample, random, heldOut, time, truth }: Plan) => {
  const label = wordOf(wordingOf(sample.locale).date, random, heldOut)
  slip.y += 4
  slip.canvas.text(`${label}${sample.date(sample.issued)} ${time}`, MARGIN, slip.y, { size: 9 })
  slip.y += LINE
  truth.set('TransactionDate', sample.issued)
  truth.set('TransactionTime', `${time}:00`)
}

const drawItems = (slip: Slip, { sample, random, heldOut, truth }: Plan) => {
  const isCounted = random.chance(0.5)
  for (const [index, { description: full, ...item }] of sample.items.entries()) {
    // As on receipts, what is long is cut.
    const description = full.split(' ').slice(0, 2).join(' ')
    const under = heldOut && item.quantity > 1
    const name = isCounted && !under ? `${item.quantity}${random.pick([' ', ' x '])}${description}` : description
    pair(slip, name, sample.money(item.amount))
    truth.set(`Items.${index}.Description`, plain(description))
    truth.set(`Items.${index}.TotalPrice`, money(item.amount))
    if (isCounted && !under) truth.set(`Items.${index}.Quantity`, money(item.quantity))
    // Held out: how many and at which price in a line of its own.
    if (under) {
      slip.canvas.text(`   ${item.quantity} x ${sample.money(item.price)}`, MARGIN, slip.y, { size: 8 })
      slip.y += LINE
    }
  }
}

const drawSums = (slip: Slip, { sample, random, heldOut, hasSubtotal, truth }: Plan) => {
  const { subtotal, tax, total, cash, change } = wordingOf(sample.locale)
  const say = (list: string[]) => wordOf(list, random, heldOut)
  if (hasSubtotal) {
    pair(slip, say(subtotal), sample.money(sample.subtotal))
    pair(slip, `${say(tax)} ${random.pick(['', `${sample.rate}%`])}`.trim(), sample.money(sample.tax))
    truth.set('Subtotal', money(sample.subtotal))
    truth.set('TotalTax', money(sample.tax))
  }
  const sum = hasSubtotal ? sample.total : sample.subtotal
  pair(slip, say(total), sample.money(sum), random.pick([9, 12, 14]), true)
  truth.set('Total', money(sum))
  const given = Math.ceil(sum / 10) * 10
  pair(slip, say(cash), sample.money(given))
  pair(slip, say(change), sample.money(given - sum))
  if (sample.currencyCode) truth.set('currency', sample.currencyCode)
}

const drawSlip = (canvas: Canvas, plan: Plan) => {
  const slip = { canvas, y: 24 }
  drawHead(slip, plan)
  drawDate(slip, plan)
  rule(slip, plan.isDashed)
  drawItems(slip, plan)
  rule(slip, plan.isDashed)
  drawSums(slip, plan)
  slip.y += 8
  centred(slip, plan.sample.label('thanks').slice(0, 40), 8)
}

const two = (number: number) => String(number).padStart(2, '0')

/** One receipt by chance, with what it says. */
export const drawReceipt = async (random: Random, index: number, heldOut: boolean): Promise<Made> => {
  const locale = LOCALES[index % LOCALES.length] as (typeof LOCALES)[number]
  const sample = makeSample(random, locale, 6, heldOut)
  const truth: Truth = new Map()
  const plan: Plan = {
    ...{ sample, random, heldOut, truth },
    isDashed: random.chance(0.5),
    hasSubtotal: random.chance(0.7),
    time: `${two(random.int(7, 22))}:${two(random.int(0, 59))}`,
  }
  const height = 200 + sample.items.length * 30 + 110
  const pdf = await drawPdf([(canvas) => drawSlip(canvas, plan)], {
    family: random.pick(['sans', 'mono'] as const),
    size: [WIDTH, height],
  })
  return { name: `receipt-${heldOut ? 'held-out-' : ''}${index}-${locale.tag}`, pdf, truth }
}
