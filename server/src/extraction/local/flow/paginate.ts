import type { Block, PlacedCell, TableBlock } from './blocks.ts'

/**
 * A page is stored, sent and shown as one thing, so what flows on is cut where it becomes too much for that. An ordinary letter, report
 * or sheet is below both.
 */
const PAGE_CHARACTERS = 100_000
export const PAGE_CELLS = 10_000

/** A page's worth of cells has text too. */
const FULL = 2

/** Cuts a table between rows. A cell that spans the cut is cut too, and its text stays above. */
function* splitTable(table: TableBlock, mostCells: number): Generator<TableBlock> {
  let cells: PlacedCell[] = []
  let first = 0
  for (const cell of table.cells) {
    if (cells.length >= mostCells && cell.row > (cells.at(-1)?.row ?? 0)) {
      yield { ...table, cells: cut(cells, first, cell.row) }
      first = cell.row
      cells = []
    }
    cells.push(cell)
  }
  yield first === 0 ? table : { ...table, cells: cut(cells, first, Number.POSITIVE_INFINITY) }
}

const cut = (cells: PlacedCell[], from: number, to: number): PlacedCell[] =>
  cells.map((cell) => ({ ...cell, row: cell.row - from, rowSpan: Math.min(cell.rowSpan, to - cell.row) }))

/** Cuts a text at the last line feed or blank before it becomes too long. */
function* splitText(text: string, most: number): Generator<string> {
  let rest = text
  while (rest.length > most) {
    const at = Math.max(rest.lastIndexOf('\n', most), rest.lastIndexOf(' ', most))
    const end = at > 0 ? at : most
    yield rest.slice(0, end)
    rest = rest.slice(end).trimStart()
  }
  yield rest
}

function* split(block: Block): Generator<Block> {
  if (block.kind === 'table') yield* splitTable(block, PAGE_CELLS)
  else if (block.kind !== 'paragraph') yield block
  else for (const text of splitText(block.text, PAGE_CHARACTERS)) yield { ...block, text }
}

const weightOf = (block: Block): number => {
  if (block.kind === 'pageBreak' || block.kind === 'picture') return 0
  if (block.kind === 'paragraph') return block.text.length / PAGE_CHARACTERS
  const characters = block.cells.reduce((sum, cell) => sum + cell.text.length, 0)
  return characters / PAGE_CHARACTERS + block.cells.length / PAGE_CELLS
}

/** Pages of blocks, in order; at least one, which may be empty. A page ends before a page break, and when it is full. */
export async function* paginate(blocks: AsyncIterable<Block> | Iterable<Block>): AsyncGenerator<Block[]> {
  let page: Block[] = []
  let weight = 0
  for await (const whole of blocks) {
    for (const block of split(whole)) {
      const isBreak = block.kind === 'pageBreak'
      const added = weightOf(block)
      if (isBreak || (page.length > 0 && weight + added > FULL)) {
        yield page
        page = []
        weight = 0
      }
      if (!isBreak) page.push(block)
      weight += added
    }
  }
  yield page
}
