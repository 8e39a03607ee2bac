import { type DecimalMark, markOf, parseAmount } from './amount.ts'
import { type Currency, currencyOf } from './currency.ts'
import { type DayOrder, orderProvedBy } from './date.ts'
import { fold } from './fold.ts'
import { LANGUAGES, type Language } from './lexicon.ts'
import type { Phrase } from './phrases.ts'

/** How a document writes: what tells 1.234 from 1,234 and April from March. `isOrderProved`: by another date of the document. */
export type Conventions = {
  mark: DecimalMark
  language: Language | null
  /** ISO 4217, where the document has one only. */
  currencyCode: string | null
  order: DayOrder
  isOrderProved: boolean
}

/** The key with the most votes; null when it has not more than every other. */
const winner = <Key>(votes: Map<Key, number>): Key | null => {
  const [first, second] = [...votes].toSorted((a, b) => b[1] - a[1])
  return first && first[1] > (second?.[1] ?? 0) ? first[0] : null
}

const count = <Key>(keys: readonly Key[]): Map<Key, number> => {
  const votes = new Map<Key, number>()
  for (const key of keys) votes.set(key, (votes.get(key) ?? 0) + 1)
  return votes
}

const languageOf = (labels: readonly { languages: Language[] }[]): Language | null => {
  const votes = new Map<Language, number>(LANGUAGES.map((language) => [language, 0]))
  for (const { languages } of labels)
    for (const language of languages) votes.set(language, (votes.get(language) ?? 0) + 1 / languages.length)
  return winner(votes)
}

/** Bare dollar signs are those of the one dollar that is named. */
const currencyCodeOf = (found: readonly Currency[]): string | null => {
  const named = new Set(found.filter(({ symbol }) => symbol !== '$').map(({ code }) => code))
  const dollars = [...named].filter((code) => code.endsWith('D'))
  if (found.some(({ symbol }) => symbol === '$') && dollars.length === 0) named.add('USD')
  return named.size === 1 ? ([...named][0] as string) : null
}

const NAMES_CURRENCY = new Set(['currency', 'moeda', 'divisa', 'wahrung', 'devise', 'moneda', 'valuta'])

/** The currency that a word says: with its amount, or as a code in brackets, beside an amount, or after the word for it. "TRY" may be anything. */
const currencyAt = (words: readonly string[], index: number): Currency | null => {
  const [text = '', before = '', after = ''] = [words[index], words[index - 1], words[index + 1]]
  const alone = currencyOf(text)
  if (!alone) return parseAmount(text, null)?.currency ?? null
  const isSaid = /^\(.*\)$/.test(text) || NAMES_CURRENCY.has(fold(before))
  const isBeside = [before, after].some((other) => parseAmount(other, null) !== null)
  return alone.symbol || isSaid || isBeside ? alone : null
}

/** "Redmond, WA 98052" */
const IN_THE_STATES =
  /\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? \d{5}(?:-\d{4})?\b/

const isAmerican = (texts: readonly string[], code: string | null): boolean =>
  code === 'USD' &&
  (texts.some((text) => IN_THE_STATES.test(text) || /\bsales tax\b|\bEIN\b/i.test(text)) ||
    !texts.some((text) => /\b(?:VAT|GST|HST|ABN)\b/.test(text)))

/** English is written with the day first everywhere but in the United States, and either way in Canada. */
const habitOf = (language: Language | null, code: string | null, texts: readonly string[]): DayOrder => {
  if (language !== null && language !== 'en') return 'day-first'
  if (isAmerican(texts, code)) return 'month-first'
  return code === null || code === 'USD' || code === 'CAD' ? 'either' : 'day-first'
}

/** @param labels that were found on the page: their languages are the document's */
export const conventionsOf = (
  phrases: readonly Phrase[],
  labels: readonly { languages: Language[] }[],
): Conventions => {
  const texts = phrases.map(({ text }) => text)
  const words = phrases.flatMap(({ tokens }) => tokens.map(({ text }) => text)).filter((text) => text.length <= 32)
  const mark = winner(count(words.filter((text) => parseAmount(text, null)).flatMap((text) => markOf(text) ?? [])))
  const currencies = words.flatMap((_, index) => currencyAt(words, index) ?? [])
  const currencyCode = currencyCodeOf(currencies)
  const language = languageOf(labels)
  const proofs = new Set(words.flatMap((text) => orderProvedBy(text.replace(/[,;]$/, '')) ?? []))
  const [proof] = proofs
  const isOrderProved = proofs.size === 1
  const order = isOrderProved && proof ? proof : proofs.size > 1 ? 'either' : habitOf(language, currencyCode, texts)
  return { mark, language, currencyCode, order, isOrderProved }
}
