import { bottom, right, type Token } from '../structure/token.ts'
import { endsWithColon, isKnownLabel, isLabel, isProse, isSentence, isTyped, sizeOf, textOf } from './label.ts'
import type { Evidence, FoundPair, Looking } from './pairs.ts'
import { above, below, nextOf, type Segment } from './segments.ts'
import { hasBullet, type Piece, splitLine } from './split-line.ts'

/** An answer further away than so many letters is no answer. */
const FARTHEST = 45

/** Letters that are so much larger than most are those of headings. */
const HEADING = 1.35

/** An address has so many lines at most. */
const MOST_LINES = 5

const isMark = ({ mark }: Token): boolean => mark !== undefined

const hasLabel = ({ tokens }: Segment): boolean => tokens.some(endsWithColon)

const isAligned = (a: number, b: number, { scale }: Looking): boolean => Math.abs(a - b) < scale.character

/** The lines below an answer that go on with it: they begin where it does, and to their left is nothing. */
const continued = (segment: Segment, x: number, looking: Looking): Token[] => {
  const { rows } = looking.segments
  const more: Token[] = []
  let last = segment
  for (let line = 1; line < MOST_LINES; line += 1) {
    const [next] = below(last, looking.segments).filter(({ box }) => isAligned(box.x, x, looking))
    const isFirst =
      next && rows[next.row]?.every(({ box }) => box.x >= next.box.x || right(box) < x - 60 * looking.scale.character)
    if (!next || !isFirst || hasLabel(next) || next.tokens.some(isMark)) break
    more.push(...next.tokens)
    last = next
  }
  return more
}

/** A line of text above that goes on in this one, or one below that goes on with it: a colon in a text. */
const isInText = (segment: Segment, { key, value }: Piece, looking: Looking): boolean => {
  const [up] = above(segment, looking.segments)
  const [down] = below(segment, looking.segments)
  const isText = (other: Segment | undefined) =>
    other !== undefined &&
    !hasLabel(other) &&
    isAligned(other.box.x, segment.box.x, looking) &&
    other.tokens.length >= 6
  const words = key.length + value.length
  return (isText(up) && !/[.:!?]$/.test(up?.tokens.at(-1)?.text ?? '')) || (isText(down) && words >= 6)
}

type Candidate = FoundPair & { segment: Segment }

/** What is said for it beside the colon: a known label, an answer like a number, more of the same above or below. */
const CONFIDENCE = { colon: 0.7, beside: 0.75, below: 0.6 } as const
const FOR_KNOWN = 0.12
const FOR_TYPED = 0.06
const FOR_NEIGHBOUR = 0.08

const rated = (candidates: Candidate[], looking: Looking): FoundPair[] =>
  candidates.flatMap(({ segment, ...pair }) => {
    const key = textOf(pair.key)
    const isNeighbour = (other: Candidate) =>
      other.segment !== segment &&
      Math.abs(other.segment.row - segment.row) <= 2 &&
      (other.segment.row === segment.row || isAligned(other.segment.box.x, segment.box.x, looking))
    const known = isKnownLabel(key)
    const typed = isTyped(textOf(pair.value))
    const neighbour = candidates.some(isNeighbour)
    const isParted = pair.evidence !== 'colon'
    if (!known && !typed && !neighbour && !isParted) return []
    const isTold = hasBullet(segment.tokens) || isSentence(textOf(pair.value))
    if (isTold && !known && !typed) return []
    const sum = (known ? FOR_KNOWN : 0) + (typed ? FOR_TYPED : 0) + (neighbour ? FOR_NEIGHBOUR : 0)
    return [{ ...pair, confidence: pair.confidence + sum }]
  })

const pairOf = (key: Token[], value: Token[], evidence: keyof typeof CONFIDENCE, segment: Segment): Candidate => ({
  key,
  value,
  evidence: evidence satisfies Evidence,
  confidence: CONFIDENCE[evidence],
  segment,
})

/** The answer right of a label that ends its segment. */
const beside = (key: Token[], segment: Segment, looking: Looking): Candidate[] => {
  const next = nextOf(segment, looking.segments)
  if (!next || next.box.x - right(segment.box) > FARTHEST * looking.scale.character) return []
  if (hasLabel(next) || next.tokens.some(isMark) || isProse(textOf(next.tokens))) return []
  return [pairOf(key, [...next.tokens, ...continued(next, next.box.x, looking)], 'beside', segment)]
}

/** The answer under a label that has nothing on its right: its lines begin where the label does, and are short. */
const under = (key: Token[], segment: Segment, looking: Looking): Candidate[] => {
  const [next] = below(segment, looking.segments)
  const first = key[0]
  if (!next || !first || !isAligned(next.box.x, first.box.x, looking) || next.tokens.some(isMark)) return []
  if (hasLabel(next) || hasBullet(next.tokens) || next.tokens.length > 6 || isProse(textOf(next.tokens))) return []
  if (!isKnownLabel(textOf(key)) || next.box.y - bottom(segment.box) > segment.box.height) return []
  return [pairOf(key, [...next.tokens, ...continued(next, next.box.x, looking)], 'below', segment)]
}

const candidatesIn = (segment: Segment, looking: Looking, usual: number): Candidate[] =>
  splitLine(segment.tokens).flatMap((piece) => {
    const { key, value } = piece
    const text = textOf(value)
    if (!isLabel(textOf(key)) || value.some(isMark) || sizeOf(key) > HEADING * usual) return []
    if (value.length === 0) {
      const found = beside(key, segment, looking)
      return found.length > 0 || nextOf(segment, looking.segments) ? found : under(key, segment, looking)
    }
    if (!/[\p{L}\p{N}]/u.test(text) || isProse(text) || isInText(segment, piece, looking)) return []
    const more = continued(segment, value[0]?.box.x ?? 0, looking)
    return [pairOf(key, [...value, ...more], 'colon', segment)]
  })

/** Labels that end in a colon, with what stands behind, beside or below them. */
export const colonPairs = (looking: Looking): FoundPair[] => {
  const labelled = looking.segments.all.filter(hasLabel)
  if (labelled.length === 0) return []
  const usual = sizeOf(looking.tokens)
  return rated(
    labelled.flatMap((segment) => candidatesIn(segment, looking, usual)),
    looking,
  )
}
