import { bottom, rowsOf, type Token } from '../structure/token.ts'
import { parseAmount } from './amount.ts'
import { type FoundLabel, findLabels, isBare } from './labels.ts'
import { phraseOf } from './phrases.ts'
import { RECEIPT_LABELS, type ReceiptLabel } from './receipt-labels.ts'
import type { Sheet } from './sheet.ts'
import { amountAt, type Found, type FoundAmount, type FoundText, textOf } from './values.ts'

/** A line of a receipt: what was bought, and what it cost in all. */
export type ReceiptItem = { tokens: Token[]; description: FoundText; quantity?: Found<number>; totalPrice: FoundAmount }

const SUMS: ReadonlySet<ReceiptLabel> = new Set(['Subtotal', 'TotalTax', 'Total', 'Payment', 'Tip'])

/** The rows of the page's words above the first sum: the lines are among them. */
const rowsAboveSums = (sheet: Sheet<ReceiptLabel>, tokens: readonly Token[]): Token[][] => {
  const first = sheet.labels.filter((label) => SUMS.has(label.field) && label.from === 0 && isSum(label, sheet))
  const top = Math.min(...first.map(({ box }) => box.y))
  return Number.isFinite(top)
    ? rowsOf(tokens.filter(({ box }) => bottom(box) <= top + box.height / 2)).map((row) => row.tokens)
    : []
}

/** A sum has its amount beside it, in its own line. */
const isSum = (label: FoundLabel<ReceiptLabel>, sheet: Sheet<ReceiptLabel>): boolean =>
  isBare(label) &&
  (label.rest.length > 0 ||
    sheet.phrases.some(
      ({ box, text }) =>
        box.x > label.box.x &&
        Math.abs(box.y + box.height / 2 - label.box.y - label.box.height / 2) < label.box.height &&
        parseAmount(text, sheet.mark) !== null,
    ))

/** "1 890,00": where thousands are apart by a space, the number before three digits may be theirs. */
const mayBeCut = (before: readonly Token[], price: FoundAmount): boolean =>
  /^\d{1,3}$/.test(before.at(-1)?.text ?? '') && /^\D{0,4}\d{3}[.,]\d{2}/.test(textOf(price.tokens))

/** How many words of a row's end stand apart from the others: they are the price, however many they are. */
const apart = (row: readonly Token[], sheet: Sheet<string>): number => {
  const last = sheet.phrases.find(({ tokens }) => tokens.at(-1)?.index === row.at(-1)?.index)
  return last && last.tokens.length < row.length && parseAmount(last.text, sheet.mark) ? last.tokens.length : 0
}

/** The price at a row's end, with the words before it; a letter for the rate of the tax may follow. */
const priceIn = (row: Token[], sheet: Sheet<string>): { price: FoundAmount; before: Token[] } | null => {
  const end = row.length > 2 && /^[A-Z*]{1,2}$/.test(row.at(-1)?.text ?? '') ? row.slice(0, -1) : row
  const own = apart(end, sheet)
  for (const words of own > 0 ? [own] : [2, 1]) {
    const text = textOf(end.slice(-words))
    const before = end.slice(0, -words)
    // Of two words one is the currency: "2 350.00" is a quantity and a price.
    const isTwo = own === 0 && words === 2 && /^[-\d].*[-\d]$/.test(text)
    if (before.length === 0 || isTwo || !/[.,]\d{2}(?!\d)/.test(text)) continue
    const price = amountAt(end.slice(-words), 0.92, sheet)
    if (price?.tokens.length === words) return own === 0 && mayBeCut(before, price) ? null : { price, before }
  }
  return null
}

/** "2 x Milk", "2x Milk", "2 Milk", and "[2] Milk", a number in a box */
const quantityIn = (tokens: Token[], sheet: Sheet<string>): { quantity?: Found<number>; name: Token[] } => {
  const [first, second] = tokens
  const count = /^[([]?(\d{1,3})[)\]]?[xX]?$/.exec(first?.text ?? '')
  if (!first || !count || tokens.length < 2) return { name: tokens }
  const name = /^[xX×]$/.test(second?.text ?? '') ? tokens.slice(2) : tokens.slice(1)
  if (name.length === 0) return { name: tokens }
  return {
    quantity: { value: Number(count[1]), tokens: [first], confidence: 0.9 * sheet.readConfidence([first]) },
    name,
  }
}

const isLabelled = (row: Token[]): boolean => {
  const [label] = findLabels([phraseOf(row)], RECEIPT_LABELS)
  return label !== undefined && label.from === 0 && !label.isWeak && (label.rest.length === 0 || isBare(label))
}

/** What is multiplied, "2 x 1.50", is no name of a thing. */
const isName = (tokens: Token[]): boolean =>
  /\p{L}{2}/u.test(textOf(tokens.filter(({ text }) => !/^(?:x|@|ea|each|kg|EUR|USD)$/i.test(text))))

/** The lines of a receipt that can be told: a name and a price in one row, above the sums. */
export const findReceiptItems = (sheet: Sheet<ReceiptLabel>, tokens: readonly Token[]): ReceiptItem[] =>
  rowsAboveSums(sheet, tokens).flatMap((row) => {
    const found = priceIn(row, sheet)
    if (!found || isLabelled(found.before) || !isName(found.before)) return []
    const { quantity, name } = quantityIn(found.before, sheet)
    if (!isName(name)) return []
    const description = { value: textOf(name), tokens: name, confidence: 0.9 * sheet.readConfidence(name) }
    return [{ tokens: row, description, totalPrice: found.price, ...(quantity && { quantity }) }]
  })
