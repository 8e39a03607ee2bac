import { type Block, paragraph, type Role } from '../../flow/blocks.ts'
import type { FlowSource, OpenFlow } from '../../flow/read-flow.ts'
import type { Archive } from '../archive.ts'
import { regions, type SheetCell } from '../regions.ts'
import { countCells } from '../xlsx/open-xlsx.ts'
import { childOf, descendantsOf, elementsOf, streamElements, type XmlElement } from '../xml.ts'
import { openOdf } from './flat-odf.ts'
import { type OdfContext, odfBlocks } from './odf-blocks.ts'
import { masterParts, readOdfContext, requirePlain } from './odf-parts.ts'
import { odfRow, rowRepeats, tableRows } from './odf-table.ts'

const CONTENT = 'content.xml'

type Odf = { archive: Archive; startContext: () => OdfContext }

function* eachOnce(parts: XmlElement[], role: Role, context: OdfContext): Generator<Block> {
  const said = new Set<string>()
  for (const block of parts.flatMap((part) => [...odfBlocks(elementsOf(part), context, role)])) {
    const text = block.kind === 'paragraph' ? block.text : ''
    if (!said.has(text)) yield block
    said.add(text)
  }
}

/** In a flat file it stands before the body, and has texts of its own: headers, and what slides begin with. */
const NOT_OF_BODY = ['master-styles']

const TEXT_BODY = [
  'p',
  'h',
  'list',
  'table',
  'section',
  'table-of-content',
  'frame',
  'custom-shape',
  'list-style',
  'style',
  'tracked-changes',
  'forms',
  ...NOT_OF_BODY,
]

async function* textBlocks({ archive, startContext }: Odf): AsyncGenerator<Block> {
  const context = startContext()
  yield* eachOnce(await masterParts(archive, 'header'), 'pageHeader', context)
  for await (const element of streamElements(await archive.stream(CONTENT), TEXT_BODY))
    yield* odfBlocks([element], context)
  for (const note of context.notes)
    yield* odfBlocks(elementsOf(childOf(note, 'note-body')), { ...context, notes: [] }, 'footnote')
  yield* eachOnce(await masterParts(archive, 'footer'), 'pageFooter', context)
}

/** The rows of a sheet; one that is repeated is repeated as long as that is no emptiness. */
function* sheetRows(sheet: XmlElement): Generator<SheetCell[]> {
  const count = { cells: 0 }
  let row = 0
  for (const { element } of tableRows(sheet)) {
    const cells = odfRow(element, row)
    const copies = cells.length === 0 ? 0 : rowRepeats(element)
    for (let copy = 0; copy < copies; copy += 1) {
      countCells(count, cells.length)
      yield cells.map((cell) => ({ ...cell, row: row + copy }))
    }
    row += rowRepeats(element)
  }
}

async function* spreadsheetBlocks({ archive, startContext }: Odf): AsyncGenerator<Block> {
  const context = startContext()
  let isFirst = true
  for await (const sheet of streamElements(await archive.stream(CONTENT), [
    'table',
    'tracked-changes',
    ...NOT_OF_BODY,
  ])) {
    if (sheet.name !== 'table') continue
    if (!isFirst) yield { kind: 'pageBreak' }
    isFirst = false
    yield paragraph(sheet.attributes.name ?? '', 'sectionHeading')
    yield* regions(sheetRows(sheet))
    for (const shapes of descendantsOf(sheet, 'shapes', 'frame'))
      yield* odfBlocks(shapes.name === 'frame' ? [shapes] : elementsOf(shapes), context)
  }
}

/** `draw:page` is the only element of that name in a presentation's body. */
async function* presentationBlocks({ archive, startContext }: Odf): AsyncGenerator<Block> {
  const context = startContext()
  let isFirst = true
  for await (const slide of streamElements(await archive.stream(CONTENT), ['page', ...NOT_OF_BODY])) {
    if (slide.name !== 'page') continue
    if (!isFirst) yield { kind: 'pageBreak' }
    isFirst = false
    yield* odfBlocks(elementsOf(slide), context)
    yield* odfBlocks(elementsOf(childOf(slide, 'notes')), context)
  }
}

const openWith =
  (blocks: (odf: Odf) => AsyncGenerator<Block>): OpenFlow =>
  async ({ request }): Promise<FlowSource> => {
    const archive = await openOdf(request.path)
    try {
      await requirePlain(archive)
      const odf = { archive, startContext: await readOdfContext(archive) }
      return { blocks: () => blocks(odf), close: archive.close }
    } catch (error) {
      archive.close()
      throw error
    }
  }

/** Opens a text of OpenDocument. Throws ExtractionError: file_corrupt, file_encrypted, archive_too_large. */
export const openOdt = openWith(textBlocks)

/** Opens a spreadsheet of OpenDocument: a page for each sheet. Throws as openOdt does; reading it too_many_cells. */
export const openOds = openWith(spreadsheetBlocks)

/** Opens a presentation of OpenDocument: a page for each slide, with its notes. Throws as openOdt does. */
export const openOdp = openWith(presentationBlocks)
