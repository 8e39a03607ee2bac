import type { Ruling } from '../structure/rulings.ts'
import { bottom, centre, right, type TextRow, type Token } from '../structure/token.ts'
import { endsWithColon, isKnownLabel, isLabel, isProse, sizeOf, textOf } from './label.ts'
import type { FoundPair, PageOfPairs } from './pairs.ts'

/** What is to be written over: underscores, or dots. */
const FILL = /^(?:_{3,}|[.…]{4,}|…{2,})$/

/** A line to write on is as long as so many letters at least, and begins no further than so many behind its label. */
const SHORTEST = 5
const NEAR = 3

/** Beyond what is written on it the line goes on for so many letters: else it underlines it. */
const BEYOND = 2

/** Of the height of letters: how far above their feet, or below, the line may be. */
const ON_LINE = 0.6

/** A label below its line is so near, in lines, and so much smaller than what stands on it. */
const UNDER = 0.8
const SMALL_PRINT = 0.9

/** So many lines with labels that are known make a form. */
const FORM = 2

const CONFIDENCE = { sure: 0.9, likely: 0.75, filled: 0.85 }

/** The words that end at `end`, back to the next gap, colon, or what `stops`. */
const labelBefore = (
  tokens: readonly Token[],
  end: number,
  page: PageOfPairs,
  stops: (token: Token) => boolean,
): Token[] => {
  const label: Token[] = []
  for (let at = end; at >= 0; at -= 1) {
    const [token, next] = [tokens[at] as Token, label[0]]
    const isApart = next && next.box.x - right(token.box) >= page.scale.space
    if (isApart || token.mark || stops(token) || (next && endsWithColon(token))) break
    label.unshift(token)
  }
  return label
}

/** Labels before underscores or dots. Behind dots nothing stands: else they lead to it, as in a table of contents. */
const filledPairs = (rows: readonly TextRow[], page: PageOfPairs): FoundPair[] =>
  rows.flatMap(({ tokens }) =>
    tokens.flatMap((token, at) => {
      if (!FILL.test(token.text) || (/[.…]/.test(token.text) && tokens[at + 1])) return []
      const key = labelBefore(tokens, at - 1, page, ({ text }) => FILL.test(text))
      return key.length > 0 && isLabel(textOf(key))
        ? [{ key, value: [], evidence: 'blank', confidence: CONFIDENCE.filled }]
        : []
    }),
  )

const isOver = ({ box }: Token, { from, to }: Ruling): boolean => centre(box).x > from && centre(box).x < to

const standsOn = (box: TextRow['box'], { at }: Ruling): boolean =>
  at > box.y + ON_LINE * box.height && at < bottom(box) + ON_LINE * box.height

/** The label before a line to write on, and what is written on it. */
const linedPair = (
  ruling: Ruling,
  rows: readonly TextRow[],
  lines: readonly Ruling[],
  page: PageOfPairs,
): FoundPair[] => {
  const { character } = page.scale
  const row = rows.find(({ box }) => standsOn(box, ruling))
  if (!row) return []
  const value = row.tokens.filter((token) => isOver(token, ruling))
  const end = row.tokens.findLastIndex((token) => right(token.box) < ruling.from + character)
  const last = row.tokens[end]
  if (!last || ruling.from - right(last.box) > NEAR * character) return []
  const onLine = (token: Token) => lines.some((line) => isOver(token, line) && standsOn(token.box, line))
  const key = labelBefore(row.tokens, end, page, onLine)
  const written = textOf(value)
  const goesOn = value.length === 0 || ruling.to - right((value.at(-1) as Token).box) > BEYOND * character
  const isAsked = endsWithColon(last) || goesOn
  if (key.length === 0 || !isAsked || !isLabel(textOf(key)) || isProse(written) || value.some(({ mark }) => mark))
    return []
  const isSure = endsWithColon(last) || isKnownLabel(textOf(key))
  return [{ key, value, evidence: 'blank', confidence: isSure ? CONFIDENCE.sure : CONFIDENCE.likely }]
}

/** What stands on a line under which its label begins, in small print. */
const captionedPair = (ruling: Ruling, rows: readonly TextRow[], { scale }: PageOfPairs): FoundPair[] => {
  const on = rows.find(({ box }) => standsOn(box, ruling))
  if (!on) return []
  const under = rows.find(({ box }) => box.y > ruling.at && box.y - ruling.at < UNDER * scale.height)
  const value = on.tokens.filter((token) => isOver(token, ruling))
  const key = (under?.tokens ?? []).filter((token) => isOver(token, ruling))
  const [first] = key
  if (!first || value.length === 0 || Math.abs(first.box.x - ruling.from) > NEAR * scale.character) return []
  const isCaption = sizeOf(key) <= SMALL_PRINT * sizeOf(value) && isLabel(textOf(key)) && isKnownLabel(textOf(key))
  const isAnswer = !isProse(textOf(value)) && ![...key, ...value].some(({ mark }) => mark)
  return isCaption && isAnswer ? [{ key, value, evidence: 'blank', confidence: CONFIDENCE.likely }] : []
}

/** Labels before a place to write on: underscores, dots, a line. What is written there is the value; it may be blank. */
export const blankPairs = (page: PageOfPairs, rows: readonly TextRow[]): FoundPair[] => {
  const inTable = ({ at, from, to }: Ruling) =>
    page.tables.some(({ box }) => at >= box.y - 1e-6 && at <= bottom(box) && from < right(box) && to > box.x)
  const meets = ({ at, from, to }: Ruling) =>
    page.rulings.down.some((down) => down.from <= at && down.to >= at && down.at >= from - 1e-6 && down.at <= to + 1e-6)
  const lines = page.rulings.across.filter(
    (line) => line.to - line.from >= SHORTEST * page.scale.character && !inTable(line) && !meets(line),
  )
  const lined = lines.flatMap((line) => linedPair(line, rows, lines, page))
  // One word before a line may be anything; on a form it is what the others are.
  const sure = lined.filter(({ confidence }) => confidence === CONFIDENCE.sure)
  const captioned = lines.flatMap((line) => captionedPair(line, rows, page))
  return [...filledPairs(rows, page), ...(sure.length >= FORM ? lined : sure), ...captioned]
}
