import type { Page, ResultParts } from '@adp/contract/analyze-result.ts'
import { ExtractionError } from '../extractor.ts'
import { type MoveSpan, moveInto, moveSpans, piecesOf } from '../spans.ts'
import type { ContentFile } from './content-file.ts'
import type { Placed } from './page-files.ts'
import type { PageSpans } from './places.ts'
import type { SplitResult } from './split-result.ts'

/** One page with what begins on it. Spans index the page's own content; what goes on beyond the page is cut, but for its `content`. */
export type AnalyzedPage = { content: string; page: Page; parts: ResultParts | null }

/**
 * The pages of a result, one after another, in the order of their numbers.
 * @throws ExtractionError result_invalid when a span is outside its page, or a word is not the text that its span says
 */
export async function* readPages(result: SplitResult): AsyncGenerator<AnalyzedPage> {
  for (const where of result.pages) {
    const content = await readContent(result.content, where)
    const placed = await result.files.read(where.pageNumber)
    const analyzed = compose(content, placed, moveInto(piecesOf(where.spans)), where.pageNumber)
    // Other index types count otherwise, and are refused by checkResult.
    if (result.header.stringIndexType === 'utf16CodeUnit') requireWords(analyzed)
    yield analyzed
  }
}

async function readContent(file: ContentFile, { spans }: PageSpans): Promise<string> {
  let content = ''
  for (const { offset, length } of spans) content += await file.slice(offset, length)
  // The edge of a page may be between the halves of a pair, in a result that is wrong elsewhere too.
  return content.toWellFormed()
}

function compose(content: string, placed: readonly Placed[], move: MoveSpan, pageNumber: number): AnalyzedPage {
  let page: Page | undefined
  const parts = new Map<string, unknown[]>()
  for (const { key, element } of placed) {
    try {
      if (key === 'pages') page = moveSpans(element, move) as Page
      else listOf(parts, key).push(moveSpans(element, move))
    } catch (error) {
      if (error instanceof RangeError) refuse(pageNumber, error.message)
      throw error
    }
  }
  if (page === undefined) throw new Error(`the file of page ${pageNumber} has no page`)
  return { content, page, parts: parts.size > 0 ? (Object.fromEntries(parts) as ResultParts) : null }
}

function listOf(parts: Map<string, unknown[]>, key: string): unknown[] {
  const list = parts.get(key) ?? []
  parts.set(key, list)
  return list
}

function requireWords({ content, page }: AnalyzedPage): void {
  const wrong = page.words?.findIndex(
    ({ span, content: word }) => content.slice(span.offset, span.offset + span.length) !== word,
  )
  if (wrong !== undefined && wrong >= 0) refuse(page.pageNumber, `the span of word ${wrong} is not where its text is`)
}

function refuse(pageNumber: number, problem: string): never {
  throw new ExtractionError('result_invalid', `Page ${pageNumber}: ${problem}.`)
}
