import type { FoundAmount } from './values.ts'

/** The sums of a document, as far as they were found. */
export type Totals = Partial<
  Record<'subtotal' | 'tax' | 'discount' | 'extra' | 'total' | 'due' | 'paid' | 'previous' | 'tip', FoundAmount>
>

/** Taxes are rounded line by line: sums may be off by some hundredths. */
const CENTS = 0.021

export const isEqual = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(CENTS, 1e-6 * Math.abs(a))

const amount = (found: FoundAmount | undefined): number => found?.value.amount ?? 0

/** What is right by arithmetic is wrong only if two numbers are. */
const confirmed = (found: FoundAmount): FoundAmount => ({
  ...found,
  confidence: Math.max(
    found.confidence,
    1 - 0.15 * (1 - found.confidence),
    0.96 * Math.min(1, found.confidence + 0.25),
  ),
})

const doubted = (found: FoundAmount, by: number): FoundAmount => ({ ...found, confidence: found.confidence * by })

/** Whether the parts make the total: a discount is written with its sign or without, and extra charges are taxed or not. */
const addsUp = ({ subtotal, tax, discount, extra, tip }: Totals, total: number): boolean => {
  const base = amount(subtotal) + amount(tax) + amount(tip)
  const less = Math.abs(amount(discount))
  return [base, base - less, base + amount(extra), base - less + amount(extra)].some((sum) => isEqual(sum, total))
}

/** A total is no less than its parts, unless something is taken off. */
const isTooSmall = ({ subtotal, tax, discount, paid }: Totals, total: number): boolean =>
  !discount && !paid && total > 0 && [subtotal, tax].some((part) => part && part.value.amount > total + CENTS)

const each = (totals: Totals, keys: (keyof Totals)[], change: (found: FoundAmount) => FoundAmount): Totals => {
  const changed = { ...totals }
  for (const key of keys) {
    const found = changed[key]
    if (found) changed[key] = change(found)
  }
  return changed
}

const checkItems = (totals: Totals, items: readonly number[]): Totals => {
  if (items.length === 0) return totals
  const sum = items.reduce((all, one) => all + one, 0)
  const keys: (keyof Totals)[] = totals.subtotal ? ['subtotal'] : ['total']
  return each(totals, keys, (found) => (isEqual(found.value.amount, sum) ? confirmed(found) : found))
}

/**
 * Sums that do not make the total: a charge that was not found, or a digit that OCR took for another, which may be the total's. A net that
 * is that of the lines is right.
 */
const withDoubts = (totals: Totals, items: readonly number[], isScan: boolean): Totals => {
  const sum = items.reduce((all, one) => all + one, 0)
  const isNet = items.length > 0 && isEqual(amount(totals.subtotal), sum)
  const lowered = each(totals, isNet ? ['tax'] : ['subtotal', 'tax'], (one) => doubted(one, 0.75))
  return isScan ? each(lowered, ['total'], (one) => doubted(one, 0.65)) : lowered
}

/**
 * The sums with the confidence that arithmetic leaves them: net and tax make the total, lines make the net, what is due is the total
 * less what is paid. Those that contradict each other are doubted.
 * @param items the amounts of the lines @param isScan whether a digit may have been read as another one
 */
export const checkTotals = (found: Totals, items: readonly number[], isScan = false): Totals => {
  const totals = checkItems(found, items)
  const { subtotal, tax, total, due, paid, previous } = totals
  if (!total) return totals
  const sum = total.value.amount
  const parts: (keyof Totals)[] = ['subtotal', 'tax', 'total', 'tip']
  if (subtotal && tax && addsUp(totals, sum)) return withDue(each(totals, parts, confirmed), sum)
  if (subtotal && !tax && addsUp(totals, sum)) return withDue(each(totals, ['subtotal', 'total'], confirmed), sum)
  if (isTooSmall(totals, sum)) return each(totals, parts, (one) => doubted(one, 0.6))
  if (subtotal && tax) return withDoubts(totals, items, isScan)
  const isDue = due && isEqual(due.value.amount, sum + amount(previous) - Math.abs(amount(paid)))
  return isDue ? each(totals, ['total', 'due'], confirmed) : totals
}

const withDue = (totals: Totals, sum: number): Totals => {
  const { due, paid, previous } = totals
  const isRight = due && isEqual(due.value.amount, sum + amount(previous) - Math.abs(amount(paid)))
  return isRight ? each(totals, ['due'], confirmed) : totals
}

/** Several charges count together. */
export const sumOf = (found: readonly FoundAmount[]): FoundAmount | null => {
  const [first] = found
  if (!first) return null
  const sum = found.reduce((all, one) => all + one.value.amount, 0)
  return {
    ...first,
    value: { ...first.value, amount: sum },
    confidence: Math.min(...found.map(({ confidence }) => confidence)),
  }
}

/** What is due is the total where nothing was paid before, and nothing else was owed. */
export const withTotalFromDue = (totals: Totals): Totals =>
  !totals.total && totals.due && !totals.paid && !totals.previous
    ? { ...totals, total: doubted(totals.due, 0.95) }
    : totals
