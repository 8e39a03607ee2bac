import type { KeyValuePair } from '@adp/contract/result-fields.ts'
import { type QuarterTurns, unionBox } from '../geometry.ts'
import type { LocalPage } from '../local-page.ts'
import { regionOf, spansOf } from '../structure/region.ts'
import type { Token } from '../structure/token.ts'
import { textOf } from './label.ts'
import type { FoundPair } from './pairs.ts'

/** Pairs as Azure gives them: without a value where it is blank. */
export const toAzurePairs = (pairs: readonly FoundPair[], page: LocalPage, turns: QuarterTurns): KeyValuePair[] => {
  const element = (tokens: Token[]) => ({
    content: textOf(tokens),
    boundingRegions: [regionOf(unionBox(tokens.map(({ box }) => box)), page, turns)],
    spans: spansOf(tokens),
  })
  /** What was read badly is known badly. */
  const readAs = (tokens: Token[]) =>
    tokens.reduce((sum, { index }) => sum + (page.words[index]?.confidence ?? 1), 0) / Math.max(1, tokens.length)
  return pairs.map(({ key, value, confidence }) => ({
    key: element(key),
    ...(value.length > 0 ? { value: element(value) } : {}),
    confidence: Math.round(1000 * confidence * readAs([...key, ...value])) / 1000,
  }))
}
