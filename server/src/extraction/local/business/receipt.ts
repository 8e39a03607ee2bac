import type { Token } from '../structure/token.ts'
import { isContact } from './blocks.ts'
import { parseTime } from './date.ts'
import type { FoundLabel } from './labels.ts'
import { findLetterhead, type Party } from './parties.ts'
import type { ReceiptLabel } from './receipt-labels.ts'
import { findReceiptItems, type ReceiptItem } from './receipt-lines.ts'
import type { Sheet } from './sheet.ts'
import { checkTotals, isEqual, sumOf, type Totals } from './totals.ts'
import {
  amountOf,
  bestOf,
  dateAt,
  dateOf,
  type Found,
  type FoundAmount,
  type FoundDate,
  type FoundText,
  textOf,
} from './values.ts'

export type ReceiptSheet = Sheet<ReceiptLabel>

/** What was found of a receipt on one page. */
export type Receipt = {
  merchant: Party | null
  phone: FoundText | null
  date: FoundDate | null
  time: Found<string> | null
  totals: Totals
  items: ReceiptItem[]
}

const amounts = (sheet: ReceiptSheet, field: ReceiptLabel): FoundAmount[] =>
  sheet.labels
    .filter((label) => label.field === field && label.from === 0)
    .flatMap((label) => amountOf(label, sheet, false) ?? [])

const byAmount = ({ amount }: FoundAmount['value']): string => amount.toFixed(2)

const best = (sheet: ReceiptSheet, field: ReceiptLabel): FoundAmount | null => bestOf(amounts(sheet, field), byAmount)

/** Of several totals the largest: others are those of a rate or a group. */
const totalOf = (sheet: ReceiptSheet): FoundAmount | null => {
  const found = amounts(sheet, 'Total')
  const highest = Math.max(...found.map(({ value }) => value.amount))
  return bestOf(
    found.map((one) => ({ ...one, confidence: one.confidence * (one.value.amount < highest ? 0.7 : 1) })),
    byAmount,
  )
}

/** Taxes of several rates are not one. */
const taxOf = (sheet: ReceiptSheet): FoundAmount | null => {
  const found = amounts(sheet, 'TotalTax')
  return new Set(found.map(({ value }) => byAmount(value))).size > 1 ? null : bestOf(found, byAmount)
}

const totalsOf = (sheet: ReceiptSheet, items: readonly ReceiptItem[]): Totals => {
  const found = {
    subtotal: best(sheet, 'Subtotal'),
    tax: taxOf(sheet),
    tip: best(sheet, 'Tip'),
    extra: sumOf(amounts(sheet, 'ExtraCharge')),
    total: totalOf(sheet),
  }
  const totals = Object.fromEntries(Object.entries(found).filter(([, one]) => one !== null)) as Totals
  return checkTotals(
    totals,
    items.map(({ totalPrice }) => totalPrice.value.amount),
    sheet.isScan,
  )
}

/** The date with its label, or the only one on the paper. */
const dateIn = (sheet: ReceiptSheet): FoundDate | null => {
  const labelled = sheet.labels.filter(({ field }) => field === 'Date').flatMap((label) => dateOf(label, sheet) ?? [])
  const loose = sheet.phrases.flatMap(({ tokens }) =>
    tokens
      .slice(0, 12)
      .flatMap((_, at) => dateAt(tokens.slice(at), 0.9, sheet) ?? [])
      .slice(0, 1),
  )
  return bestOf(labelled.length > 0 ? labelled : loose, ({ date }) => date ?? '')
}

const timeAt = (tokens: Token[], sheet: ReceiptSheet): Found<string> | null => {
  for (const words of [2, 1]) {
    const part = tokens.slice(0, words)
    const time = part.length === words ? parseTime(textOf(part)) : null
    if (time) return { value: time, tokens: part, confidence: 0.93 * sheet.readConfidence(part) }
  }
  return null
}

