import { type Block, paragraph, type Role } from '../../flow/blocks.ts'
import { bulletOf, drawingParagraph, drawingTable } from '../drawing.ts'
import { childOf, childrenOf, descendantsOf, elementsOf, withoutFallback, type XmlElement } from '../xml.ts'

/** Placeholders that hold nothing of a slide's own: its number, the date. */
const UNREAD = new Set(['sldNum', 'dt', 'sldImg'])

const roleOf = (placeholder: string | undefined): Role | undefined => {
  if (placeholder === 'title' || placeholder === 'ctrTitle') return 'title'
  if (placeholder === 'ftr') return 'pageFooter'
  return placeholder === 'hdr' ? 'pageHeader' : undefined
}

/** Counts the numbered paragraphs of a text, level by level; another kind of paragraph, or a shallower one, begins anew. */
const createCounter = () => {
  const counts: number[] = []
  return (properties: XmlElement | undefined): number => {
    const level = Number(properties?.attributes.lvl ?? 0) || 0
    const numbering = childOf(properties, 'buAutoNum')
    counts.length = Math.min(counts.length, level + 1)
    if (!numbering) counts[level] = 0
    else counts[level] = (counts[level] || Number(numbering.attributes.startAt ?? 1) - 1) + 1
    return counts[level] ?? 0
  }
}

/** The paragraphs of a text. A title is one, whatever lines it has. */
const bodyBlocks = (body: XmlElement | undefined, role: Role | undefined): Block[] => {
  const count = createCounter()
  const texts = childrenOf(body, 'p').flatMap((element) => {
    const text = drawingParagraph(element).trim()
    const properties = childOf(element, 'pPr')
    return text === '' ? [] : [bulletOf(properties, count(properties)) + text]
  })
  return role === 'title' ? [paragraph(texts.join('\n'), role)] : texts.map((text) => paragraph(text, role))
}

/** @param partBlocks blocks of what is kept in another part, by its id: charts, diagrams and pictures */
function* frameBlocks(frame: XmlElement, partBlocks: (id: string | undefined) => Block[]): Generator<Block> {
  for (const found of descendantsOf(childOf(frame, 'graphic'), 'tbl', 'chart', 'relIds')) {
    if (found.name === 'tbl') yield drawingTable(found)
    else yield* partBlocks(found.name === 'chart' ? found.attributes.id : found.attributes.dm)
  }
}

const placeholderOf = (shape: XmlElement): string | undefined => {
  for (const { attributes } of descendantsOf(elementsOf(shape)[0], 'ph')) return attributes.type ?? 'body'
  return undefined
}

/** What a slide, a group or a page of notes shows, in the order in which it is drawn. */
export function* shapeBlocks(
  tree: XmlElement | undefined,
  partBlocks: (id: string | undefined) => Block[],
): Generator<Block> {
  for (const shape of elementsOf(tree).flatMap(withoutFallback)) {
    if (shape.name === 'grpSp') yield* shapeBlocks(shape, partBlocks)
    else if (shape.name === 'graphicFrame') yield* frameBlocks(shape, partBlocks)
    else if (shape.name === 'pic') yield* partBlocks(childOf(shape, 'blipFill', 'blip')?.attributes.embed)
    else if (shape.name === 'sp' || shape.name === 'cxnSp') {
      const placeholder = placeholderOf(shape)
      if (!UNREAD.has(placeholder ?? '')) yield* bodyBlocks(childOf(shape, 'txBody'), roleOf(placeholder))
    }
  }
}
