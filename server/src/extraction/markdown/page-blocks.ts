import type { Span } from '@adp/contract/geometry.ts'
import type { Table } from '@adp/contract/result-tables.ts'
import type { ExtractedPage } from '../extractor.ts'

type Parts = NonNullable<ExtractedPage['parts']>
type Paragraph = NonNullable<Parts['paragraphs']>[number]
type Figure = NonNullable<Parts['figures']>[number]

/** What a page is made of, and which of its text belongs to it. */
export type PageBlock =
  | { kind: 'table'; table: Table; spans: Span[] }
  | { kind: 'figure'; figure: Figure; spans: Span[] }
  | { kind: 'paragraph'; paragraph: Paragraph; spans: Span[] }

/** The text of a table is that of its cells and its caption: what else its spans cover stands beside them. */
const spansOfTable = (table: Table): Span[] => [
  ...(table.caption?.spans ?? []),
  ...table.cells.flatMap((cell) => cell.spans),
]

const blocksOf = (parts: Parts): PageBlock[] => [
  ...(parts.tables ?? []).map((table) => ({ kind: 'table' as const, table, spans: spansOfTable(table) })),
  ...(parts.figures ?? []).map((figure) => ({
    kind: 'figure' as const,
    figure,
    spans: [...(figure.caption?.spans ?? []), ...figure.spans],
  })),
  ...(parts.paragraphs ?? []).map((paragraph) => ({ kind: 'paragraph' as const, paragraph, spans: paragraph.spans })),
]

/** A piece of the content, from one offset up to another, and the block that it belongs to; null: none says what it is. */
export type Piece = { from: number; to: number; block: PageBlock | null }

/** Whoever comes first has a text: what stands in a table is often a paragraph too, and a caption may be said twice. */
const ownersOf = (content: string, blocks: readonly PageBlock[]): Int32Array => {
  const owners = new Int32Array(content.length).fill(-1)
  for (const [index, { spans }] of blocks.entries())
    for (const { offset, length } of spans)
      for (let at = offset; at < Math.min(offset + length, content.length); at += 1)
        if (owners[at] === -1) owners[at] = index
  return owners
}

/**
 * The page's content as pieces, in its order, with nothing left out and nothing twice; and the blocks that have no text of it, as
 * tables whose cells do not say where they stand.
 */
export const piecesOfPage = ({ content, parts }: ExtractedPage): { pieces: Piece[]; apart: PageBlock[] } => {
  const blocks = blocksOf(parts ?? {})
  const owners = ownersOf(content, blocks)
  const pieces: Piece[] = []
  for (let from = 0; from < content.length; ) {
    let to = from + 1
    while (to < content.length && owners[to] === owners[from]) to += 1
    pieces.push({ from, to, block: blocks[owners[from] as number] ?? null })
    from = to
  }
  const placed = new Set(pieces.map(({ block }) => block))
  const apart = blocks.filter((block) => !placed.has(block) && block.kind === 'table')
  return { pieces, apart }
}
