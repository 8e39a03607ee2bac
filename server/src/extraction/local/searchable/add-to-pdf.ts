import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises'
import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFPage, type PDFRef } from '@cantoo/pdf-lib'
import { deflated } from './deflated.ts'
import { createGlyphs, fontOf } from './glyphless-font.ts'
import { FONT_NAME, invisibleText } from './invisible-text.ts'
import { intersection, toUserSpace } from './page-space.ts'
import type { SearchableLine, SearchablePage } from './searchable-page.ts'

/** A PDF that PDFium reads and pdf-lib does not, or in which nothing may be changed. */
export class NotEditable extends Error {
  override name = 'NotEditable'
}

const FONT = PDFName.of(FONT_NAME)

/** The page's resources, its own from now on, with one font more: they may be inherited, or shared with others. */
const addFont = ({ node, doc }: PDFPage, font: PDFRef) => {
  const { context } = doc
  const resources = context.obj({})
  for (const [key, value] of node.Resources()?.entries() ?? []) resources.set(key, value)
  const fonts = context.obj({})
  for (const [key, value] of resources.lookupMaybe(PDFName.of('Font'), PDFDict)?.entries() ?? []) fonts.set(key, value)
  fonts.set(FONT, font)
  resources.set(PDFName.of('Font'), fonts)
  node.set(PDFName.Resources, resources)
}

/** Before all else on the page, where nothing has changed the graphics state yet. */
const addContent = ({ node, doc }: PDFPage, content: string) => {
  const { context } = doc
  const contents = context.obj([context.register(deflated(context, content))])
  const own = node.get(PDFName.Contents)
  const resolved = own && context.lookup(own)
  if (resolved instanceof PDFArray) for (const each of resolved.asArray()) contents.push(each)
  else if (resolved && own) contents.push(own)
  node.set(PDFName.Contents, contents)
}

const turnsOf = (page: PDFPage): number => (((page.getRotation().angle / 90) % 4) + 4) % 4

/** What of the page is shown; a crop box beside the page is none. */
const shownBox = (page: PDFPage) => {
  const box = intersection(page.getCropBox(), page.getMediaBox())
  return box.width > 0 && box.height > 0 ? box : page.getMediaBox()
}

/** Whether the table of objects is where the end of the file says. Behind one that is damaged nothing can be added: it is written anew. */
const isIntact = (bytes: Buffer, startOfTable: number): boolean =>
  startOfTable > 0 && /^\s*(?:xref\s|\d+\s+\d+\s+obj)/.test(bytes.toString('latin1', startOfTable, startOfTable + 40))

const pagesOf = (document: PDFDocument): PDFPage[] => {
  try {
    return document.getPages()
  } catch (error) {
    throw new NotEditable(String(error), { cause: error })
  }
}

export type EditablePdf = {
  /** Writes lines, invisible, on a page. */
  addText(page: SearchablePage, lines: SearchableLine[]): void
  /** Writes the file: the original, byte for byte, and behind it what was added. One that is damaged is written anew. */
  save(output: string): Promise<void>
}

/** Opens a PDF to write on its pages. @param pageCount as PDFium has it  Throws NotEditable. */
export const openEditablePdf = async (path: string, pageCount: number): Promise<EditablePdf> => {
  const bytes = await readFile(path)
  const document = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: false }).catch(
    (error: unknown) => {
      throw new NotEditable(String(error), { cause: error })
    },
  )
  const { context } = document
  if (context.trailerInfo.Encrypt) throw new NotEditable('The PDF is encrypted')
  const snapshot = document.takeSnapshot()
  const font = context.nextRef()
  const glyphs = createGlyphs()
  const pages = pagesOf(document)
  if (pages.length !== pageCount) throw new NotEditable(`${pages.length} pages are found, and ${pageCount} by PDFium`)
  return {
    addText(read, lines) {
      const page = pages[read.pageNumber - 1]
      if (!page || !(read.width > 0 && read.height > 0)) return
      const content = invisibleText(lines, toUserSpace(shownBox(page), turnsOf(page), read), glyphs)
      addFont(page, font)
      addContent(page, content)
      snapshot.markRefForSave(page.ref)
    },
    async save(output) {
      context.assign(
        font,
        fontOf(context, glyphs, (object) => context.register(object)),
      )
      const { prevStartXRef, useObjectStreams } = context.pdfFileDetails
      if (!isIntact(bytes, prevStartXRef))
        return writeFile(output, await document.save({ updateFieldAppearances: false, useObjectStreams: false }))
      const increment = await document.saveIncremental(snapshot, { useObjectStreams })
      await copyFile(path, output)
      await appendFile(output, increment)
    },
  }
}
