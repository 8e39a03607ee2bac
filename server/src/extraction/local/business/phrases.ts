import { type Box, unionBox } from '../geometry.ts'
import type { Rulings } from '../structure/rulings.ts'
import type { Scale } from '../structure/scale.ts'
import { bottom, centre, right, rowsOf, type TextRow, type Token } from '../structure/token.ts'
import { fold } from './fold.ts'

/** Words that stand together in one line: a label, a value, or a label with its value. `keys` are its words, folded. */
export type Phrase = { tokens: Token[]; keys: string[]; text: string; box: Box }

/** Words of larger letters are apart from a gap of so many of their heights on: fonts of fixed width have one of 0.8. */
const APART = 1.2

/** A part of a word, with its share of the word's box. */
const partOf = ({ index, text, box, span }: Token, from: number, to: number): Token => {
  const width = box.width / text.length
  return {
    index,
    text: text.slice(from, to),
    box: { ...box, x: box.x + from * width, width: (to - from) * width },
    span: { offset: span.offset + from, length: to - from },
  }
}

/** "No.:123" is a label and its value, and so is "#123"; 13:59 and https://… are not. */
const splitAt = (text: string): number => {
  if (/^#[\p{L}\p{N}]/u.test(text)) return 1
  const colon = text.indexOf(':')
  if (colon < 1 || colon === text.length - 1 || text.startsWith('//', colon + 1)) return 0
  return /[\p{L}.#)º°]/u.test(text[colon - 1] as string) ? colon + 1 : 0
}

const piecesOf = (token: Token): Token[] => {
  const at = splitAt(token.text)
  return at === 0 ? [token] : [partOf(token, 0, at), ...piecesOf(partOf(token, at, token.text.length))]
}

/** Dots that lead from a label to its value, and bars between cells, are drawing. */
const isDrawing = ({ text }: Token): boolean => /^[._|…·—–-]{2,}$|^[|:—]$/.test(text)

export const phraseOf = (tokens: Token[]): Phrase => ({
  tokens,
  keys: tokens.map(({ text }) => fold(text)),
  text: tokens.map(({ text }) => text).join(' '),
  box: unionBox(tokens.map(({ box }) => box)),
})

/** The runs of a row, apart where there is a wide gap or a line between. */
const runsIn = (row: TextRow, scale: Scale, { down }: Rulings): Token[][] => {
  const runs: Token[][] = []
  for (const token of row.tokens) {
    const last = runs.at(-1)?.at(-1)
    const start = token.box.x
    const end = last ? right(last.box) : 0
    const gap = Math.max(scale.space, APART * Math.max(token.box.height, last?.box.height ?? 0))
    const { y } = centre(token.box)
    const isRuled = down.some(({ at, from, to }) => at > end && at < start && from < y && to > y)
    if (last && start - end < gap && !isRuled) runs.at(-1)?.push(token)
    else runs.push([token])
  }
  return runs
}

/** The phrases of a page, row by row. */
export const phrasesOf = (tokens: readonly Token[], scale: Scale, rulings: Rulings): Phrase[] =>
  rowsOf(tokens)
    .flatMap((row) => runsIn(row, scale, rulings))
    .map((run) => run.filter((token) => !isDrawing(token)).flatMap(piecesOf))
    .filter((run) => run.length > 0)
    .map(phraseOf)

/** Phrases stand in one line when they share so much of the lower one's height. */
const SAME_LINE = 0.5

export const isSameLine = (a: Box, b: Box): boolean =>
  Math.min(bottom(a), bottom(b)) - Math.max(a.y, b.y) >= SAME_LINE * Math.min(a.height, b.height)

/** What stands in the line of a box on its right, the nearest first. */
export const rightOf = (box: Box, phrases: readonly Phrase[]): Phrase[] =>
  phrases
    .filter((other) => other.box.x >= right(box) - 0.2 * box.height && isSameLine(box, other.box))
    .toSorted((a, b) => a.box.x - b.box.x)

/** Whether two boxes above each other begin, end or stand in the middle alike, or one lies within the width of the other. */
const isAligned = (a: Box, b: Box, tolerance: number): boolean =>
  Math.abs(a.x - b.x) < tolerance ||
  Math.abs(right(a) - right(b)) < tolerance ||
  Math.abs(centre(a).x - centre(b).x) < tolerance

/** What stands under a box, aligned with it, the nearest first, not further away than `farthest`. */
export const below = (box: Box, phrases: readonly Phrase[], tolerance: number, farthest: number): Phrase[] =>
  phrases
    .filter(({ box: other }) => {
      const gap = other.y - bottom(box)
      return (
        gap > -0.3 * box.height && gap < farthest && centre(other).y > bottom(box) && isAligned(box, other, tolerance)
      )
    })
    .toSorted((a, b) => a.box.y - b.box.y)
