/** What a file without a layout is made of: text that flows, as of Office, HTML or mail. */

export type Role = 'title' | 'sectionHeading' | 'pageHeader' | 'pageFooter' | 'footnote'

export type ParagraphBlock = { kind: 'paragraph'; text: string; role?: Role | undefined }

/** Rows and columns count from 0; a cell that spans others stands where it begins. */
export type PlacedCell = {
  row: number
  column: number
  rowSpan: number
  columnSpan: number
  text: string
  heads?: 'column' | 'row' | undefined
}

/** Cells from left to right and from top to bottom. */
export type TableBlock = { kind: 'table'; cells: PlacedCell[]; caption?: string | undefined }

/** A picture at its place; whether it is read, read-pictures.ts decides. */
export type PictureBlock = { kind: 'picture'; bytes(): Promise<Buffer> }

/** `pageBreak`: what follows begins a page. */
export type Block = ParagraphBlock | TableBlock | PictureBlock | { kind: 'pageBreak' }

/** A cell of a row whose place follows from those before and above it, as in HTML. */
export type FlowingCell = Pick<PlacedCell, 'text' | 'heads'> & { rowSpan?: number; columnSpan?: number }

/** More columns than any table has; a span that claims more would cost memory for nothing. Of HTML, 4.9.11. */
export const MOST_SPANNED = 1000

const spanOf = (span: number | undefined): number => Math.min(Math.max(1, Math.trunc(span ?? 1) || 1), MOST_SPANNED)

/**
 * Gives each cell the first place of its row that no cell from above reaches into. Spans are cut at the end of the table.
 */
export const placeCells = (rows: readonly (readonly FlowingCell[])[]): PlacedCell[] => {
  /** For each column the first row that is free again. */
  const freeFrom: number[] = []
  return rows.flatMap((cells, row) => {
    let column = 0
    return cells.map(({ text, heads, ...spans }) => {
      while ((freeFrom[column] ?? 0) > row) column += 1
      const [rowSpan, columnSpan] = [Math.min(spanOf(spans.rowSpan), rows.length - row), spanOf(spans.columnSpan)]
      const cell = { row, column, rowSpan, columnSpan, text, heads }
      for (let at = column; at < column + columnSpan; at += 1) freeFrom[at] = row + rowSpan
      column += columnSpan
      return cell
    })
  })
}

/** Line feeds only, no control characters, nothing that PostgreSQL refuses, no white space around. Blanks within stay. */
export const cleanFlow = (text: string): string =>
  text
    .replace(/\r\n?|[\v\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .toWellFormed()
    .replace(/[ \t\u00a0]+$/gm, '')
    .replace(/^\n+|\n+$/g, '')

export const paragraph = (text: string, role?: Role): ParagraphBlock => ({ kind: 'paragraph', text, role })
