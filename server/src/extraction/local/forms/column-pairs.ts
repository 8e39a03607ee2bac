import { right } from '../structure/token.ts'
import { isKnownLabel, isLabel, isProse, textOf } from './label.ts'
import type { FoundPair, Looking } from './pairs.ts'
import type { Segment } from './segments.ts'

/** Fewer rows of words in two columns are no form; of its labels so many are known words. */
const FEWEST_ROWS = 3
const KNOWN = 0.6

/** Rows of a form are not further apart than so many of their heights. */
const FARTHEST_ROW = 3.2

const CONFIDENCE = 0.8

type Row = { label: Segment; answer: Segment }

const isAligned = (a: Segment, b: Segment, { scale }: Looking): boolean =>
  Math.abs(a.box.x - b.box.x) < scale.character || Math.abs(right(a.box) - right(b.box)) < scale.character

/** Labels and answers in two columns, without colons or lines, in no table: rows of just two pieces that stand below each other. */
export const columnPairs = (looking: Looking): FoundPair[] => {
  const groups: Row[][] = []
  for (const [label, answer, third] of looking.segments.rows) {
    if (!label || !answer || third || [...label.tokens, ...answer.tokens].some(({ mark }) => mark)) continue
    const last = groups.at(-1)?.at(-1)
    const isNext =
      last &&
      label.box.y - last.label.box.y < FARTHEST_ROW * Math.max(label.box.height, last.label.box.height) * 1.6 &&
      isAligned(last.label, label, looking) &&
      isAligned(last.answer, answer, looking)
    if (isNext) groups.at(-1)?.push({ label, answer })
    else groups.push([{ label, answer }])
  }
  return groups.flatMap((rows) => {
    const isForm = rows.every(({ label, answer }) => isLabel(textOf(label.tokens)) && !isProse(textOf(answer.tokens)))
    const known = rows.filter(({ label }) => isKnownLabel(textOf(label.tokens))).length
    if (rows.length < FEWEST_ROWS || !isForm || known < KNOWN * rows.length) return []
    return rows.map(({ label, answer }) => ({
      key: label.tokens,
      value: answer.tokens,
      evidence: 'columns' as const,
      confidence: CONFIDENCE,
    }))
  })
}
