import type { PlacedCell, TableBlock } from '../../flow/blocks.ts'
import type { SheetCell } from '../regions.ts'
import { elementsOf, type XmlElement } from '../xml.ts'
import { odfTexts } from './odf-text.ts'

/** A sheet has no more; a file that repeats a filled cell more often is none that a person made. */
const MOST_REPEATED = 16_384

const numberOf = (value: string | undefined): number => Math.max(1, Number(value ?? 1) || 1)

/** The rows of a table, and those that are grouped in it; `isHeader` of those that head it. */
export function* tableRows(table: XmlElement, isHeader = false): Generator<{ element: XmlElement; isHeader: boolean }> {
  for (const child of elementsOf(table)) {
    if (child.name === 'table-row') yield { element: child, isHeader }
    else if (['table-rows', 'table-row-group', 'table-header-rows'].includes(child.name))
      yield* tableRows(child, isHeader || child.name === 'table-header-rows')
  }
}

const flattened = (element: XmlElement): string =>
  odfTexts(element)
    .filter((text) => text.trim() !== '')
    .join('\n')

/** The filled cells of a row. Covered ones belong to the cell that spans them, and empty ones may be repeated thousands of times. */
export const odfRow = (element: XmlElement, row: number): SheetCell[] => {
  const cells: SheetCell[] = []
  let column = 0
  for (const { name, attributes, ...cell } of elementsOf(element)) {
    if (name !== 'table-cell' && name !== 'covered-table-cell') continue
    const repeated = numberOf(attributes['number-columns-repeated'])
    const text = name === 'table-cell' ? flattened({ ...cell, name, attributes }) : ''
    const spans = {
      rowSpan: numberOf(attributes['number-rows-spanned']),
      columnSpan: numberOf(attributes['number-columns-spanned']),
    }
    const copies = text === '' ? 0 : Math.min(repeated, MOST_REPEATED)
    for (let copy = 0; copy < copies; copy += 1) cells.push({ row, column: column + copy, ...spans, text })
    column += repeated
  }
  return cells
}

/** How often a row stands in its table, one after another. */
export const rowRepeats = (element: XmlElement): number => numberOf(element.attributes['number-rows-repeated'])

/** A table of a text or a slide, as a whole. */
export const odfTable = (table: XmlElement): TableBlock => {
  const cells: PlacedCell[] = []
  let row = 0
  for (const { element, isHeader } of tableRows(table)) {
    const heads = isHeader ? ('column' as const) : undefined
    const found = odfRow(element, row)
    const copies = found.length === 0 ? 0 : Math.min(rowRepeats(element), MOST_REPEATED)
    for (let copy = 0; copy < copies; copy += 1)
      cells.push(...found.map((cell) => ({ ...cell, row: row + copy, heads })))
    row += rowRepeats(element)
  }
  return { kind: 'table', cells }
}
