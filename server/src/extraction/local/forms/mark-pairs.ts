import { right, type TextRow, type Token } from '../structure/token.ts'
import { endsWithColon } from './label.ts'
import type { FoundPair, PageOfPairs } from './pairs.ts'

/** A label has no more words, and is no further from its mark than so many letters. */
const LONGEST = 10
const FARTHEST = 7

/** One side is so much nearer than the other that the label is there. */
const NEARER = 1.5

type Side = 'left' | 'right'
type Beside = { tokens: Token[]; gap: number }

/** The words on one side of a mark, as far as the next mark, the next wide gap, or a question. */
const wordsBeside = (row: TextRow, at: number, side: Side, { scale }: PageOfPairs): Beside => {
  const step = side === 'right' ? 1 : -1
  const tokens: Token[] = []
  let [last, gap] = [row.tokens[at] as Token, Infinity]
  for (let place = at + step; ; place += step) {
    const token = row.tokens[place]
    if (!token || token.mark || (side === 'left' && tokens.length > 0 && endsWithColon(token))) break
    const between = side === 'right' ? token.box.x - right(last.box) : last.box.x - right(token.box)
    if (between > (tokens.length === 0 ? FARTHEST * scale.character : scale.space)) break
    if (tokens.length === 0) gap = Math.max(between, 0)
    tokens.push(token)
    last = token
  }
  return { tokens: side === 'right' ? tokens : tokens.toReversed(), gap }
}

/** The side that is clear for a mark, from what is near it. */
const clearSide = (left: Beside, after: Beside): Side | undefined => {
  if (left.tokens.length === 0 && after.tokens.length === 0) return undefined
  if (left.gap > NEARER * after.gap) return 'right'
  return after.gap > NEARER * left.gap ? 'left' : undefined
}

/** The options of a form: each mark with the words that stand on that side of it on which most marks of the page have theirs. */
export const markPairs = (page: PageOfPairs, rows: readonly TextRow[]): FoundPair[] => {
  const marks = rows.flatMap((row) =>
    row.tokens.flatMap((token, at) => {
      if (!token.mark) return []
      const [left, after] = [wordsBeside(row, at, 'left', page), wordsBeside(row, at, 'right', page)]
      return [{ token, left, right: after, side: clearSide(left, after) }]
    }),
  )
  const lefts = marks.filter(({ side }) => side === 'left').length
  const usual: Side = lefts > marks.filter(({ side }) => side === 'right').length ? 'left' : 'right'
  return marks.flatMap(({ token, side, ...beside }) => {
    const { tokens } = beside[side ?? usual]
    const isName = tokens.some(({ text }) => /\p{L}/u.test(text)) && tokens.length <= LONGEST
    return isName ? [{ key: tokens, value: [token], evidence: 'mark', confidence: side === usual ? 0.9 : 0.8 }] : []
  })
}
