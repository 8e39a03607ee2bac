import { centre, type TextRow, type Token } from './token.ts'

/** Where the rows of a table end, and which of these borders no line draws. */
export type Borders = { ys: number[]; split: Set<number> }

/** A band between two lines is several rows when so many of its lines of text have words in two columns and more … */
const FILLED_ROWS = 0.8

/** … and so many of its cells then have few words: longer ones are text that is wrapped. */
const SHORT_CELLS = 0.7
const FEW_WORDS = 3

/** Two lines of text in a band are more often one row whose text is wrapped, unless there is a number in the same column of both. */
const SURELY_ROWS = 3

const NUMBER = /^[($€£¥+−–-]*\d[\d.,'%)*†]*$/

/** What stands for a number that there is none of. */
const NO_NUMBER = /^(?:[-–—*.]{1,3}|n\/?a\.?)$/i

export const isNumber = (text: string): boolean => NUMBER.test(text) || NO_NUMBER.test(text)

const cellsOf = (row: TextRow, xs: readonly number[]): Token[][] => {
  const cells: Token[][] = xs.slice(1).map(() => [])
  for (const token of row.tokens) {
    const { x } = centre(token.box)
    const column = xs.findIndex((_, index) => index > 0 && x < (xs[index] as number)) - 1
    if (column >= 0) cells[column]?.push(token)
  }
  return cells
}

const areRows = (cells: Token[][][]): boolean => {
  // What goes on below has no label of its own.
  if (cells.filter(([label]) => (label?.length ?? 0) > 0).length < FILLED_ROWS * cells.length) return false
  const filled = cells.map((row) => row.filter((cell) => cell.length > 0))
  const full = filled.filter((row) => row.length > 1)
  if (full.length < FILLED_ROWS * cells.length) return false
  const all = filled.flat()
  if (all.filter((cell) => cell.length <= FEW_WORDS).length < SHORT_CELLS * all.length) return false
  const numbers = cells.map((row) => row.map((cell) => cell.length === 1 && isNumber((cell[0] as Token).text)))
  const inNumbers = (numbers[0] ?? []).some((_, column) => numbers.every((row) => row[column]))
  return cells.length >= SURELY_ROWS || inNumbers
}

/** Adds borders between lines of text where a band between two lines has several rows of the table in it. */
export const splitBands = (ys: readonly number[], xs: readonly number[], rows: readonly TextRow[]): Borders => {
  const result: number[] = []
  const split = new Set<number>()
  for (const [index, top] of ys.entries()) {
    result.push(top)
    const end = ys[index + 1]
    if (end === undefined) break
    const band = rows.filter(({ box }) => centre(box).y >= top && centre(box).y < end)
    if (band.length < 2 || !areRows(band.map((row) => cellsOf(row, xs)))) continue
    for (const [row, { box }] of band.entries()) {
      const next = band[row + 1]
      if (!next) break
      const border = (box.y + box.height + next.box.y) / 2
      result.push(border)
      split.add(border)
    }
  }
  return { ys: result, split }
}
