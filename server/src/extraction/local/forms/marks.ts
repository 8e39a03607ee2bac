import type { Box } from '../geometry.ts'
import type { MarkState } from '../structure/token.ts'

/**
 * A selection mark, in the page as it lies and in its unit. `isSure`: it is one whatever stands beside it, as a field of a form; a square
 * that is drawn is one only beside words.
 */
export type FoundMark = { state: MarkState; box: Box; confidence: number; isSure: boolean }

export const isMarkState = (state: string): state is MarkState => state === 'selected' || state === 'unselected'

/** What stands in the content for a mark, as in Azure's. */
export const markText = (state: MarkState): string => `:${state}:`

/** A letter or two that lie in a mark's box are its cross, or what OCR took it for. */
const MOST_LETTERS = 2
const WITHIN = 0.6

/** Whether a word is what is drawn in a mark, or the mark itself. */
export const isPartOf = (text: string, box: Box, { box: mark }: Pick<FoundMark, 'box'>): boolean => {
  const width = Math.min(box.x + box.width, mark.x + mark.width) - Math.max(box.x, mark.x)
  const height = Math.min(box.y + box.height, mark.y + mark.height) - Math.max(box.y, mark.y)
  if (text.length > MOST_LETTERS || width <= 0 || height <= 0) return false
  return width * height >= WITHIN * Math.min(box.width * box.height, mark.width * mark.height)
}

/** Each mark once: the first of those that lie on each other. */
export const withoutDoubles = (marks: readonly FoundMark[]): FoundMark[] => {
  const kept: FoundMark[] = []
  const isOn = ({ box: a }: FoundMark, { box: b }: FoundMark) =>
    Math.abs(a.x + a.width / 2 - b.x - b.width / 2) < Math.max(a.width, b.width) / 2 &&
    Math.abs(a.y + a.height / 2 - b.y - b.height / 2) < Math.max(a.height, b.height) / 2
  for (const mark of marks) if (!kept.some((other) => isOn(mark, other))) kept.push(mark)
  return kept
}
