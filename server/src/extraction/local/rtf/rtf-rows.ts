import type { PlacedCell, TableBlock } from '../flow/blocks.ts'

/** A cell as a row defines it: where it ends, in twips, and whether it goes on from the one before or above. */
export type CellDefinition = { right: number; joinsLeft: boolean; joinsAbove: boolean }

export type RtfRow = { left: number; definitions: CellDefinition[]; texts: string[] }

/** Edges that are nearer than this, in twips, are meant to be one: 0.5 mm. */
const SAME_EDGE = 28

const edgesOf = (rows: readonly RtfRow[]): number[] => {
  const all = rows.flatMap((row) => [row.left, ...row.definitions.map(({ right }) => right)]).sort((a, b) => a - b)
  return all.filter((edge, at) => at === 0 || edge - (all[at - 1] ?? 0) > SAME_EDGE)
}

/** The last of the edges that is not beyond this one. */
const placeOf = (edges: readonly number[], edge: number): number =>
  Math.max(
    0,
    edges.findLastIndex((each) => each <= edge + SAME_EDGE),
  )

/** Puts rows together to a table: columns are what lies between the edges that cells have in any row. */
export const rtfTable = (rows: readonly RtfRow[]): TableBlock => {
  const edges = edgesOf(rows)
  const cells: PlacedCell[] = []
  const at = (row: number, column: number) =>
    cells.findLast((cell) => cell.column === column && cell.row + cell.rowSpan === row)
  for (const [row, { left, definitions, texts }] of rows.entries()) {
    let column = placeOf(edges, left)
    for (const [index, text] of texts.entries()) {
      const definition = definitions[index]
      const end = definition ? Math.max(column + 1, placeOf(edges, definition.right)) : column + 1
      const above = definition?.joinsAbove ? at(row, column) : undefined
      const before = definition?.joinsLeft ? cells.at(-1) : undefined
      if (above) above.rowSpan += 1
      else if (before?.row === row) before.columnSpan += end - column
      else cells.push({ row, column, rowSpan: 1, columnSpan: end - column, text })
      column = end
    }
  }
  return { kind: 'table', cells }
}
