import { ExtractionError } from '../../../extractor.ts'
import { type Block, paragraph } from '../../flow/blocks.ts'
import type { FlowSource, OpenFlow } from '../../flow/read-flow.ts'
import { type Archive, openArchive } from '../archive.ts'
import { asParagraphs, chartBlocks, drawingTexts } from '../drawing.ts'
import { mainPart, readPart, relationsOf } from '../package.ts'
import { regions, type SheetCell } from '../regions.ts'
import { childOf, childrenOf, descendantsOf, streamElements, textOf, type XmlElement } from '../xml.ts'
import { type Merge, placeOf, readMerges } from './sheet-tail.ts'
import { readWorkbook, richText, type Workbook } from './workbook.ts'

/** Filled cells of a workbook. Twice as many take 15 s, and nobody reads them as a document. */
export const MOST_CELLS = 1_000_000

/** How many cells were read so far, of all sheets. */
export type CellCount = { cells: number }

/** @throws ExtractionError too_many_cells */
export const countCells = (count: CellCount, more: number): void => {
  count.cells += more
  if (count.cells > MOST_CELLS)
    throw new ExtractionError('too_many_cells', `The file has more than ${MOST_CELLS} filled cells`)
}

const cellText = (cell: XmlElement, { shared, show }: Workbook): string => {
  const { t: type = 'n', s: style = '0' } = cell.attributes
  if (type === 'inlineStr') return richText(childOf(cell, 'is'))
  const value = textOf(childOf(cell, 'v'))
  if (type === 's') return shared[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : value
  return type === 'n' ? show(value, Number(style)) : value
}

const sheetRow = (row: XmlElement, before: number, book: Workbook, merges: Map<string, Merge>): SheetCell[] => {
  const number = Number(row.attributes.r ?? before + 1) - 1
  let next = 0
  return childrenOf(row, 'c').flatMap((cell) => {
    const column = placeOf(cell.attributes.r ?? '')?.column ?? next
    next = column + 1
    const text = cellText(cell, book)
    const merge = merges.get(`${number}/${column}`)
    return text.trim() === ''
      ? []
      : [{ row: number, column, rowSpan: merge?.rowSpan ?? 1, columnSpan: merge?.columnSpan ?? 1, text }]
  })
}

async function* sheetRows(
  archive: Archive,
  part: string,
  book: Workbook,
  count: CellCount,
): AsyncGenerator<SheetCell[]> {
  const merges = await readMerges(archive, part)
  let row = 0
  for await (const element of streamElements(await archive.stream(part), ['row'])) {
    const cells = sheetRow(element, row, book, merges)
    row = Number(element.attributes.r ?? row + 1)
    countCells(count, cells.length)
    yield cells
  }
}

/** Text boxes and charts that lie over a sheet. */
async function* drawingBlocks(archive: Archive, part: string): AsyncGenerator<Block> {
  for (const { type, target } of await relationsOf(archive, part)) {
    if (type !== 'drawing') continue
    const drawing = await readPart(archive, target)
    for (const shape of descendantsOf(drawing, 'txBody')) yield* asParagraphs(drawingTexts(shape))
    for (const relation of await relationsOf(archive, target))
      if (relation.type === 'chart') yield* chartBlocks(await readPart(archive, relation.target))
  }
}

async function* blocksOf(archive: Archive, book: Workbook): AsyncGenerator<Block> {
  const count: CellCount = { cells: 0 }
  for (const [index, { name, part, isChart }] of book.sheets.entries()) {
    if (index > 0) yield { kind: 'pageBreak' }
    yield paragraph(name, 'sectionHeading')
    if (!archive.has(part)) continue
    if (!isChart) yield* regions(sheetRows(archive, part, book, count))
    yield* drawingBlocks(archive, part)
  }
}

/**
 * Opens a workbook, with macros or without: a page for each sheet, hidden ones too, with its tables as they are shown, text boxes and
 * charts. Throws ExtractionError: file_corrupt, file_encrypted, archive_too_large; reading it too_many_cells.
 */
export const openXlsx: OpenFlow = async ({ request }): Promise<FlowSource> => {
  const archive = await openArchive(request.path)
  try {
    const book = await readWorkbook(archive, await mainPart(archive, 'xl/workbook.xml'))
    return { blocks: () => blocksOf(archive, book), close: archive.close }
  } catch (error) {
    archive.close()
    throw error
  }
}
