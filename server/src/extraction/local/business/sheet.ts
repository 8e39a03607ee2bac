import type { LocalPage } from '../local-page.ts'
import type { FoundTable } from '../structure/grid.ts'
import type { Rulings } from '../structure/rulings.ts'
import type { Scale } from '../structure/scale.ts'
import type { Token } from '../structure/token.ts'
import { type Conventions, conventionsOf } from './conventions.ts'
import { type FoundLabel, findLabels } from './labels.ts'
import type { Lexicon } from './lexicon.ts'
import { type Phrase, phrasesOf } from './phrases.ts'

/** A page as it is looked at for fields. `size` is that of the page with its text upright. */
export type Sheet<Field extends string> = Conventions & {
  phrases: Phrase[]
  labels: FoundLabel<Field>[]
  /** The phrases that begin with a label: no value of another one. */
  labelled: ReadonlySet<Phrase>
  tables: readonly FoundTable[]
  scale: Scale
  size: { width: number; height: number }
  /** Whether words were read by OCR, which takes one digit for another. */
  isScan: boolean
  /** How surely words were read, 0 to 1. */
  readConfidence(tokens: readonly Token[]): number
}

export type SheetSource = {
  tokens: readonly Token[]
  words: LocalPage['words']
  tables: readonly FoundTable[]
  rulings: Rulings
  scale: Scale
  size: { width: number; height: number }
}

/** Whether a phrase is one by its label: a weak one alone is, but what follows it may make it something else. */
const isLabel = ({ from, isWeak, rest }: FoundLabel<string>): boolean => from === 0 && (!isWeak || rest.length === 0)

export const sheetOf = <Field extends string>(source: SheetSource, lexicon: Lexicon<Field>): Sheet<Field> => {
  const { tables, scale, size, words } = source
  const phrases = phrasesOf(source.tokens, scale, source.rulings)
  const labels = findLabels(phrases, lexicon)
  const labelled = new Set(labels.filter(isLabel).map(({ phrase }) => phrase))
  const readConfidence = (tokens: readonly Token[]) =>
    tokens.reduce((least, { index }) => Math.min(least, words[index]?.confidence ?? 0), 1)
  const isScan = words.some(({ confidence }) => confidence < 1)
  return { ...conventionsOf(phrases, labels), isScan, phrases, labels, labelled, tables, scale, size, readConfidence }
}
