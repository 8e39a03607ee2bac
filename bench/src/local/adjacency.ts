/** A cell of a table, a span of 1 meaning one row or column. */
export type GridCell = { row: number; column: number; rowSpan: number; columnSpan: number; text: string }
export type Grid = GridCell[]

export type Counts = { truth: number; found: number; correct: number }

/** White space goes, letters are capitals, whatever is neither letter nor digit is an underscore: glyphs of fonts differ, cells do not. */
const normalise = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/\s+/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '_')

/** The first cell with content beyond a cell, in the direction that `next` walks, from each of the places that the cell covers. */
function neighboursOf(cell: GridCell, at: Map<string, GridCell>, down: boolean, last: number): Set<GridCell> {
  const neighbours = new Set<GridCell>()
  const [across, span] = down ? [cell.column, cell.columnSpan] : [cell.row, cell.rowSpan]
  const start = down ? cell.row + cell.rowSpan : cell.column + cell.columnSpan
  for (let lane = across; lane < across + span; lane += 1) {
    for (let step = start; step <= last; step += 1) {
      const next = at.get(down ? `${step},${lane}` : `${lane},${step}`)
      if (next) {
        neighbours.add(next)
        break
      }
    }
  }
  return neighbours
}

/**
 * The adjacency relations of a table: for each cell with content its nearest neighbour with content to the right and below (Göbel, Hassan,
 * Oro and Orsi, "A methodology for evaluating algorithms for table understanding in PDF documents", DocEng 2012, as in ICDAR 2013's
 * competition). A cell that covers several rows has each of its neighbours once.
 */
export function relationsOf(grid: Grid): string[] {
  const cells = grid.filter(({ text }) => normalise(text) !== '')
  const at = new Map<string, GridCell>()
  for (const cell of cells)
    for (let row = cell.row; row < cell.row + cell.rowSpan; row += 1)
      for (let column = cell.column; column < cell.column + cell.columnSpan; column += 1)
        at.set(`${row},${column}`, cell)
  const lastRow = Math.max(0, ...cells.map((cell) => cell.row + cell.rowSpan - 1))
  const lastColumn = Math.max(0, ...cells.map((cell) => cell.column + cell.columnSpan - 1))
  return cells.flatMap((cell) => {
    const relation = (arrow: string) => (other: GridCell) => `${normalise(cell.text)} ${arrow} ${normalise(other.text)}`
    return [
      ...[...neighboursOf(cell, at, false, lastColumn)].map(relation('>')),
      ...[...neighboursOf(cell, at, true, lastRow)].map(relation('v')),
    ]
  })
}

/** How many of the relations of a page's true tables are among those found; the same relation twice counts twice. */
export function compare(truth: Grid[], found: Grid[]): Counts {
  const wanted = truth.flatMap(relationsOf)
  const given = found.flatMap(relationsOf)
  const left = new Map<string, number>()
  for (const relation of wanted) left.set(relation, (left.get(relation) ?? 0) + 1)
  let correct = 0
  for (const relation of given) {
    const count = left.get(relation) ?? 0
    if (count > 0) correct += 1
    left.set(relation, count - 1)
  }
  return { truth: wanted.length, found: given.length, correct }
}

export const add = (a: Counts, b: Counts): Counts => ({
  truth: a.truth + b.truth,
  found: a.found + b.found,
  correct: a.correct + b.correct,
})

/** Of nothing found precision is 1, and of nothing wanted recall. */
export function scores({ truth, found, correct }: Counts): { precision: number; recall: number; f1: number } {
  const precision = found === 0 ? 1 : correct / found
  const recall = truth === 0 ? 1 : correct / truth
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}
