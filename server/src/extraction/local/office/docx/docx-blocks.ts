import { type Block, type PlacedCell, paragraph, type Role, type TableBlock } from '../../flow/blocks.ts'
import { childOf, childrenOf, descendantsOf, elementsOf, valOf, withoutFallback, type XmlElement } from '../xml.ts'
import type { Numbering } from './numbering.ts'
import { readInline } from './runs.ts'
import { listPlace, type ParagraphStyle, roleOfOutline } from './styles.ts'

export type DocxContext = {
  styleOf(id: string | undefined): ParagraphStyle
  numbering: Numbering
  /** Blocks of what is kept in another part, by its id here: charts, diagrams and pictures. */
  partBlocks(id: string | undefined): Block[]
  /** Notes that were met, in order; read at the end. */
  notes: string[]
}

/** A table of Word has no more. */
const MOST_COLUMNS = 63

const WRAPPERS = new Set(['sdt', 'sdtContent', 'customXml', 'smartTag', 'ins', 'moveTo'])

/** The text boxes, charts and pictures of a drawing. A text box is there once more for programs that do not know the newer way. */
function* drawingBlocks(drawing: XmlElement, context: DocxContext): Generator<Block> {
  for (const found of descendantsOf(
    drawing,
    'txbxContent',
    'chart',
    'relIds',
    'blip',
    'imagedata',
    'AlternateContent',
  )) {
    if (found.name === 'txbxContent') yield* docxBlocks(elementsOf(found), context)
    else if (found.name === 'chart') yield* context.partBlocks(found.attributes.id)
    else if (found.name === 'blip') yield* context.partBlocks(found.attributes.embed)
    else if (found.name === 'imagedata') yield* context.partBlocks(found.attributes.id)
    else if (found.name === 'relIds') yield* context.partBlocks(found.attributes.dm)
    else
      for (const child of withoutFallback(found))
        yield* drawingBlocks({ ...found, name: 'drawing', children: [child] }, context)
  }
}

/** What numbers or marks a paragraph; list 0 takes a list away that the style gives. */
const markerOf = (properties: XmlElement | undefined, style: ParagraphStyle, { numbering }: DocxContext): string => {
  const own = listPlace(properties)
  const list = own.list ?? style.place.list
  return list === undefined || list === '0' ? '' : numbering.markerOf(list, own.level ?? style.place.level ?? 0)
}

function* paragraphBlocks(element: XmlElement, context: DocxContext): Generator<Block> {
  const properties = childOf(element, 'pPr')
  const style = context.styleOf(valOf(properties, 'pStyle'))
  const { text, drawings, notes, breaksPage } = readInline(element)
  if (breaksPage || isOn(childOf(properties, 'pageBreakBefore'))) yield { kind: 'pageBreak' }
  // An empty paragraph of a list is an empty line, and is not counted.
  if (text.trim() !== '')
    yield paragraph(markerOf(properties, style, context) + text.trim(), roleOfOutline(properties) ?? style.role)
  context.notes.push(...notes)
  for (const drawing of drawings) yield* drawingBlocks(drawing, context)
}

const isOn = (property: XmlElement | undefined): boolean =>
  property !== undefined && !['0', 'false'].includes(property.attributes.val ?? '')

const textOfBlock = (block: Block): string => {
  if (block.kind === 'paragraph') return block.text
  return block.kind === 'table' ? block.cells.map((cell) => cell.text).join('\n') : ''
}

const cellText = (cell: XmlElement, context: DocxContext): string =>
  [...docxBlocks(elementsOf(cell), context)]
    .map(textOfBlock)
    .filter((text) => text !== '')
    .join('\n')

const isHeaderRow = (table: XmlElement, row: XmlElement, index: number): boolean => {
  if (isOn(childOf(row, 'trPr', 'tblHeader'))) return true
  const look = childOf(table, 'tblPr', 'tblLook')?.attributes
  // Bit 5 of the older way to say it (ECMA-376-1, 17.4.55).
  const first = look?.firstRow ? look.firstRow === '1' : (Number.parseInt(look?.val ?? '0', 16) & 0x20) > 0
  return first && index === 0
}

/** Rows, and what holds them together. */
const rowsOf = (table: XmlElement): XmlElement[] =>
  elementsOf(table).flatMap((child) => (child.name === 'tr' ? [child] : WRAPPERS.has(child.name) ? rowsOf(child) : []))

const cellsOf = (row: XmlElement): XmlElement[] =>
  elementsOf(row).flatMap((child) => (child.name === 'tc' ? [child] : WRAPPERS.has(child.name) ? cellsOf(child) : []))

const tableOf = (table: XmlElement, context: DocxContext): TableBlock => {
  const rows = rowsOf(table)
  const cells: PlacedCell[] = []
  /** The cell that each column's last one belongs to. */
  const above = new Map<number, PlacedCell>()
  for (const [row, tr] of rows.entries()) {
    let column = Math.min(MOST_COLUMNS, Number(valOf(tr, 'trPr', 'gridBefore') ?? 0) || 0)
    for (const tc of cellsOf(tr)) {
      const columnSpan = Math.min(MOST_COLUMNS, Number(valOf(tc, 'tcPr', 'gridSpan') ?? 1) || 1)
      const merge = childOf(tc, 'tcPr', 'vMerge')
      const open = above.get(column)
      if (merge && merge.attributes.val !== 'restart' && open && open.row + open.rowSpan === row) open.rowSpan += 1
      else {
        const heads = rows.length > 1 && isHeaderRow(table, tr, row) ? 'column' : undefined
        const cell: PlacedCell = { row, column, rowSpan: 1, columnSpan, text: cellText(tc, context), heads }
        cells.push(cell)
        above.set(column, cell)
      }
      column += columnSpan
    }
  }
  return { kind: 'table', cells }
}

/** One cell is no table but a frame around what is in it. */
function* tableBlocks(table: XmlElement, context: DocxContext): Generator<Block> {
  const cells = rowsOf(table).flatMap(cellsOf)
  if (cells.length === 1) yield* docxBlocks(elementsOf(cells[0]), context)
  else yield tableOf(table, context)
}

/** What a body, a cell, a text box, a header or a note holds. */
export function* docxBlocks(elements: readonly XmlElement[], context: DocxContext): Generator<Block> {
  for (const element of elements.flatMap(withoutFallback)) {
    if (element.name === 'p') yield* paragraphBlocks(element, context)
    else if (element.name === 'tbl') yield* tableBlocks(element, context)
    else if (WRAPPERS.has(element.name)) yield* docxBlocks(elementsOf(element), context)
    else if (element.name === 'oMathPara' || element.name === 'oMath')
      yield paragraph(readInline({ ...element, name: 'p', children: [element] }).text.trim())
  }
}

/** The blocks of a header, a footer or a note, each with its role. */
export function* withRole(part: XmlElement | undefined, role: Role, context: DocxContext): Generator<Block> {
  for (const block of docxBlocks(elementsOf(part), context)) {
    if (block.kind === 'paragraph') yield { ...block, role }
    else if (block.kind === 'table')
      for (const text of block.cells.map((cell) => cell.text)) yield paragraph(text, role)
  }
}

export const notesOf = (part: XmlElement | undefined, kind: 'footnote' | 'endnote'): Map<string, XmlElement> =>
  new Map(childrenOf(part, kind).map((note) => [`${kind} ${note.attributes.id}`, note]))
