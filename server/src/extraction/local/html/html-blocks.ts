import type { DefaultTreeAdapterTypes } from 'parse5'
import { type Block, type FlowingCell, paragraph, placeCells, type Role, type TableBlock } from '../flow/blocks.ts'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** Nothing of these is shown as text. */
const UNSEEN = new Set(
  'head script style template noscript iframe object svg canvas datalist select audio video'.split(' '),
)

/** What stands in the line; everything else begins and ends one. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark meter output picture q ruby rt rp s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)

const isElement = (node: Node): node is Element => 'tagName' in node
const childrenOf = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : [])
const attributeOf = (element: Element, name: string): string | undefined =>
  element.attrs.find((attribute) => attribute.name === name)?.value

const isHidden = (element: Element): boolean =>
  attributeOf(element, 'hidden') !== undefined || /display\s*:\s*none/i.test(attributeOf(element, 'style') ?? '')

type State = {
  /** Of the paragraph that is open. */
  text: string
  /** The marker of the list item that it begins. */
  marker: string
  role: Role | undefined
  isPreformatted: boolean
  hasTitle: boolean
}

const addText = (state: State, text: string) => {
  if (state.isPreformatted) {
    state.text += text
    return
  }
  const collapsed = text.replace(/[ \t\n\f\r]+/g, ' ')
  state.text += /(^|\s)$/.test(state.text) ? collapsed.trimStart() : collapsed
}

function* close(state: State): Generator<Block> {
  const text = state.isPreformatted ? state.text : state.text.trim()
  if (text !== '') {
    yield paragraph(state.marker + text, state.role)
    state.marker = ''
  }
  state.text = ''
}

/** Elements with a name, those below another of that name excluded. */
function* descendants(element: Node, names: readonly string[], notBelow: readonly string[]): Generator<Element> {
  for (const child of childrenOf(element)) {
    if (!isElement(child)) continue
    if (names.includes(child.tagName)) yield child
    else if (!notBelow.includes(child.tagName)) yield* descendants(child, names, notBelow)
  }
}

const contains = (element: Element, name: string): boolean => !descendants(element, [name], []).next().done

/** A table within a table, or one that says so, only places things, as in mail. */
const isLayout = (table: Element): boolean =>
  contains(table, 'table') || ['presentation', 'none'].includes(attributeOf(table, 'role') ?? '')

const textOf = (node: Node): string =>
  [...htmlBlocks(node)]
    .map((block) => (block.kind === 'paragraph' ? block.text : ''))
    .filter((text) => text !== '')
    .join('\n')

const parentOf = (node: Node): Node | null => ('parentNode' in node ? node.parentNode : null)

const isInHead = (cell: Element): boolean => {
  const row = parentOf(cell)
  return row !== null && parentOf(row)?.nodeName === 'thead'
}

const tableOf = (table: Element): TableBlock => {
  const rows = [...descendants(table, ['tr'], ['table'])].map((row) => [...descendants(row, ['td', 'th'], ['table'])])
  const isHead = (row: Element[]) => row.every((cell) => cell.tagName === 'th')
  const firstBody = rows.findIndex((row) => !isHead(row))
  const cells = rows.map((row, index) =>
    row.map((cell): FlowingCell => {
      const isHeadRow = index < firstBody || isInHead(cell)
      const heads = isHeadRow ? 'column' : cell.tagName === 'th' ? 'row' : undefined
      const [rowSpan, columnSpan] = [Number(attributeOf(cell, 'rowspan')), Number(attributeOf(cell, 'colspan'))]
      return { text: textOf(cell), heads, rowSpan: rowSpan || 1, columnSpan: columnSpan || 1 }
    }),
  )
  const [caption] = descendants(table, ['caption'], ['table'])
  return { kind: 'table', cells: placeCells(cells), caption: caption && textOf(caption) }
}

/** What numbers the items of a list; nothing else than a dash for lists without numbers. */
const markerOf = (item: Element): string => {
  const list = item.parentNode
  if (!list || !isElement(list) || list.tagName !== 'ol') return '- '
  const place = childrenOf(list)
    .filter((node) => isElement(node) && node.tagName === 'li')
    .indexOf(item)
  const start = Number(attributeOf(list, 'start') ?? 1)
  return `${Number(attributeOf(item, 'value') ?? start + place)}. `
}

const headingRole = (element: Element, state: State): Role | undefined => {
  if (!/^h[1-6]$/.test(element.tagName)) return undefined
  if (element.tagName !== 'h1' || state.hasTitle) return 'sectionHeading'
  state.hasTitle = true
  return 'title'
}

function* blockElement(element: Element, state: State): Generator<Block> {
  yield* close(state)
  if (element.tagName === 'table' && !isLayout(element)) {
    yield tableOf(element)
    return
  }
  const before = { role: state.role, isPreformatted: state.isPreformatted }
  if (element.tagName === 'li') state.marker = markerOf(element)
  state.role = headingRole(element, state) ?? state.role
  state.isPreformatted ||= element.tagName === 'pre' || element.tagName === 'textarea'
  yield* walk(element, state)
  yield* close(state)
  Object.assign(state, before)
}

function* walk(parent: Node, state: State): Generator<Block> {
  for (const node of childrenOf(parent)) {
    if (node.nodeName === '#text' && 'value' in node) addText(state, node.value)
    if (!isElement(node) || UNSEEN.has(node.tagName) || isHidden(node)) continue
    if (node.tagName === 'br') state.text = `${state.text.trimEnd()}\n`
    else if (node.tagName === 'img') addText(state, attributeOf(node, 'alt') ?? '')
    else if (INLINE.has(node.tagName)) yield* walk(node, state)
    else yield* blockElement(node, state)
  }
}

/** What a page of HTML shows, in the order of its source. Recursive: one that nests too deeply exhausts the stack, with a RangeError. */
export function* htmlBlocks(root: Node): Generator<Block> {
  const state = { text: '', marker: '', role: undefined, isPreformatted: false, hasTitle: false }
  yield* walk(root, state)
  yield* close(state)
}
