import { type Block, paragraph, type Role } from '../../flow/blocks.ts'
import { letters, roman } from '../docx/numbering.ts'
import { descendantsOf, elementsOf, type XmlElement } from '../xml.ts'
import { odfTable } from './odf-table.ts'
import { odfInline, odfTexts } from './odf-text.ts'

export type OdfContext = {
  /** Levels of list styles that are counted, by style and level from 1: how their numbers are written. */
  numbered: Map<string, Map<number, { format: string; suffix: string }>>
  /** Blocks of an embedded object, by its address: charts. */
  objectBlocks(address: string | undefined): Block[]
  /** Notes that were met, in order. */
  notes: XmlElement[]
}

const WRAPPERS = new Set([
  'section',
  'index-body',
  'index-title',
  'table-of-content',
  'alphabetical-index',
  'illustration-index',
  'bibliography',
  'user-index',
  'table-index',
  'object-index',
  'text-box',
  'g',
  'a',
  'frame',
])

const SHAPES = new Set(['custom-shape', 'rect', 'ellipse', 'line', 'connector', 'polygon', 'path', 'caption'])

const written = (number: number, format: string): string => {
  const written = /^i$/i.test(format) ? roman(number) : /^a$/i.test(format) ? letters(number) : String(number)
  return /^[AI]$/.test(format) ? written.toUpperCase() : written
}

/** Where a list stands: in which style, how deep, and how far it has counted. */
type ListState = { style: string; level: number; marker: string }

const roleOf = (element: XmlElement, role: Role | undefined): Role | undefined => {
  if (role) return role
  if (element.name === 'h') return element.attributes['outline-level'] === undefined ? 'title' : 'sectionHeading'
  return /^title$/i.test(element.attributes['style-name'] ?? '') ? 'title' : undefined
}

function* listBlocks(
  list: XmlElement,
  outer: ListState | undefined,
  role: Role | undefined,
  context: OdfContext,
): Generator<Block> {
  const style = list.attributes['style-name'] ?? outer?.style ?? ''
  const level = (outer?.level ?? 0) + 1
  const numbering = context.numbered.get(style)?.get(level)
  let number = 0
  for (const item of elementsOf(list)) {
    if (item.name !== 'list-item' && item.name !== 'list-header') continue
    number = item.attributes['start-value'] === undefined ? number + 1 : Number(item.attributes['start-value'])
    const marker =
      item.name === 'list-header' ? '' : numbering ? `${written(number, numbering.format)}${numbering.suffix} ` : '- '
    yield* odfBlocks(elementsOf(item), context, role, { style, level, marker })
  }
}

function* paragraphBlocks(
  element: XmlElement,
  context: OdfContext,
  role: Role | undefined,
  marker: string,
): Generator<Block> {
  const { text, frames, notes } = odfInline(element)
  if (text.trim() !== '') yield paragraph(marker + text.trim(), roleOf(element, role))
  context.notes.push(...notes)
  yield* odfBlocks(frames, context)
}

/** What a text, a slide, a header or a frame of OpenDocument holds. */
export function* odfBlocks(
  elements: readonly XmlElement[],
  context: OdfContext,
  role?: Role,
  list?: ListState,
): Generator<Block> {
  let marker = list?.marker ?? ''
  for (const element of elements) {
    const { name, attributes } = element
    if (name === 'p' || name === 'h') {
      yield* paragraphBlocks(element, context, role, marker)
      // Further paragraphs of an item stand below its number.
      marker = ''
    } else if (name === 'list') yield* listBlocks(element, list, role, context)
    else if (name === 'table') yield odfTable(element)
    else if (name === 'object')
      // In a flat file it is there itself.
      yield* attributes.href === undefined ? odfChart(element) : context.objectBlocks(attributes.href)
    else if (SHAPES.has(name)) yield* odfBlocks(elementsOf(element), context, role)
    else if (name === 'frame')
      yield* odfBlocks(elementsOf(element), context, attributes.class === 'title' ? 'title' : role)
    else if (WRAPPERS.has(name)) yield* odfBlocks(elementsOf(element), context, role)
  }
}

/** What a chart says: its titles, and its numbers as the table that it keeps. */
export const odfChart = (part: XmlElement | undefined): Block[] => [
  ...[...descendantsOf(part, 'title', 'subtitle')].flatMap((title) => odfTexts(title).map((text) => paragraph(text))),
  ...[...descendantsOf(part, 'table')].map(odfTable),
]
