import { rowsOf, type Token } from '../structure/token.ts'
import { type Amount, parseAmount } from './amount.ts'
import { parseDate } from './date.ts'
import type { FoundLabel } from './labels.ts'
import { below, isSameLine, type Phrase, phraseOf, rightOf } from './phrases.ts'
import type { Sheet } from './sheet.ts'

/** A value where it stands, and how sure it is. */
export type Found<Value> = { value: Value; tokens: Token[]; confidence: number }

export type FoundAmount = Found<Amount>
export type FoundDate = Found<{ date: string | null; usesOrder: boolean }>
export type FoundText = Found<string>

/** How a value stands to its label, by how often that is right. */
const BESIDE = 0.97
const RIGHT = 0.95
const BELOW = 0.9
const WEAK = 0.8

/** A value stands at most so many lines below its label; in a table whose cells are high, so many. */
const LINES_BELOW = 2
const LINES_BELOW_IN_TABLE = 6

/** A value that is no number stands at most so many letters right of its label. */
const LETTERS_APART = 40

export const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join(' ')

/** Where a value of a label may be: what it is made of, and how much is to be thought of that place. */
type Place = { tokens: Token[]; trust: number; kind: 'beside' | 'right' | 'below' }

/** The phrases on the right of a label up to the next label. */
const rightPhrases = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): Phrase[] => {
  const right = rightOf(label.phrase.box, sheet.phrases)
  const next = right.findIndex((phrase) => sheet.labelled.has(phrase))
  return next < 0 ? right : right.slice(0, next)
}

/** Labels in one line with nothing between them have their values below, however far. */
const isInHeaderRow = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): boolean => {
  const begins = (phrase: Phrase) => sheet.labels.some((other) => other.phrase === phrase && other.from === 0)
  const [next] = rightOf(label.phrase.box, sheet.phrases)
  if (next) return begins(next)
  return sheet.phrases.some(
    (other) => other !== label.phrase && isSameLine(other.box, label.box) && other.box.x < label.box.x && begins(other),
  )
}

/** The cell under the head of a column that a label is; undefined where it is none, null where nothing is in that cell. */
const cellBelow = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): Phrase | null | undefined => {
  const index = label.phrase.tokens[label.from]?.index
  for (const { cells } of sheet.tables) {
    const head = cells.find(({ tokens }) => tokens.some((token) => token.index === index))
    if (!head) continue
    // A cell with more in it is several: the table was not found as it is.
    if (!head.isHeader || head.tokens.length > label.phrase.tokens.length) return undefined
    const under = cells.find(({ row, column }) => row === head.row + head.rowSpan && column === head.column)
    return under && under.tokens.length > 0 ? phraseOf(rowsOf(under.tokens).flatMap((row) => row.tokens)) : null
  }
  return undefined
}

const belowPhrase = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): Phrase | undefined => {
  const cell = cellBelow(label, sheet)
  if (cell !== undefined) return cell ?? undefined
  const lines = isInHeaderRow(label, sheet) ? LINES_BELOW_IN_TABLE : LINES_BELOW
  const { height, character } = sheet.scale
  const [found] = below(label.box, sheet.phrases, 2 * character, lines * height)
  return found && !sheet.labelled.has(found) ? found : undefined
}

/** All places of a label's value, the best first. */
export const placesOf = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): Place[] => {
  const trust = label.isWeak ? WEAK : 1
  if (label.rest.length > 0) return [{ tokens: label.rest, trust: BESIDE * trust, kind: 'beside' }]
  const right: Place[] = rightPhrases(label, sheet).map(({ tokens }) => ({
    tokens,
    trust: RIGHT * trust,
    kind: 'right',
  }))
  const under = belowPhrase(label, sheet)
  return under ? [...right, { tokens: under.tokens, trust: BELOW * trust, kind: 'below' }] : right
}

/** No amount has more words: "R$ 1 234 567,89 BRL". */
const MOST_WORDS = 5

