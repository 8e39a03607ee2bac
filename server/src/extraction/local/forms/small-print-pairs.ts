import { bottom } from '../structure/token.ts'
import { isKnownLabel, isLabel, isProse, isTooLong, sizeOf, textOf } from './label.ts'
import type { FoundPair, Looking } from './pairs.ts'
import { below, type Segment } from './segments.ts'

/** Letters of labels are at most so large, of those of the answers below them; and so near above them, of their height. */
const SMALL_PRINT = 0.8
const NEAR = 1.2

/** Fewer on a page may be a caption, or a line of small print above a heading; so many of them have a known label. */
const FEWEST = 3
const FEWEST_KNOWN = 2

const CONFIDENCE = { known: 0.82, likely: 0.7 }

const pairAt = (label: Segment, { segments, scale }: Looking): FoundPair[] => {
  if (isTooLong(label.tokens)) return []
  const [answer, other] = below(label, segments)
  if (!answer || other || Math.abs(answer.box.x - label.box.x) > scale.character) return []
  if (answer.box.y - bottom(label.box) > NEAR * answer.box.height) return []
  // The size first: what a label is takes longer to say, and nearly all lines are as large as the next.
  if (sizeOf(label.tokens) > SMALL_PRINT * sizeOf(answer.tokens)) return []
  const name = textOf(label.tokens)
  if ([...label.tokens, ...answer.tokens].some(({ mark }) => mark)) return []
  if (!isLabel(name) || isProse(textOf(answer.tokens))) return []
  const confidence = isKnownLabel(name) ? CONFIDENCE.known : CONFIDENCE.likely
  return [{ key: label.tokens, value: answer.tokens, evidence: 'below', confidence }]
}

/** Labels in small print over their answers, as cards and letterheads have them, without a line around them. */
export const smallPrintPairs = (looking: Looking): FoundPair[] => {
  const found = looking.segments.all.flatMap((segment) => pairAt(segment, looking))
  const known = found.filter(({ key }) => isKnownLabel(textOf(key))).length
  return found.length >= FEWEST && known >= FEWEST_KNOWN ? found : []
}
