import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'

/** Rows of cells; what spans others stands in each of them, as Docling writes it. */
export type Grid = string[][]

const plain = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell.replace(/<!--.*?-->/g, '')))

/** The tables of a Markdown file. */
export const markdownTables = (markdown: string): Grid[] => {
  const tables: Grid[] = []
  let open: Grid | null = null
  for (const line of markdown.split('\n')) {
    if (!/^\|.*\|\s*$/.test(line)) open = null
    else if (/^\|[\s:|-]+\|\s*$/.test(line)) {
      // Below its header it is the rule; further down a row of nothing.
      if (open && open.length > 1) open.push([])
    } else {
      const row = cellsOf(line)
      if (open) open.push(row)
      else {
        open = [row]
        tables.push(open)
      }
    }
  }
  return tables
}

export const resultTables = (result: AnalyzeResult): Grid[] =>
  (result.tables ?? []).map((table) => {
    const grid: Grid = Array.from({ length: table.rowCount }, () => Array(table.columnCount).fill(''))
    for (const { rowIndex, columnIndex, rowSpan = 1, columnSpan = 1, content } of table.cells)
      for (let row = rowIndex; row < rowIndex + rowSpan; row += 1)
        for (let column = columnIndex; column < columnIndex + columnSpan; column += 1) {
          const cells = grid[row]
          if (cells) cells[column] = plain(content)
        }
    return grid
  })

const count = (grid: Grid): number => grid.flat().filter((cell) => cell !== '').length

type Place = { down: number; across: number }

/** The filled cells of a table that have the same text in another one that is laid over it. */
function* sameCells(truth: Grid, found: Grid, { down, across }: Place): Generator<[row: number, column: number]> {
  for (const [row, cells] of truth.entries())
    for (const [column, cell] of cells.entries())
      if (cell !== '' && found[row + down]?.[column + across] === cell) yield [row + down, column + across]
}

/** Where a table of the truth fits best into one that was found, wherever in it the table begins. */
const bestPlace = (truth: Grid, found: Grid): { found: Grid; place: Place; same: number } => {
  let best = { found, place: { down: 0, across: 0 }, same: 0 }
  for (let down = -truth.length; down < found.length; down += 1)
    for (let across = -(truth[0]?.length ?? 0); across < (found[0]?.length ?? 0); across += 1) {
      let same = 0
      for (const _ of sameCells(truth, found, { down, across })) same += 1
      if (same > best.same) best = { found, place: { down, across }, same }
    }
  return best
}

/** Filled cells: of the truth's tables, of those that were found, and how many of either are the same. */
export type CellScore = { truth: number; found: number; same: number }

/**
 * Compares tables cell by cell: a cell of the truth is the same as one of one table that was found, at the same place of it, with the same
 * text; no cell that was found counts twice.
 */
export const compareTables = (truth: Grid[], found: Grid[]): CellScore => {
  const free = found.map((grid) => grid.map((row) => [...row]))
  let same = 0
  for (const grid of truth) {
    const best = free.map((other) => bestPlace(grid, other)).toSorted((a, b) => b.same - a.same)[0]
    if (!best) continue
    same += best.same
    for (const [row, column] of [...sameCells(grid, best.found, best.place)]) {
      const cells = best.found[row]
      if (cells) cells[column] = ''
    }
  }
  const total = (grids: Grid[]) => grids.reduce((sum, grid) => sum + count(grid), 0)
  return { truth: total(truth), found: total(found), same }
}