const amountIn = (tokens: readonly Token[], sheet: Sheet<string>): Amount | null =>
  tokens.length <= MOST_WORDS ? parseAmount(textOf(tokens), sheet.mark) : null

/** Bare whole numbers are amounts less often; where the others have decimals, OCR may have lost a mark. */
const PLAIN = 0.75
const LOST_MARK = 0.5
const UNSURE = 0.6

const plainness = ({ plain, amount }: Amount, sheet: Sheet<string>): number =>
  !plain ? 1 : sheet.mark !== null && sheet.isScan && amount >= 100 ? LOST_MARK : PLAIN

const amountConfidence = (amount: Amount, tokens: readonly Token[], sheet: Sheet<string>): number =>
  (amount.sure ? 1 : UNSURE) * plainness(amount, sheet) * sheet.readConfidence(tokens)

export const amountAt = (tokens: Token[], trust: number, sheet: Sheet<string>): FoundAmount | null => {
  const value = amountIn(tokens, sheet)
  if (value) return { value, tokens, confidence: trust * amountConfidence(value, tokens, sheet) }
  // A rate and what it was taken of may stand before: "20% on 100.00 20.00".
  const end = tokens.at(-1)
  const before = tokens.slice(0, -1)
  const last =
    end && before.every(({ text }) => /[\d%]|^(?:on|of|auf|von|sur|de|sobre|su|x|@)$/i.test(text))
      ? amountIn([end], sheet)
      : null
  return last && end
    ? { value: last, tokens: [end], confidence: 0.8 * trust * amountConfidence(last, [end], sheet) }
    : null
}

/** A phrase that is only a rate or a currency stands between a label and its amount. */
const isBetween = ({ text }: Phrase): boolean => /^\(?[\d.,]+ ?%\)?$|^[A-Z]{3}$|^\p{Sc}$|^R\$$/u.test(text)

/** The amount of a label: beside it; the last one right of it, as in a row of net, tax and gross; or under it. */
export const amountOf = <F extends string>(
  label: FoundLabel<F>,
  sheet: Sheet<F>,
  mayBeBelow: boolean,
): FoundAmount | null => {
  const trust = label.isWeak ? WEAK : 1
  if (label.rest.length > 0) return amountAt(label.rest, BESIDE * trust, sheet)
  const right = rightPhrases(label, sheet).filter((phrase) => !isBetween(phrase))
  const amounts = right.map(({ tokens }) => amountAt(tokens, RIGHT * trust, sheet))
  const stop = amounts.indexOf(null)
  const row = (stop < 0 ? amounts : amounts.slice(0, stop)).filter((amount) => amount !== null)
  const last = row.at(-1)
  if (last) return row.length > 1 ? { ...last, confidence: last.confidence * 0.85 } : last
  const under = mayBeBelow && right.length === 0 ? belowPhrase(label, sheet) : undefined
  return under ? amountAt(under.tokens, BELOW * trust, sheet) : null
}

/** The order of day and month is a habit of the document's language and currency, which may deceive. */
const BY_HABIT = 0.85

/** The longest beginning of words that is a date: a time, a place or a sentence may follow. */
export const dateAt = (tokens: Token[], trust: number, sheet: Sheet<string>): FoundDate | null => {
  for (let words = Math.min(tokens.length, 6); words > 0; words -= 1) {
    const part = tokens.slice(0, words)
    const read = parseDate(textOf(part), sheet.order)
    if (!read) continue
    const order = !read.usesOrder || sheet.isOrderProved ? 1 : BY_HABIT
    return { value: read, tokens: part, confidence: trust * order * sheet.readConfidence(part) }
  }
  return null
}

export const dateOf = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): FoundDate | null => {
  for (const { tokens, trust, kind } of placesOf(label, sheet)) {
    const found = dateAt(tokens, trust, sheet)
    if (found) return found
    if (kind === 'right') return null
  }
  return null
}

/** A number of a document: letters, digits and what joins them, with a digit, in three words at most. */
const ID_WORD = /^[\p{L}\d][\p{L}\d./_-]*$|^[-/]$|^\d+[\p{L}\d./_-]*$/u

