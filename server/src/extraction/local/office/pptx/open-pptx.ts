import type { Block } from '../../flow/blocks.ts'
import type { FlowSource, OpenFlow } from '../../flow/read-flow.ts'
import { type Archive, openArchive } from '../archive.ts'
import { chartBlocks, diagramBlocks, pictureBlocks } from '../drawing.ts'
import { mainPart, readPart, relationsOf } from '../package.ts'
import { childOf, childrenOf } from '../xml.ts'
import { shapeBlocks } from './slide-blocks.ts'

/** The slides in the order in which they are shown, by their parts. */
const slidesOf = async (archive: Archive, main: string): Promise<string[]> => {
  const relations = await relationsOf(archive, main)
  const list = childOf(await readPart(archive, main), 'sldIdLst')
  return childrenOf(list, 'sldId').flatMap(({ attributes }) =>
    relations.filter(({ id }) => id === attributes.id).map(({ target }) => target),
  )
}

/** A slide, and then what its speaker noted. */
const slideBlocks = async (archive: Archive, part: string): Promise<Block[]> => {
  const relations = await relationsOf(archive, part)
  const others = new Map<string, Block[]>()
  for (const { id, type, target } of relations) {
    if (type === 'chart') others.set(id, chartBlocks(await readPart(archive, target)))
    else if (type === 'diagramData') others.set(id, diagramBlocks(await readPart(archive, target)))
    else if (type === 'image') others.set(id, pictureBlocks(archive, target))
  }
  const partBlocks = (id: string | undefined) => others.get(id ?? '') ?? []
  const notes = relations.find(({ type }) => type === 'notesSlide')
  const shapes = [part, ...(notes ? [notes.target] : [])].map((name) => readPart(archive, name))
  return (await Promise.all(shapes)).flatMap((slide) => [...shapeBlocks(childOf(slide, 'cSld', 'spTree'), partBlocks)])
}

async function* blocksOf(archive: Archive, slides: string[]): AsyncGenerator<Block> {
  for (const [index, slide] of slides.entries()) {
    if (index > 0) yield { kind: 'pageBreak' }
    yield* await slideBlocks(archive, slide)
  }
}

/**
 * Opens a presentation: a page for each slide, hidden ones too, with titles, lists, tables, charts, diagrams and notes.
 * Throws ExtractionError: file_corrupt, file_encrypted, archive_too_large.
 */
export const openPptx: OpenFlow = async ({ request }): Promise<FlowSource> => {
  const archive = await openArchive(request.path)
  try {
    const slides = await slidesOf(archive, await mainPart(archive, 'ppt/presentation.xml'))
    return { blocks: () => blocksOf(archive, slides), close: archive.close }
  } catch (error) {
    archive.close()
    throw error
  }
}