/** Times beside the date are surer than others: opening hours are times too. */
const timeIn = (sheet: ReceiptSheet, date: FoundDate | null): Found<string> | null => {
  const line = date?.tokens[0]
  const found = sheet.phrases.flatMap(({ tokens, box }) => {
    const isBeside = line && Math.abs(box.y + box.height / 2 - line.box.y - line.box.height / 2) < box.height
    const time = tokens
      .slice(0, 12)
      .map((_, at) => timeAt(tokens.slice(at), sheet))
      .find((one) => one !== null)
    return time ? [{ ...time, confidence: time.confidence * (isBeside ? 1 : 0.75) }] : []
  })
  return bestOf(found, (time) => time)
}

const PHONE = /^\+?\(?\d[\d ().-]{7,17}\d$/

const phoneOf = (tokens: Token[], trust: number, sheet: ReceiptSheet): FoundText | null => {
  const text = textOf(tokens)
  const digits = text.slice(0, 30).replace(/\D/g, '').length
  if (!PHONE.test(text.slice(0, 30)) || digits < 9 || digits > 14) return null
  const value = text.startsWith('+') ? `+${text.replace(/\D/g, '')}` : text
  return { value, tokens, confidence: trust * sheet.readConfidence(tokens) }
}

/** The only number of a telephone that stands by itself: a receipt has one of its own, and hardly ever another's. */
const onlyPhone = (sheet: ReceiptSheet): FoundText[] => {
  const found = sheet.phrases
    .filter(({ text }) => isContact(text))
    .flatMap(({ tokens }) => phoneOf(tokens, 0.75, sheet) ?? [])
  return found.length === 1 ? found : []
}

const phoneIn = (sheet: ReceiptSheet, merchant: Party | null): FoundText | null => {
  const labelled = sheet.labels
    .filter(({ field, rest }) => field === 'Phone' && rest.length > 0)
    .flatMap((label: FoundLabel<ReceiptLabel>) => phoneOf(label.rest, 0.95, sheet) ?? [])
  const loose = (merchant?.lines ?? [])
    .filter(({ text }) => isContact(text))
    .flatMap(({ tokens }) => phoneOf(tokens, 0.85, sheet) ?? [])
  const own = [...labelled, ...loose]
  return bestOf(own.length > 0 ? own : onlyPhone(sheet), (text) => text.replace(/\D/g, ''))
}

/**
 * A row whose price is the sum of all above it is a sum, whatever it is called, and no line. Of two lines at one price the second may be
 * one, if they do not make the net or the total together.
 */
const aboveSums = (items: readonly ReceiptItem[], { subtotal, total }: Totals): ReceiptItem[] => {
  let sum = 0
  for (const [index, { totalPrice }] of items.entries()) {
    const { amount } = totalPrice.value
    const both = sum + amount
    const isLine = index < 2 && [subtotal, total].some((one) => one && isEqual(one.value.amount, both))
    if (index > 0 && isEqual(sum, amount) && !isLine) return items.slice(0, index)
    sum = both
  }
  return [...items]
}

/** Lines that make the net or the total are right; others were read incompletely, or are none. */
const checkedItems = (items: ReceiptItem[], { subtotal, total }: Totals, isScan: boolean): ReceiptItem[] => {
  const sum = items.reduce((all, { totalPrice }) => all + totalPrice.value.amount, 0)
  const isComplete = [subtotal, total].some((one) => one && isEqual(one.value.amount, sum))
  const by = isComplete ? 1.04 : isScan ? 0.5 : 0.75
  const change = <Value>(found: Found<Value>): Found<Value> => ({ ...found, confidence: found.confidence * by })
  return items.map((item) => ({
    ...item,
    description: change(item.description),
    totalPrice: change(item.totalPrice),
    ...(item.quantity && { quantity: change(item.quantity) }),
  }))
}

/** Looks for what a receipt says on a page. @param tokens all words of the page */
export const findReceipt = (sheet: ReceiptSheet, tokens: readonly Token[]): Receipt => {
  const rows = findReceiptItems(sheet, tokens)
  const items = aboveSums(rows, totalsOf(sheet, []))
  const totals = totalsOf(sheet, items)
  const merchant = findLetterhead(sheet, new Set())
  const date = dateIn(sheet)
  return {
    merchant,
    phone: phoneIn(sheet, merchant),
    date,
    time: timeIn(sheet, date),
    totals,
    items: checkedItems(items, totals, sheet.isScan),
  }
}
