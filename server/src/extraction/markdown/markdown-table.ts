import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import { gridRows, isHead } from '../table-grid.ts'
import { type Writing, writeText } from './cut.ts'
import { escapeHtml } from './escape.ts'

const attribute = (name: string, count: number | undefined): string =>
  count !== undefined && count > 1 ? ` ${name}="${count}"` : ''

const writeCell = (writing: Writing, cell: TableCell | null) => {
  if (!cell) return writing.out.add('<td></td>\n')
  const name = isHead(cell) ? 'th' : 'td'
  writing.out.add(`<${name}${attribute('rowspan', cell.rowSpan)}${attribute('colspan', cell.columnSpan)}>`)
  writeText(writing, cell, escapeHtml)
  writing.out.add(`</${name}>\n`)
}

/** A table as Azure has it in Markdown: in HTML, since Markdown's own tables know no cells that span others. */
export const writeTable = (writing: Writing, table: Table): void => {
  const { out } = writing
  out.add('<table>\n')
  if (table.caption) {
    out.add('<caption>')
    writeText(writing, table.caption, escapeHtml)
    out.add('</caption>\n')
  }
  for (const cells of gridRows(table)) {
    out.add('<tr>\n')
    for (const { cell } of cells) writeCell(writing, cell)
    out.add('</tr>\n')
  }
  out.add('</table>')
}