/** @param isWeak a label that says little: then the number is one word that has three letters at least */
export const idAt = (all: Token[], trust: number, isWeak: boolean, sheet: Sheet<string>): FoundText | null => {
  const end = all.findIndex(({ text }) => !ID_WORD.test(text.replace(/[,;]$/, '')))
  const tokens = end < 0 ? all : all.slice(0, end)
  const whole = tokens.length <= 3 ? tokens : tokens.slice(0, 1)
  const text = textOf(whole).replace(/[,;.]$/, '')
  if (!/\d/.test(text) || text.length > 30 || (isWeak && text.length < 3) || parseDate(text, 'day-first')) return null
  const isCut = whole.length < all.length
  // "FT 2024/17" is a number, "Warehouse 7" is none.
  if (
    whole.some(({ text: word }) => /^\p{L}{2,}$/u.test(word) && !/^\p{Lu}{2,4}$/u.test(word)) &&
    !/\d/.test(whole[0]?.text ?? '')
  )
    return null
  if (isCut && (isWeak || !/\d/.test(whole[0]?.text ?? ''))) return null
  // "FT 2024/17" is one; of "INV-17 net 30" the first word is.
  const kept = whole.length > 1 && whole.some((each) => /^[a-z]{2,}$/.test(each.text)) ? whole.slice(0, 1) : whole
  const isShort = isWeak && textOf(kept).replace(/[,;.]$/, '').length < 3
  if (isShort || !kept.some((each) => /\d/.test(each.text))) return null
  return {
    value: textOf(kept).replace(/[,;.]$/, ''),
    tokens: kept,
    confidence: trust * (isCut ? 0.85 : 1) * sheet.readConfidence(kept),
  }
}

export const idOf = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): FoundText | null => {
  for (const { tokens, trust, kind } of placesOf(label, sheet)) {
    const isPrefixed = tokens[0]?.text === '#'
    if (label.isWeak && kind === 'below' && !isPrefixed) continue
    const start = tokens[0]?.box.x ?? 0
    if (start - label.box.x - label.box.width > LETTERS_APART * sheet.scale.character) return null
    const found = idAt(isPrefixed ? tokens.slice(1) : tokens, trust, label.isWeak && !isPrefixed, sheet)
    if (found) return found
    if (kind === 'right') return null
  }
  return null
}

/** A number for taxes has its digits in groups, and letters of its country. */
const TAX_ID = /^[A-Z]{0,3}[ -]?\d[\d ./-]{5,20}[A-Z\d]{0,3}(?:[ -]?\d{2})?$/

/** The number for taxes of a label: what begins with it, as many words as it has. */
export const taxIdOf = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): FoundText | null => {
  const [place] = placesOf(label, sheet)
  if (!place || place.kind === 'below') return null
  for (let words = Math.min(6, place.tokens.length); words > 0; words -= 1) {
    const tokens = place.tokens.slice(0, words)
    const text = textOf(tokens)
    const digits = text.slice(0, 32).replace(/\D/g, '').length
    if (text.length <= 24 && digits >= 7 && digits <= 15 && TAX_ID.test(text))
      return { value: text, tokens, confidence: place.trust * sheet.readConfidence(tokens) }
  }
  return idOf(label, sheet)
}

const SAME = 0.5

/** The best of several values: said twice it is surer, and less sure where another one is nearly as good. */
export const bestOf = <Value>(found: readonly Found<Value>[], keyOf: (value: Value) => string): Found<Value> | null => {
  const [best, ...others] = found.toSorted((a, b) => b.confidence - a.confidence)
  if (!best) return null
  const key = keyOf(best.value)
  const agreeing = others.some((other) => keyOf(other.value) === key)
  const rival = others.find((other) => keyOf(other.value) !== key)
  const doubted = rival && rival.confidence > 0.92 * best.confidence ? 0.7 : 1
  return { ...best, confidence: doubted * (agreeing ? 1 - SAME * (1 - best.confidence) : best.confidence) }
}
