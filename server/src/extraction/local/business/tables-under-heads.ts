import { unionBox } from '../geometry.ts'
import type { FoundCell, FoundTable } from '../structure/grid.ts'
import { bottom, centre, right, rowsOf } from '../structure/token.ts'
import { isSameLine, type Phrase } from './phrases.ts'
import type { Sheet } from './sheet.ts'

/** Lines further apart than so many of their heights are of no table. */
const FARTHEST = 4

/** No table of a page has more lines. */
const MOST_ROWS = 200

/** A head has so many names of columns at least, and a page so many heads at most. */
const FEWEST = 3
const MOST_HEADS = 4

/** The heads of a page: phrases in one line that name columns. */
const headsIn = (sheet: Sheet<string>, isName: (phrase: Phrase) => boolean): Phrase[][] => {
  const heads: Phrase[][] = []
  for (const name of sheet.phrases.filter(isName)) {
    const head = heads.find(([first]) => first && isSameLine(first.box, name.box))
    if (head) head.push(name)
    else heads.push([name])
  }
  return heads
    .filter((head) => head.length >= FEWEST)
    .slice(0, MOST_HEADS)
    .map((head) => head.toSorted((a, b) => a.box.x - b.box.x))
}

/** The column of a head that a phrase stands under: begins, ends or has its middle alike. */
const columnOf = ({ box }: Phrase, head: readonly Phrase[]): number => {
  const distances = head.map(({ box: name }) =>
    Math.min(Math.abs(box.x - name.x), Math.abs(right(box) - right(name)), Math.abs(centre(box).x - centre(name).x)),
  )
  return distances.indexOf(Math.min(...distances))
}

const cellsOf = (row: readonly Phrase[], index: number, head: readonly Phrase[]): FoundCell[] =>
  [...Map.groupBy(row, (phrase) => columnOf(phrase, head))].map(([column, phrases]) => ({
    ...{ row: index, column, rowSpan: 1, columnSpan: 1 },
    tokens: phrases.flatMap(({ tokens }) => tokens),
    box: unionBox(phrases.map(({ box }) => box)),
  }))

const rowsUnder = (head: readonly Phrase[], sheet: Sheet<string>): Phrase[][] => {
  const box = unionBox(head.map((phrase) => phrase.box))
  const margin = 8 * sheet.scale.character
  const under = sheet.phrases.filter(
    (phrase) =>
      phrase.box.y > bottom(box) - 0.3 * box.height &&
      phrase.box.x > box.x - margin &&
      right(phrase.box) < right(box) + margin,
  )
  const rows: Phrase[][] = []
  let last = bottom(box)
  for (const row of rowsOf(
    under.map((phrase, index) => ({ index, text: '', box: phrase.box, span: { offset: 0, length: 0 } })),
  )) {
    if (row.box.y - last > FARTHEST * sheet.scale.height || rows.length === MOST_ROWS) break
    last = bottom(row.box)
    rows.push(row.tokens.map(({ index }) => under[index] as Phrase))
  }
  return rows
}

/**
 * What stands under heads of columns, as tables: for those that have no lines between them, or whose columns stand so close that they seem
 * one. @param isName whether a phrase names a column
 */
export const tablesUnderHeads = (sheet: Sheet<string>, isName: (phrase: Phrase) => boolean): FoundTable[] =>
  headsIn(sheet, isName).map((head) => {
    const rows = [head, ...rowsUnder(head, sheet)]
    const cells = rows.flatMap((row, index) => cellsOf(row, index, head))
    return { rowCount: rows.length, columnCount: head.length, cells, box: unionBox(cells.map(({ box }) => box)) }
  })
