import { type QuarterTurns, type Size, turnBack, unionBox } from './geometry.ts'
import type { FoundLine } from './layout.ts'
import { type Fragment, inReadingOrder, type PlacedWord } from './reading-order.ts'

/** A gap of more than this many heights of the letters is no space: OCR reads across columns and cells. */
const WIDE_GAP = 1.2

/** Letters of a line are so much lower than their font, which the order of a page measures gaps in. */
const FONT = 1.25

const right = ({ upright }: PlacedWord): number => upright.x + upright.width

const fragmentOf = (words: PlacedWord[], height: number): Fragment => {
  const box = unionBox(words.map(({ upright }) => upright))
  const high = Math.max(box.height, height * FONT)
  return { words, box: { ...box, y: box.y - (high - box.height) / 2, height: high } }
}

const fragmentsOf = ({ words, turns }: FoundLine, size: Size): Fragment[] => {
  const placed = words.map((word) => ({ ...word, upright: turnBack(word.box, size, turns) }))
  const height = placed.map(({ upright }) => upright.height).toSorted((a, b) => a - b)[placed.length >> 1] ?? 0
  const runs: PlacedWord[][] = []
  for (const word of placed) {
    const last = runs.at(-1)?.at(-1)
    if (last && word.upright.x - right(last) < WIDE_GAP * height) runs.at(-1)?.push(word)
    else runs.push([word])
  }
  return runs.map((run) => fragmentOf(run, height))
}

/**
 * The lines of a page that was read by OCR, in the order in which a person reads them, as those of a page with text of its own are.
 * @param turns as most of the page's text is turned: that comes first
 * @param size of the page, in the unit of the boxes
 */
export const scanInReadingOrder = (lines: readonly FoundLine[], turns: QuarterTurns, size: Size): FoundLine[] => {
  const groups = [...Map.groupBy(lines, (line) => line.turns)].sort(
    ([a], [b]) => Number(b === turns) - Number(a === turns),
  )
  return groups.flatMap(([each, group]) =>
    inReadingOrder(group.flatMap((line) => fragmentsOf(line, size))).map((words) => ({
      turns: each,
      words: words.map(({ text, box, confidence }) => ({ text, box, confidence })),
    })),
  )
}
