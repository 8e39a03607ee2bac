import { type Box, unionBox } from '../geometry.ts'
import type { Rulings } from '../structure/rulings.ts'
import type { Scale } from '../structure/scale.ts'
import { bottom, centre, right, sortedBy, type TextRow, type Token } from '../structure/token.ts'

/** Words that stand together on one height: nothing parts them, neither white space nor a line. */
export type Segment = { tokens: Token[]; box: Box; row: number }

/** What words can be seen from one: those of its row from left to right, and those of the rows below. */
export type Segments = { all: Segment[]; rows: Segment[][] }

export const segmentOf = (tokens: Token[], row: number): Segment => ({
  tokens,
  box: unionBox(tokens.map((token) => token.box)),
  row,
})

/** A word with its label before it, without a space between, is two: "Date:12/03/2024". A time, a URL or a path is one. */
const GLUED = /^(\p{L}[\p{L}.ºª°/-]+[:：])([^\s:/\\].*)$/u

const isGlued = ({ text }: Token): boolean => /[:：]./u.test(text)

const splitGlued = (token: Token): Token[] => {
  if (!isGlued(token)) return [token]
  const [, label, value] = GLUED.exec(token.text) ?? []
  if (!label || !value || /^(?:https?|mailto|ftp|tel):$/i.test(label)) return [token]
  const { box, span } = token
  const share = label.length / token.text.length
  const part = (text: string, from: number, length: number): Token => ({
    ...token,
    text,
    box: { ...box, x: box.x + from * box.width, width: length * box.width },
    span: { offset: span.offset + (from > 0 ? label.length : 0), length: text.length },
  })
  return [part(label, 0, share), part(value, share, 1 - share)]
}

const isParted = (left: Box, after: Box, { down }: Rulings): boolean => {
  const y = centre(after).y
  return down.some(({ at, from, to }) => at > right(left) - left.height / 2 && at <= after.x && from <= y && to >= y)
}

/** Spaces between large letters are larger than most of the page's; they are less than this, of their height. */
const LARGE_SPACE = 1.1

/** The parts of a word are as high as it: they stay in its row, though another word may stand between them. */
const withoutGlue = (tokens: readonly Token[]): readonly Token[] =>
  tokens.some(isGlued) ? sortedBy(tokens.flatMap(splitGlued), ({ box }) => box.x) : tokens

/** @param scale of the page: words that are further apart than its `space` are in two segments */
export const segmentsOf = (lines: readonly TextRow[], rulings: Rulings, scale: Scale): Segments => {
  const rows = lines.map((line, index) => {
    const runs: Token[][] = []
    for (const token of withoutGlue(line.tokens)) {
      const last = runs.at(-1)?.at(-1)
      const space = Math.max(scale.space, LARGE_SPACE * Math.min(last?.box.height ?? 0, token.box.height))
      const joins = last && token.box.x - right(last.box) < space && !isParted(last.box, token.box, rulings)
      if (joins) runs.at(-1)?.push(token)
      else runs.push([token])
    }
    return runs.map((run) => segmentOf(run, index))
  })
  return { all: rows.flat(), rows }
}

/** The next segment to the right. */
export const nextOf = (segment: Segment, { rows }: Segments): Segment | undefined =>
  rows[segment.row]?.find(({ box }) => box.x >= right(segment.box) - segment.box.height / 4)

/** Lines that are further apart than so many heights of the higher one's letters do not belong together. */
const NEXT_LINE = 1.4

const isAlign = (a: Box, b: Box): boolean => a.x < right(b) && b.x < right(a)

const isNear = (up: Box, down: Box): boolean => down.y - bottom(up) < NEXT_LINE * Math.max(up.height, down.height)

/** What stands on the line right below, in the order from the left. */
export const below = ({ box, row }: Segment, { rows }: Segments): Segment[] => {
  for (const segments of rows.slice(row + 1, row + 4)) {
    const found = segments.filter((other) => isAlign(box, other.box))
    if (found.length > 0) return found.filter((other) => isNear(box, other.box))
  }
  return []
}

export const above = ({ box, row }: Segment, { rows }: Segments): Segment[] => {
  for (const segments of rows.slice(Math.max(0, row - 3), row).toReversed()) {
    const found = segments.filter((other) => isAlign(box, other.box))
    if (found.length > 0) return found.filter((other) => isNear(other.box, box))
  }
  return []
}
