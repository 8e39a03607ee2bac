import path from 'node:path'
import type { Page, ResultHeader } from '@adp/contract/analyze-result.ts'
import type { Token } from 'stream-json/core/parser.js'
import { createAssembler } from './assemble.ts'
import type { FoundPage } from './check-result.ts'
import { type ContentFile, createContentFile } from './content-file.ts'
import { createPageFiles, type PageFiles, type Placed } from './page-files.ts'
import { createPlaces, firstRegionPage, type PageSpans } from './places.ts'
import { requireElement, requireNewKey } from './result-schemas.ts'
import { readTokens, storable, trackKeys } from './tokens.ts'
import { checkWhole, type Found } from './whole-result.ts'

/** A result whose elements lie in files, one for each page. Its memory is that of a list of its pages. */
export type SplitResult = {
  header: ResultHeader
  /** In the order of their numbers. */
  pages: (FoundPage & PageSpans)[]
  content: ContentFile
  files: PageFiles
  /** Closes the file of the content. The folder is its maker's to remove. */
  close(): Promise<void>
}

/**
 * Reads the result of an answer in a file once, checks every element, and sorts them by page into files in `folder`.
 * @throws ExtractionError provider_answer_broken; result_invalid with the path of the first problem; result_outdated_shape
 */
export async function splitResult(file: string, folder: string): Promise<SplitResult> {
  const content = await createContentFile(path.join(folder, 'content.utf16'))
  try {
    const files = createPageFiles(folder)
    const reader = createReader(files)
    const keyOf = trackKeys()
    for await (const tokens of readTokens(file)) {
      for (const token of tokens) if (keyOf(token) === 'analyzeResult') reader.add(token)
      await content.append(reader.takeContent())
      await files.relieve()
    }
    const { header, pages } = checkWhole(reader.found(content.length()))
    await placeByContent(files, pages)
    return { header, pages, content, files, close: content.close }
  } catch (error) {
    await content.close()
    throw error
  }
}

/** Takes the tokens of an AnalyzeResult, one by one. */
function createReader(files: PageFiles) {
  const keyOf = trackKeys()
  const assembler = createAssembler()
  const values: Record<string, unknown> = {}
  const counts = new Map<string, number>()
  const pages: (FoundPage & PageSpans)[] = []
  let text = ''
  let hasContent = false
  let inList = false
  let inValue = false

  function add(token: Token): void {
    const key = keyOf(token)
    if (key === null) return
    if (key === 'content' && (hasContent || token.name === 'startString')) addContent(token)
    else if (inValue) continueValue(key, token)
    else if (token.name === 'startArray' && !inList) beginList(key)
    else if (token.name === 'endArray') inList = false
    else continueValue(key, token)
  }

  function continueValue(key: string, token: Token): void {
    inValue = !assembler.add(token)
    if (inValue) return
    if (inList) addElement(key, assembler.value())
    else values[key] = assembler.value()
  }

  function addContent(token: Token): void {
    hasContent = true
    if (token.name === 'stringChunk') text += storable(token.value)
  }

  function beginList(key: string): void {
    requireNewKey(key)
    inList = true
    counts.set(key, counts.get(key) ?? 0)
  }

  function addElement(key: string, element: unknown): void {
    const index = counts.get(key) ?? 0
    counts.set(key, index + 1)
    requireElement(key, index, element)
    // Warnings are about the whole document, and what we do not know may be.
    if (key === 'warnings' || typeof element !== 'object' || element === null || Array.isArray(element)) {
      const list = values[key]
      values[key] = [...(Array.isArray(list) ? list : []), element]
      return
    }
    const placed = { key, index, element } as Placed
    if (key === 'pages') pages.push(toFoundPage(placed.element as Page))
    files.add(key === 'pages' ? Number(placed.element.pageNumber) : firstRegionPage(placed.element), placed)
  }

  function takeContent(): string {
    const taken = text
    text = ''
    return taken
  }

  const found = (contentLength: number): Found<FoundPage & PageSpans> => ({
    values,
    counts,
    contentLength: hasContent ? contentLength : null,
    pages,
    pagesOfElements: files.pages(),
  })

  return { add, takeContent, found }
}

const toFoundPage = ({ pageNumber, spans, width, height, unit }: Page): FoundPage & PageSpans => ({
  pageNumber,
  spans,
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
  ...(unit !== undefined && { unit }),
})

/** Sorts what has no regions, as in Office files, by where it is in the content: that needs all pages, and they may come last. */
async function placeByContent(files: PageFiles, pages: readonly PageSpans[]): Promise<void> {
  await files.flush()
  const placeOf = createPlaces(pages)
  for await (const placed of files.unknown()) {
    files.add(placeOf(placed.element), placed)
    await files.relieve()
  }
  await files.flush()
}
