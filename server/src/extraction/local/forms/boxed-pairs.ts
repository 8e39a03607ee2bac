import type { Box } from '../geometry.ts'
import type { Ruling } from '../structure/rulings.ts'
import { bottom, centre, isInside, right, rowsOf, type Token } from '../structure/token.ts'
import { endsWithColon, isKnownLabel, isLabel, isProse, sizeOf, textOf } from './label.ts'
import type { FoundPair, PageOfPairs } from './pairs.ts'
import type { Segments } from './segments.ts'

/** What a ruled box has in it. */
export type Cell = { box: Box; tokens: Token[] }

/** Letters of a label are at most so large, of those of its answer: smaller print is what asks. */
const SMALL_PRINT = 0.9

/** An answer has so many lines at most; a box is so many lines high. */
const MOST_LINES = 4
const HIGHEST = 9

/** A label stands in the upper part of its box; with nothing below it there is place for an answer. */
const UPPER = 0.45
const PLACE = 2.2

/** Where so many boxes have pairs, the others have too. */
const AMONG = 0.6

/** How sure a pair in a box is: by small print and by the word, by one of them, and with nothing in the box. */
const CONFIDENCE = { both: 0.92, one: 0.8, blank: 0.8 }

/** Whether words stand so far up in a box that an answer goes below them. */
const hasPlace = (words: Box, box: Box): boolean =>
  centre(words).y < box.y + UPPER * box.height && box.height > PLACE * words.height

/** @param isAmongOthers: then a label that nobody knows may be blank too */
const boxedPair = ({ box, tokens }: Cell, isAmongOthers: boolean): FoundPair | null => {
  const [first, ...rest] = rowsOf(tokens)
  if (!first || rest.length > MOST_LINES || tokens.some(({ mark }) => mark)) return null
  // The place first: what a label is takes longer to say, and hardly a cell of a list has place for more than is in it.
  if (rest.length === 0 && !hasPlace(first.box, box)) return null
  const [key, value] = [first.tokens, rest.flatMap((row) => row.tokens)]
  const label = textOf(key)
  if (!isLabel(label) || isProse(textOf(value))) return null
  const isKnown = isKnownLabel(label) || endsWithColon(key.at(-1) as Token)
  if (value.length === 0) {
    const isBlank = (isKnown || isAmongOthers) && !endsWithColon(key.at(-1) as Token)
    return isBlank ? { key, value, evidence: 'boxed', confidence: CONFIDENCE.blank } : null
  }
  const isSmall = sizeOf(key) <= SMALL_PRINT * sizeOf(value)
  if (!isKnown && !isSmall) return null
  return { key, value, evidence: 'boxed', confidence: isKnown && isSmall ? CONFIDENCE.both : CONFIDENCE.one }
}

/** The pairs in boxes that have their labels above their answers. */
export const boxedPairs = (cells: readonly Cell[]): FoundPair[] => {
  const sure = cells.flatMap((cell) => boxedPair(cell, false) ?? [])
  return sure.length < AMONG * cells.length ? sure : cells.flatMap((cell) => boxedPair(cell, true) ?? [])
}

const nearest = (lines: readonly Ruling[], across: number, from: number, step: 1 | -1): number | undefined => {
  let found: number | undefined
  for (const line of lines) {
    const isThere = line.from <= across && line.to >= across && (line.at - from) * step > 0
    if (isThere && (found === undefined || (line.at - found) * step < 0)) found = line.at
  }
  return found
}

/** The lines around a place, when there are four. */
const boxAround = ({ x, y }: { x: number; y: number }, { rulings, scale }: PageOfPairs): Box | null => {
  const [top, end] = [nearest(rulings.across, x, y, -1), nearest(rulings.across, x, y, 1)]
  if (top === undefined || end === undefined || end - top > HIGHEST * scale.height) return null
  const [left, after] = [nearest(rulings.down, y, x, -1), nearest(rulings.down, y, x, 1)]
  if (left === undefined || after === undefined) return null
  return { x: left, y: top, width: after - left, height: end - top }
}

/** The boxes that words stand in which are in no table. */
export const cellsAround = (page: PageOfPairs, free: readonly Token[]): Cell[] => {
  if (page.rulings.down.length < 2 || page.rulings.across.length < 2) return []
  const cells = new Map<string, Cell>()
  for (const token of free) {
    const box = boxAround(centre(token.box), page)
    if (!box || right(token.box) > right(box) + token.box.height || bottom(token.box) > bottom(box) + token.box.height)
      continue
    const key = `${box.x} ${box.y} ${box.width} ${box.height}`
    const cell = cells.get(key)
    if (cell) cell.tokens.push(token)
    else cells.set(key, { box, tokens: [token] })
  }
  return [...cells.values()]
}

/** A box to write in stands so near behind its label, in letters, and is so long and so high at least and at most, in letters and lines. */
const BEHIND = 30
const SHORTEST = 5
const LOWEST = 0.8
const TALLEST = 2

/** Labels outside of boxes, and what stands in the box behind each. */
export const besideBoxes = (page: PageOfPairs, { all }: Segments): FoundPair[] => {
  const { character, height } = page.scale
  return all.flatMap(({ tokens, box }) => {
    const { y } = centre(box)
    const edge = nearest(page.rulings.down, y, right(box), 1)
    if (edge === undefined || edge - right(box) > BEHIND * character || boxAround(centre(box), page)) return []
    const label = textOf(tokens)
    const isName = isLabel(label) && (isKnownLabel(label) || endsWithColon(tokens.at(-1) as Token))
    if (!isName || tokens.some(({ mark }) => mark)) return []
    const between = all.some((other) => other.box.x >= right(box) && right(other.box) <= edge && isLevel(other.box, y))
    const place = between ? null : boxAround({ x: edge + character / 4, y }, page)
    if (!place || place.width < SHORTEST * character) return []
    if (place.height < LOWEST * height || place.height > TALLEST * height) return []
    const value = page.tokens.filter((token) => isInside(token, place))
    const isAnswer = !isProse(textOf(value)) && !value.some(({ mark }) => mark)
    return isAnswer ? [{ key: tokens, value, evidence: 'boxed', confidence: CONFIDENCE.one }] : []
  })
}

const isLevel = (box: Box, y: number): boolean => box.y < y && bottom(box) > y
