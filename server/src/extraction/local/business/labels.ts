import { type Box, unionBox } from '../geometry.ts'
import type { Token } from '../structure/token.ts'
import { parseAmount } from './amount.ts'
import { currencyOf } from './currency.ts'
import type { Entry, Lexicon } from './lexicon.ts'
import type { Phrase } from './phrases.ts'

/** A label where it stands. `rest`: what follows it in its phrase, up to the next label, without what only describes it: "(19%)". */
export type FoundLabel<Field extends string> = Entry<Field> & {
  phrase: Phrase
  from: number
  /** It has a colon, or more words than one: what follows it in its phrase is its value. */
  hasMark: boolean
  box: Box
  rest: Token[]
}

/** The longest labels have so many words. */
const MOST_WORDS = 7

/** A page of a business document has some dozens of labels. What has more is none, and would cost time without end. */
const MOST_LABELS = 300

/** Words that may stand before a label and say nothing: "plus 19% VAT". */
const BEFORE = new Set(
  'plus add incl inkl including zzgl zuzuglich the your ihre seu sua votre su o a le la der die das'.split(' '),
)

const isPercent = (key: string | undefined): boolean => key !== undefined && /^[\d#%]+$/.test(key) && key.includes('%')

const endsWithMark = (token: Token | undefined): boolean => token !== undefined && /[:#]$/.test(token.text)

type Match<Field extends string> = { entry: Entry<Field>; to: number }

const matchAt = <Field extends string>(
  { keys }: Phrase,
  from: number,
  lexicon: Lexicon<Field>,
): Match<Field> | null => {
  let [joined, found]: [string, Match<Field> | null] = ['', null]
  for (let to = from; to < Math.min(keys.length, from + MOST_WORDS); to += 1) {
    joined += keys[to]
    const entry = lexicon.get(joined)
    if (entry && keys[to] !== '') found = { entry, to: to + 1 }
  }
  return found
}

/** Sums whose names many words make longer: "Room total". */
const SUMS = new Set('SubTotal Subtotal TotalTax InvoiceTotal Total AmountDue'.split(' '))

type Placed<Field extends string> = Match<Field> & { from: number }

const isAtStart = ({ keys }: Phrase, from: number): boolean =>
  keys.slice(0, from).every((key) => BEFORE.has(key) || isPercent(key))

/**
 * In the middle of a phrase a word may be anything. After another label's value a label has a colon or two words; one word right after
 * another label is a part of that one, "Tel. No."; after words that nobody knows it has a colon and says enough: "Serial No.", "Room total" do not.
 */
const mayStand = <Field extends string>(
  phrase: Phrase,
  { from, to, entry }: Placed<Field>,
  last?: Placed<Field>,
): boolean => {
  if (isAtStart(phrase, from)) return true
  const hasMark = endsWithMark(phrase.tokens[to - 1])
  if (last?.to === from) return to - from > 1 && !entry.isWeak
  if (last) return hasMark || to - from > 1
  return hasMark && !entry.isWeak && (to - from > 1 || !SUMS.has(entry.field))
}

/** Without what describes a label: a rate, what stands in brackets. */
const withoutQualifiers = (tokens: Token[]): Token[] => {
  let at = 0
  let isInside = false
  while (at < tokens.length) {
    const { text } = tokens[at] as Token
    // An amount in brackets is a negative one.
    const opens = text.startsWith('(') && !/^\(\D{0,3}\d/.test(text.replace(/\d[\d.,]*\s?%/, ''))
    const isRate =
      /^@?\d[\d.,]*%[):]*$|^[@:%]:?$/.test(text) || (/^\d[\d.,]*$/.test(text) && tokens[at + 1]?.text.startsWith('%'))
    if (!isInside && !opens && !isRate) break
    isInside = (isInside || opens) && !/\)[:.]?$/.test(text)
    at += 1
  }
  const rest = isInside ? tokens : tokens.slice(at)
  // "Total EUR", with the amount somewhere else.
  return rest.length === 1 && currencyOf((rest[0] as Token).text.replace(/:$/, '')) ? [] : rest
}

const labelsIn = <Field extends string>(phrase: Phrase, lexicon: Lexicon<Field>): FoundLabel<Field>[] => {
  const matches: Placed<Field>[] = []
  for (let from = 0; from < phrase.keys.length; from += 1) {
    const match = matchAt(phrase, from, lexicon)
    if (!match || !mayStand(phrase, { ...match, from }, matches.at(-1))) continue
    matches.push({ ...match, from })
    from = match.to - 1
  }
  return matches.map(({ entry, from, to }, index) => ({
    ...entry,
    phrase,
    from,
    hasMark: endsWithMark(phrase.tokens[to - 1]) || to - from > 1,
    box: unionBox(phrase.tokens.slice(from, to).map(({ box }) => box)),
    rest: withoutQualifiers(phrase.tokens.slice(to, matches[index + 1]?.from)),
  }))
}

/** The labels of a page, in its order; none when there are more than a business document has. */
export const findLabels = <Field extends string>(
  phrases: readonly Phrase[],
  lexicon: Lexicon<Field>,
): FoundLabel<Field>[] => {
  const labels = phrases.flatMap((phrase) => labelsIn(phrase, lexicon))
  return labels.length > MOST_LABELS ? [] : labels
}

/** Whether nothing but an amount follows a label in its phrase: then it is one, and not the beginning of a sentence. */
export const isBare = ({ rest }: { rest: Token[] }): boolean =>
  rest.length === 0 || parseAmount(rest.map(({ text }) => text).join(' '), null) !== null
