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

const sameAt = (truth: Grid, found: Grid, down: number, across: number): number => {
  let same = 0
  for (const [row, cells] of truth.entries())
    for (const [column, cell] of cells.entries())
      if (cell !== '' && found[row + down]?.[column + across] === cell) same += 1
  return same
}

/** How many filled cells of a table stand in another one in the same order, wherever in it the table begins. */
const most = (truth: Grid, found: Grid): number => {
  let best = 0
  for (let down = -truth.length; down < found.length; down += 1)
    for (let across = -(truth[0]?.length ?? 0); across < (found[0]?.length ?? 0); across += 1)
      best = Math.max(best, sameAt(truth, found, down, across))
  return best
}

/** Filled cells of the truth's tables, and how many of them have the same text at the same place of one table of the result. */
export const compareTables = (truth: Grid[], found: Grid[]): { cells: number; same: number } => ({
  cells: truth.reduce((sum, grid) => sum + count(grid), 0),
  same: truth.reduce((sum, grid) => sum + Math.max(0, ...found.map((other) => most(grid, other))), 0),
})
