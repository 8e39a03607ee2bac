import type { Block } from '../../flow/blocks.ts'
import type { FlowSource, OpenFlow } from '../../flow/read-flow.ts'
import { type Archive, openArchive } from '../archive.ts'
import { chartBlocks, diagramBlocks, pictureBlocks } from '../drawing.ts'
import { mainPart, type Relation, readPart, relatedParts, relationsOf } from '../package.ts'
import { streamElements, type XmlElement } from '../xml.ts'
import { type DocxContext, docxBlocks, notesOf, withRole } from './docx-blocks.ts'
import { createNumbering, type Numbering } from './numbering.ts'
import { readStyles } from './styles.ts'

/** What stands in the body, and in what wraps it. */
const BODY = ['p', 'tbl', 'sdt', 'customXml', 'oMathPara']

type Parts = {
  styleOf: DocxContext['styleOf']
  startNumbering: () => Numbering
  others: Map<string, Block[]>
  headers: XmlElement[]
  footers: XmlElement[]
  notes: Map<string, XmlElement>
}

/** Charts, diagrams and pictures, by the ids by which the document refers to them. */
const otherBlocks = async (archive: Archive, relations: Relation[]): Promise<Map<string, Block[]>> => {
  const found = new Map<string, Block[]>()
  for (const { id, type, target } of relations) {
    if (type === 'chart') found.set(id, chartBlocks(await readPart(archive, target)))
    else if (type === 'diagramData') found.set(id, diagramBlocks(await readPart(archive, target)))
    else if (type === 'image') found.set(id, pictureBlocks(archive, target))
  }
  return found
}

const readParts = async (archive: Archive, relations: Relation[]): Promise<Parts> => {
  const related = (type: string) => relatedParts(archive, relations, type)
  const first = async (type: string) => (await related(type))[0]
  return {
    styleOf: readStyles(await first('styles')),
    startNumbering: createNumbering(await first('numbering')),
    others: await otherBlocks(archive, relations),
    headers: await related('header'),
    footers: await related('footer'),
    notes: new Map([...notesOf(await first('footnotes'), 'footnote'), ...notesOf(await first('endnotes'), 'endnote')]),
  }
}

/** Sections may have the same header, and first pages their own; each is said once. */
function* eachOnce(parts: XmlElement[], role: 'pageHeader' | 'pageFooter', context: DocxContext): Generator<Block> {
  const said = new Set<string>()
  for (const block of parts.flatMap((part) => [...withRole(part, role, context)])) {
    const text = block.kind === 'paragraph' ? block.text : ''
    if (!said.has(text)) yield block
    said.add(text)
  }
}

async function* blocksOf(archive: Archive, main: string, parts: Parts): AsyncGenerator<Block> {
  const context: DocxContext = {
    styleOf: parts.styleOf,
    numbering: parts.startNumbering(),
    partBlocks: (id) => parts.others.get(id ?? '') ?? [],
    notes: [],
  }
  yield* eachOnce(parts.headers, 'pageHeader', context)
  for await (const element of streamElements(await archive.stream(main), BODY)) yield* docxBlocks([element], context)
  for (const note of context.notes) yield* withRole(parts.notes.get(note), 'footnote', { ...context, notes: [] })
  yield* eachOnce(parts.footers, 'pageFooter', context)
}

/**
 * Opens a document of Word: paragraphs with their lists' numbers, tables, text boxes, charts, equations, notes, headers and footers.
 * Throws ExtractionError: file_corrupt, file_encrypted, archive_too_large.
 */
export const openDocx: OpenFlow = async ({ request }): Promise<FlowSource> => {
  const archive = await openArchive(request.path)
  try {
    const main = await mainPart(archive, 'word/document.xml')
    const parts = await readParts(archive, await relationsOf(archive, main))
    return { blocks: () => blocksOf(archive, main, parts), close: archive.close }
  } catch (error) {
    archive.close()
    throw error
  }
}
