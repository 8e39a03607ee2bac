import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { type Archive, openArchive } from '../../../server/src/extraction/local/office/archive.ts'
import { mainPart, readPart } from '../../../server/src/extraction/local/office/package.ts'
import { childOf, childrenOf, descendantsOf, textOf } from '../../../server/src/extraction/local/office/xml.ts'

/** Roles of text that Docling reads and does not write into its Markdown: its "furniture". */
const FURNITURE = new Set(['pageHeader', 'pageFooter'])

const AXES = ['catAx', 'valAx', 'serAx', 'dateAx']

async function* speakerNotes(archive: Archive): AsyncGenerator<string> {
  for (const name of archive.names())
    if (/^ppt\/notesSlides\/[^/]+\.xml$/.test(name))
      for (const paragraph of descendantsOf(await readPart(archive, name), 'p')) yield textOf(paragraph)
}

async function* titlesOfAxes(archive: Archive): AsyncGenerator<string> {
  for (const name of archive.names())
    if (/\/charts\/chart[^/]*\.xml$/.test(name))
      for (const axis of descendantsOf(await readPart(archive, name), ...AXES))
        for (const text of descendantsOf(childOf(axis, 'title'), 't', 'v')) yield textOf(text)
}

/** A page of ours is a sheet, unless one was too long for a page. */
async function* hiddenSheets(archive: Archive, pages: readonly string[]): AsyncGenerator<string> {
  const book = await readPart(archive, await mainPart(archive, 'xl/workbook.xml'))
  const sheets = childrenOf(childOf(book, 'sheets'), 'sheet')
  for (const [index, { attributes }] of sheets.entries())
    if (attributes.state !== undefined && attributes.state !== 'visible' && sheets.length === pages.length)
      yield pages[index] ?? ''
}

/**
 * Text that is in a file and that Docling, by rules of its own, does not write into its Markdown: headers and footers, what speakers noted,
 * the titles of a chart's axes, hidden sheets.
 * @param pages the text of each page as it was read
 */
export const leftOut = async (file: string, result: AnalyzeResult, pages: readonly string[]): Promise<string[]> => {
  const furniture = (result.paragraphs ?? []).filter(({ role }) => FURNITURE.has(role ?? '')).map((one) => one.content)
  if (!/\.(docx|xls[xm]|pptx)$/i.test(file)) return furniture
  const archive = await openArchive(file)
  try {
    const found = [...furniture]
    for (const texts of [speakerNotes(archive), titlesOfAxes(archive), hiddenSheets(archive, pages)])
      for await (const text of texts) found.push(text)
    return found
  } finally {
    archive.close()
  }
}
