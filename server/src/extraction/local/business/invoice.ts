import type { Token } from '../structure/token.ts'
import { fold } from './fold.ts'
import { INVOICE_LABELS, type InvoiceLabel } from './invoice-labels.ts'
import { type FoundLabel, findLabels, isBare } from './labels.ts'
import { findLineItems, type LineItem } from './line-items.ts'
import { findLetterhead, type Party, partyAt } from './parties.ts'
import { isSameLine, type Phrase, phraseOf } from './phrases.ts'
import type { Sheet } from './sheet.ts'
import { checkTotals, sumOf, type Totals, withTotalFromDue } from './totals.ts'
import {
  amountOf,
  bestOf,
  dateOf,
  type FoundAmount,
  type FoundDate,
  type FoundText,
  idOf,
  placesOf,
  taxIdOf,
  textOf,
} from './values.ts'

export type InvoiceSheet = Sheet<InvoiceLabel>
type Label = FoundLabel<InvoiceLabel>

/** What was found of an invoice on one page. */
export type Invoice = {
  id: FoundText | null
  date: FoundDate | null
  due: FoundDate | null
  purchaseOrder: FoundText | null
  customerId: FoundText | null
  paymentTerm: FoundText | null
  vendorTaxId: FoundText | null
  customerTaxId: FoundText | null
  vendor: Party | null
  customer: Party | null
  totals: Totals
  items: LineItem[]
}

const SUMS: ReadonlySet<InvoiceLabel> = new Set(['SubTotal', 'TotalTax', 'InvoiceTotal', 'AmountDue', 'CarriedForward'])

const isSum = (label: Label): boolean => label.from === 0 && !label.isWeak && SUMS.has(label.field) && isBare(label)

/** Whether words are the row of a sum: they begin with its label and go on with an amount at most. */
const isTotalRow = (tokens: Token[]): boolean => {
  if (tokens.length === 0) return false
  const [label] = findLabels([phraseOf(tokens)], INVOICE_LABELS)
  return label !== undefined && isSum(label)
}

/** The labels that are none of the lines' head and cells: "Total" there heads a column. */
const outside = (labels: readonly Label[], lines: readonly Token[]): Label[] => {
  const inside = new Set(lines.map(({ index }) => index))
  return labels.filter(({ phrase, from }) => !inside.has(phrase.tokens[from]?.index ?? -1))
}

const amounts = (labels: readonly Label[], field: InvoiceLabel, sheet: InvoiceSheet): FoundAmount[] =>
  labels.filter((label) => label.field === field).flatMap((label) => amountOf(label, sheet, true) ?? [])

const byAmount = ({ amount }: FoundAmount['value']): string => amount.toFixed(2)

const best = (labels: readonly Label[], field: InvoiceLabel, sheet: InvoiceSheet): FoundAmount | null =>
  bestOf(amounts(labels, field, sheet), byAmount)

/** Taxes of several rates, each on its line, make the tax where no line gives their sum. */
const taxOf = (labels: readonly Label[], sheet: InvoiceSheet): FoundAmount | null => {
  const found = amounts(labels, 'TotalTax', sheet)
  return new Set(found.map(({ value }) => byAmount(value))).size > 1 ? null : bestOf(found, byAmount)
}

/** The last total is the one that counts; one that is larger than it is more likely another sum. */
const totalOf = (labels: readonly Label[], sheet: InvoiceSheet): FoundAmount | null => {
  const found = amounts(labels, 'InvoiceTotal', sheet)
  const highest = found.toSorted((a, b) => b.value.amount - a.value.amount)[0]
  return bestOf(
    found.map((one) =>
      highest && one.value.amount < highest.value.amount ? { ...one, confidence: one.confidence * 0.8 } : one,
    ),
    byAmount,
  )
}

const totalsOf = (labels: readonly Label[], items: readonly LineItem[], sheet: InvoiceSheet): Totals => {
  const found = {
    subtotal: best(labels, 'SubTotal', sheet),
    tax: taxOf(labels, sheet),
    discount: best(labels, 'TotalDiscount', sheet),
    extra: sumOf(amounts(labels, 'ExtraCharge', sheet)),
    total: totalOf(labels, sheet),
    due: best(labels, 'AmountDue', sheet),
    paid: best(labels, 'AmountPaid', sheet),
    previous: best(labels, 'PreviousUnpaidBalance', sheet),
  }
  const totals = Object.fromEntries(Object.entries(found).filter(([, one]) => one !== null)) as Totals
  const sums = items.flatMap(({ amount }) => (amount ? [amount.value.amount] : []))
  return checkTotals(withTotalFromDue(totals), sums, sheet.isScan)
}

const dates = (labels: readonly Label[], field: InvoiceLabel, sheet: InvoiceSheet): FoundDate | null =>
  bestOf(
    labels.filter((label) => label.field === field).flatMap((label) => dateOf(label, sheet) ?? []),
    ({ date }) => date ?? '',
  )

