import { cellsOf } from './aligned-rows.ts'
import { isNumber } from './split-bands.ts'
import { bottom, type TextRow, type Token } from './token.ts'

/** A label or a sentence that is wrapped goes on with a small letter. */
const GOES_ON = /^\p{Ll}/u

/** The lines of a header that is wrapped stand closer than so many heights of the text. */
const TIGHT = 0.5

/** Of lines that stand above numbers more than this are a table of words. */
const MOST_HEADER_LINES = 4

const hasNumber = (cells: Token[][]): boolean => cells.slice(1).some((cell) => cell.some(({ text }) => isNumber(text)))

const onlyLabel = (cells: Token[][]): boolean => cells.every((cell, column) => cell.length > 0 === (column === 0))

const noLabel = (cells: Token[][]): boolean => cells[0]?.length === 0

/** Whether two lines are one row, whose label is wrapped: one of them is nothing but label, and it goes on. */
const isWrapped = (above: Token[][], below: Token[][]): boolean =>
  GOES_ON.test(below[0]?.[0]?.text ?? '') && !noLabel(above) && (onlyLabel(above) || onlyLabel(below))

/** Whether two lines are one row, where the numbers stand at half the height of a label of two lines. */
const isBeside = (above: TextRow, below: TextRow, cells: { above: Token[][]; below: Token[][] }): boolean =>
  below.box.y < bottom(above.box) &&
  ((onlyLabel(cells.above) && noLabel(cells.below)) || (noLabel(cells.above) && onlyLabel(cells.below)))

/** How many lines from the top head the columns together: none has a number, each stands close to the next, and the next row has numbers. */
const headerLines = (rows: readonly TextRow[], cells: readonly Token[][][]): number => {
  const first = cells.findIndex(hasNumber)
  if (first < 2 || first > MOST_HEADER_LINES) return 1
  const close = rows.slice(1, first).every((row, index) => {
    const above = rows[index] as TextRow
    return row.box.y - bottom(above.box) < TIGHT * Math.min(row.box.height, above.box.height)
  })
  // A line of labels under a cell that spans is a header of its own.
  const fuller = cells
    .slice(1, first)
    .every((line, index) => countFilled(line) <= countFilled(cells[index] as Token[][]) + 1)
  return close && fuller ? first : 1
}

const countFilled = (cells: Token[][]): number => cells.filter((cell) => cell.length > 0).length

/** Lines of a table without rules, those of one row together. @param gaps between its columns */
export const joinWrapped = (rows: readonly TextRow[], gaps: readonly number[]): TextRow[][] => {
  const cells = rows.map((row) => cellsOf(row, gaps))
  const header = headerLines(rows, cells)
  const groups: TextRow[][] = []
  for (const [index, row] of rows.entries()) {
    const [above, here] = [cells[index - 1], cells[index]]
    const joins = index > 0 && index < header
    const last = groups.at(-1)
    const isOne =
      above && here && (isWrapped(above, here) || isBeside(rows[index - 1] as TextRow, row, { above, below: here }))
    if (last && (joins || (index >= header && isOne))) last.push(row)
    else groups.push([row])
  }
  return groups
}
