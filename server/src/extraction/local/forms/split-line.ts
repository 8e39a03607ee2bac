import { median, right, type Token } from '../structure/token.ts'
import { endsWithColon, isKnownLabel, isLabel, isTyped, textOf } from './label.ts'

/** A label with its colon and what follows it on the same line, as far as the next label. */
export type Piece = { key: Token[]; value: Token[] }

/** White space before a label that is so much wider than between other words parts it from the answer before it. */
const WIDER = 1.6

const gapBefore = (tokens: readonly Token[], at: number): number => {
  const [before, after] = [tokens[at - 1], tokens[at]]
  return before && after ? after.box.x - right(before.box) : 0
}

const startsLikeLabel = ({ text }: Token): boolean => /^[\p{Lu}#№]/u.test(text)

/**
 * Where a label begins that ends at `end`, when an answer stands before it from `start` on: after the widest gap, at a word that names what is
 * asked for, or after one number. undefined: nobody knows.
 */
const labelStart = (tokens: readonly Token[], start: number, end: number): number | undefined => {
  const places = Array.from({ length: end - start }, (_, index) => start + 1 + index)
  const usual = median(tokens.slice(1).map((_, index) => gapBefore(tokens, index + 1)))
  const isOne = (at: number) => isLabel(textOf(tokens.slice(at, end + 1)))
  const [widest] = places.toSorted((a, b) => gapBefore(tokens, b) - gapBefore(tokens, a))
  if (widest && gapBefore(tokens, widest) > WIDER * usual && isOne(widest)) return widest
  const known = places.find(
    (at) => startsLikeLabel(tokens[at] as Token) && isKnownLabel((tokens[at] as Token).text) && isOne(at),
  )
  if (known) return known
  const [first] = places
  return first && isTyped(tokens[start]?.text ?? '') && startsLikeLabel(tokens[first] as Token) && isOne(first)
    ? first
    : undefined
}

/** What stands before a list's line: a bullet, a number, a letter. */
const BULLET = /^(?:[•▪●◦‣∙·*+–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)])$/

export const hasBullet = (tokens: readonly Token[]): boolean => BULLET.test(tokens[0]?.text ?? '')

/** A line in pieces, each of which begins with a label; none when it has no label, or when it is not clear where one begins. */
export const splitLine = (line: readonly Token[]): Piece[] => {
  const tokens = hasBullet(line) ? line.slice(1) : [...line]
  const colons = [...tokens.keys()].filter((index) => endsWithColon(tokens[index] as Token))
  const pieces: Piece[] = []
  let start: number | undefined = 0
  for (const [place, colon] of colons.entries()) {
    const next = colons[place + 1]
    const following: number | undefined = next === undefined ? tokens.length : labelStart(tokens, colon + 1, next)
    if (start !== undefined && following !== undefined)
      pieces.push({ key: tokens.slice(start, colon + 1), value: tokens.slice(colon + 1, following) })
    start = following
  }
  return pieces
}