const ids = (labels: readonly Label[], field: InvoiceLabel, sheet: InvoiceSheet): FoundText | null =>
  bestOf(
    labels.filter((label) => label.field === field).flatMap((label) => idOf(label, sheet) ?? []),
    fold,
  )

/** No invoice is due before it is written: then one of the two dates is wrong, and nothing tells which. */
const inOrder = (date: FoundDate | null, due: FoundDate | null): [FoundDate | null, FoundDate | null] => {
  const isWrong = date?.value.date && due?.value.date && due.value.date < date.value.date
  const lower = (one: FoundDate | null) => one && { ...one, confidence: one.confidence * 0.6 }
  return isWrong ? [lower(date), lower(due)] : [date, due]
}

const LONGEST_TERM = 40

const termOf = (labels: readonly Label[], sheet: InvoiceSheet): FoundText | null => {
  for (const label of labels.filter(({ field }) => field === 'PaymentTerm')) {
    const [place] = placesOf(label, sheet)
    const text = place ? textOf(place.tokens) : ''
    if (place && text.length >= 3 && text.length <= LONGEST_TERM && /\p{L}{2}/u.test(text))
      return { value: text, tokens: place.tokens, confidence: 0.95 * place.trust * sheet.readConfidence(place.tokens) }
  }
  return null
}

const partyOfField = (labels: readonly Label[], field: InvoiceLabel, sheet: InvoiceSheet): Party | null => {
  const found = labels.filter((label) => label.field === field).flatMap((label) => partyAt(label, sheet) ?? [])
  return found.toSorted((a, b) => b.name.confidence - a.name.confidence)[0] ?? null
}

const phrasesWith = (tokens: readonly Token[], sheet: InvoiceSheet): Phrase[] => {
  const wanted = new Set(tokens.map(({ index }) => index))
  return sheet.phrases.filter((phrase) => phrase.tokens.some(({ index }) => wanted.has(index)))
}

const phrasesOf = (party: Party | null, sheet: InvoiceSheet): Phrase[] =>
  party ? [...phrasesWith(party.name.tokens, sheet), ...party.lines] : []

const taxIds = (labels: readonly Label[], sheet: InvoiceSheet): FoundText | null =>
  bestOf(
    labels.flatMap((label) => taxIdOf(label, sheet) ?? []),
    fold,
  )

/** A number for the taxes is the customer's when it stands in his block, and the vendor's when it is the only other one. */
const taxIdsOf = (labels: readonly Label[], customer: Party | null, sheet: InvoiceSheet) => {
  const block = customer ? [...phrasesOf(customer, sheet)] : []
  const lowest = Math.max(0, ...block.map(({ box }) => box.y + box.height))
  const left = Math.min(...block.map(({ box }) => box.x))
  const isCustomers = ({ phrase }: Label) =>
    block.length > 0 &&
    Math.abs(phrase.box.x - left) < 3 * sheet.scale.character &&
    phrase.box.y >= Math.min(...block.map(({ box }) => box.y)) &&
    phrase.box.y < lowest + 2.5 * sheet.scale.height
  const all = labels.filter(({ field }) => field === 'TaxId')
  const own = all.filter((label) => !isCustomers(label))
  return {
    customerTaxId: taxIds(all.filter(isCustomers), sheet),
    vendorTaxId: customer ? taxIds(own, sheet) : null,
  }
}

/** Looks for what an invoice says on a page. */
export const findInvoice = (sheet: InvoiceSheet): Invoice => {
  // What has more beside it is a line: "Transporte" is carried forward, or transport.
  const sums = sheet.labels.filter(
    (label) => isSum(label) && sheet.phrases.filter(({ box }) => isSameLine(box, label.box)).length <= 2,
  )
  const isBesideSum = (tokens: Token[]) => sums.some(({ box }) => tokens.some((token) => isSameLine(token.box, box)))
  const { items, lines } = findLineItems(sheet, (row) => isTotalRow(row) || isBesideSum(row)) ?? {
    items: [],
    lines: [],
  }
  const labels = outside(sheet.labels, lines)
  const customer = partyOfField(labels, 'Customer', sheet)
  const others = labels.filter(({ field }) => field === 'OtherParty').flatMap((label) => partyAt(label, sheet) ?? [])
  const strangers = new Set([
    ...[customer, ...others].flatMap((party) => phrasesOf(party, sheet)),
    ...phrasesWith(lines, sheet),
  ])
  const [date, due] = inOrder(dates(labels, 'InvoiceDate', sheet), dates(labels, 'DueDate', sheet))
  return {
    id: ids(labels, 'InvoiceId', sheet),
    date,
    due,
    purchaseOrder: ids(labels, 'PurchaseOrder', sheet),
    customerId: ids(labels, 'CustomerId', sheet),
    paymentTerm: termOf(labels, sheet),
    ...taxIdsOf(labels, customer, sheet),
    vendor: partyOfField(labels, 'Vendor', sheet) ?? findLetterhead(sheet, strangers),
    customer,
    totals: totalsOf(labels, items, sheet),
    items,
  }
}
