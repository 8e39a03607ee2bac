import { type Box, type QuarterTurns, type Size, turnBack, unionBox } from '../geometry.ts'
import type { FoundLine, FoundWord } from '../layout.ts'
import { type FoundField, holds, missingWords } from './form-fields.ts'
import { withMarkGlyphs } from './mark-glyphs.ts'
import { type FoundMark, isPartOf, markText } from './marks.ts'

/** Things are on one line when they share so much of the height of the lower one. */
const SAME_LINE = 0.5

/** The label of a square that is drawn is not further away than so many of its sides. */
const FARTHEST_LABEL = 8

/** What is nearer than so many of its heights goes into the line, what is further away is a line of its own. */
const IN_LINE = 3

type Placed = { line: FoundLine; box: Box }

const gapBetween = (a: Box, b: Box): number => Math.max(a.x - b.x - b.width, b.x - a.x - a.width, 0)

const isBeside = (a: Box, b: Box): boolean => {
  const shared = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return shared >= SAME_LINE * Math.min(a.height, b.height)
}

/** The line at whose height a box stands, nearest first, and otherwise the one above or below. */
const nearestLine = (box: Box, lines: readonly Placed[]): { place: Placed; isBeside: boolean } | null => {
  const beside = lines.filter((each) => isBeside(box, each.box))
  const [near] = beside.toSorted((a, b) => gapBetween(box, a.box) - gapBetween(box, b.box))
  if (near) return { place: near, isBeside: true }
  const away = (other: Box) => Math.abs(other.y + other.height / 2 - box.y - box.height / 2)
  const [next] = lines.toSorted(
    (a, b) => away(a.box) - away(b.box) + (gapBetween(box, a.box) - gapBetween(box, b.box)) / 4,
  )
  return next ? { place: next, isBeside: false } : null
}

/**
 * Puts words that were found apart from the text into its lines: into the one they stand in, or as one of their own before or after the nearest.
 * @param upright a box as it is once the text is upright
 */
export const placeWords = (
  lines: readonly FoundLine[],
  words: readonly FoundWord[],
  turns: QuarterTurns,
  upright: (box: Box) => Box,
): FoundLine[] => {
  const boxOf = (line: FoundLine) => unionBox(line.words.map((word) => upright(word.box)))
  const placed: Placed[] = lines.filter((line) => line.words.length > 0).map((line) => ({ line, box: boxOf(line) }))
  for (const word of words) {
    const box = upright(word.box)
    const found = nearestLine(box, placed)
    const gap = found ? gapBetween(box, found.place.box) : 0
    if (found?.isBeside && gap < IN_LINE * box.height) {
      const { place } = found
      const at = place.line.words.findIndex((other) => upright(other.box).x > box.x)
      place.line = { ...place.line, words: place.line.words.toSpliced(at < 0 ? place.line.words.length : at, 0, word) }
      place.box = unionBox([place.box, box])
      continue
    }
    const isAfter = found && (found.isBeside ? box.x > found.place.box.x : box.y > found.place.box.y)
    const at = found ? placed.indexOf(found.place) + (isAfter ? 1 : 0) : 0
    placed.splice(at, 0, { line: { words: [word], turns }, box })
  }
  return placed.map(({ line }) => line)
}

/** The lines with what is written into a form, where its file has no picture of it. */
export const withFieldWords = (
  lines: readonly FoundLine[],
  fields: readonly FoundField[],
  turns: QuarterTurns,
  size: Size,
): FoundLine[] => {
  if (fields.length === 0) return [...lines]
  const missing = missingWords(
    fields,
    lines.flatMap((line) => line.words),
  )
  return missing.length === 0
    ? [...lines]
    : placeWords(lines, missing.flat(), turns, (box) => turnBack(box, size, turns))
}

/** The lines with their selection marks: those that are glyphs of a font, and those that were found otherwise. */
export const withMarks = (
  lines: readonly FoundLine[],
  marks: readonly FoundMark[],
  turns: QuarterTurns,
  size: Size,
): FoundLine[] => placeMarks(withMarkGlyphs(lines), marks, turns, size)

/** What ticks a box, written with a letter. */
const TICK = /^[xX×✓✔✗✘vV/•●■\uE000-\uF8FF]$/u

/** A square with another letter in it is something else: a key, a node of a diagram. */
const isOther = (mark: FoundMark, words: readonly FoundWord[]): boolean =>
  !mark.isSure && words.some(({ text, box }) => !TICK.test(text) && holds(mark.box, box))

/** Puts selection marks into the lines; what stands in their boxes goes, and squares without a label beside them are none. */
const placeMarks = (
  lines: readonly FoundLine[],
  found: readonly FoundMark[],
  turns: QuarterTurns,
  size: Size,
): FoundLine[] => {
  const all = lines.flatMap((line) => line.words)
  const marks = found.filter((mark) => !isOther(mark, all))
  if (marks.length === 0) return [...lines]
  const upright = (box: Box) => turnBack(box, size, turns)
  const isMark = ({ text, box }: FoundWord) => marks.some((mark) => isPartOf(text, box, mark))
  const bare = lines.map((line) => ({ ...line, words: line.words.filter((word) => !isMark(word)) }))
  const words = bare.flatMap((line) => (line.turns === turns ? line.words : [])).map(({ box }) => upright(box))
  const isLabelled = (box: Box) =>
    words.some((other) => isBeside(box, other) && gapBetween(box, other) < FARTHEST_LABEL * box.width)
  const placed = marks
    .filter(({ isSure, box }) => isSure || isLabelled(upright(box)))
    .map(({ state, box, confidence }) => {
      const mark = all.some((word) => TICK.test(word.text) && holds(box, word.box)) ? 'selected' : state
      return { text: markText(mark), box, confidence, mark }
    })
  return placeWords(bare, placed, turns, upright)
}
