import type { KeyValuePair } from '@adp/contract/result-fields.ts'
import { type QuarterTurns, unionBox } from '../geometry.ts'
import type { LocalPage } from '../local-page.ts'
import { regionOf, spansOf } from '../structure/region.ts'
import type { Token } from '../structure/token.ts'
import { textOf } from './label.ts'
import type { FoundPair } from './pairs.ts'

/** Words that OCR knows less than this are noise: what it made of a row of dots. */
const WORTH_READING = 0.5

/** Pairs as Azure gives them: without a value where it is blank. */
export const toAzurePairs = (pairs: readonly FoundPair[], page: LocalPage, turns: QuarterTurns): KeyValuePair[] => {
  const element = (tokens: Token[]) => ({
    content: textOf(tokens),
    boundingRegions: [regionOf(unionBox(tokens.map(({ box }) => box)), page, turns)],
    spans: spansOf(tokens),
  })
  /** What was read badly is known badly. */
  const readAs = (tokens: Token[]) => {
    const sum = tokens.reduce((all, { index }) => all + (page.words[index]?.confidence ?? 1), 0)
    return tokens.length === 0 ? 1 : sum / tokens.length
  }
  const isRead = ({ key, value }: FoundPair) => Math.min(readAs(key), readAs(value)) >= WORTH_READING
  return pairs.filter(isRead).map(({ key, value, confidence, name }) => ({
    key: key.length > 0 ? element(key) : { content: name ?? '', spans: [] },
    ...(value.length > 0 ? { value: element(value) } : {}),
    confidence: Math.round(1000 * confidence * readAs([...key, ...value])) / 1000,
  }))
}
