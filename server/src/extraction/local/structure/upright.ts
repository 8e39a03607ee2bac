import type { FoundField } from '../forms/form-fields.ts'
import { isMarkState, markText } from '../forms/marks.ts'
import { type Box, type QuarterTurns, turnBack } from '../geometry.ts'
import type { LocalPage } from '../local-page.ts'
import { mergeRulings, type Ruling, type Rulings } from './rulings.ts'
import type { Scale } from './scale.ts'
import type { Token } from './token.ts'

/** A line as a reader found it, in the page as it lies: without width or without height. */
export type Line = { x1: number; y1: number; x2: number; y2: number }

/** A line may be off its axis by this share of its length. */
const STRAIGHT = 0.01

/** Of the height of the text: edges closer than this are one line; shorter lines are marks, or parts of letters. */
const SAME_LINE = 0.25
const SHORTEST = 0.8

/** By how many quarters a word is turned: the way from its first corner to the second is the way the text runs. */
const turnsOf = (polygon: readonly number[]): QuarterTurns => {
  const [x1, y1, x2, y2] = [polygon[0] ?? 0, polygon[1] ?? 0, polygon[2] ?? 0, polygon[3] ?? 0]
  if (Math.abs(x2 - x1) >= Math.abs(y2 - y1)) return x2 >= x1 ? 0 : 2
  return y2 > y1 ? 1 : 3
}

/** Two opposite corners are enough: every word's box is upright. */
const boxOf = (polygon: readonly number[]): Box => {
  const [x1, y1, x3, y3] = [polygon[0] ?? 0, polygon[1] ?? 0, polygon[4] ?? 0, polygon[5] ?? 0]
  const [x, y] = [Math.min(x1, x3), Math.min(y1, y3)]
  return { x, y, width: Math.max(x1, x3) - x, height: Math.max(y1, y3) - y }
}

/**
 * The words and selection marks of a page whose text is turned by `turns`, as they stand when it is upright; a stamp that is turned otherwise
 * is left out.
 */
export const uprightTokens = (page: LocalPage, turns: QuarterTurns): Token[] => {
  const upright = (polygon: number[]) => turnBack(boxOf(polygon), page, turns)
  const tokens: Token[] = []
  for (const [index, { content, polygon, span }] of page.words.entries())
    if (turnsOf(polygon) === turns) tokens.push({ index, text: content, box: upright(polygon), span })
  for (const { state, polygon, span } of page.selectionMarks ?? [])
    if (polygon && isMarkState(state))
      tokens.push({ index: -1, text: markText(state), box: upright(polygon), span, mark: state })
  return tokens
}

/** Where the fields of a form stand once the page's text is upright. */
export const uprightFields = (fields: readonly FoundField[], page: LocalPage, turns: QuarterTurns): FoundField[] =>
  fields.map((field) => ({ ...field, box: turnBack(field.box, page, turns) }))

/** The lines of a page that run along an axis, in the same way, each once. */
export const uprightRulings = (
  lines: readonly Line[],
  { height }: Scale,
  page: LocalPage,
  turns: QuarterTurns,
): Rulings => {
  const found: { across: Ruling[]; down: Ruling[] } = { across: [], down: [] }
  for (const { x1, y1, x2, y2 } of lines) {
    const lying = { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) }
    const box = turnBack(lying, page, turns)
    if (box.height <= STRAIGHT * box.width)
      found.across.push({ at: box.y + box.height / 2, from: box.x, to: box.x + box.width })
    else if (box.width <= STRAIGHT * box.height)
      found.down.push({ at: box.x + box.width / 2, from: box.y, to: box.y + box.height })
  }
  const merge = (rulings: Ruling[]) => mergeRulings(rulings, SAME_LINE * height, SHORTEST * height)
  return { across: merge(found.across), down: merge(found.down) }
}
