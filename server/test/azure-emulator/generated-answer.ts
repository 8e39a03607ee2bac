import type {
  AnalyzedDocumentOutput,
  AnalyzeResultOutput,
  DocumentKeyValuePairOutput,
  DocumentPageOutput,
  DocumentParagraphOutput,
  DocumentTableOutput,
} from '@azure-rest/ai-document-intelligence'
import type { AnalyzeOptions } from './analyze-options.ts'
import { API_VERSION } from './api-version.ts'
import type { ContentPage } from './content.ts'
import { writeInvoice, writeQueryFields } from './document-fields.ts'
import { createPageWriter, type PageWriter, type Placed, pairOf, paragraphOf, tableOf } from './page-writer.ts'
import { createTextWriter, type TextWriter } from './text-writer.ts'

export type AnalyzedContent = {
  sha256: string
  pages: ContentPage[]
  /** Those that are analyzed, from 1. */
  pageNumbers: number[]
  options: AnalyzeOptions
}

type Parts = {
  pages: DocumentPageOutput[]
  paragraphs: DocumentParagraphOutput[]
  tables: DocumentTableOutput[]
  keyValuePairs: DocumentKeyValuePairOutput[]
  documents: AnalyzedDocumentOutput[]
}

/** A woman and a girl, joined: 1 text element, 3 code points, 5 UTF-16 units. Who counts in a wrong unit reads something else after it. */
const FAMILY = '👩‍👧'

/**
 * A made-up result that follows the API description: its pages and sizes are the content's, its text names the content and the page. What
 * a model or a feature does not give is left out: `prebuilt-read` has no tables and no marks, pairs come with their feature only.
 */
export function generateAnswer(content: AnalyzedContent): AnalyzeResultOutput {
  const { options } = content
  const text = createTextWriter(options.stringIndexType)
  const parts: Parts = { pages: [], paragraphs: [], tables: [], keyValuePairs: [], documents: [] }
  for (const number of content.pageNumbers) writePage(text, parts, content, number)
  const isRead = options.modelId === 'prebuilt-read'
  return {
    apiVersion: API_VERSION,
    modelId: options.modelId,
    stringIndexType: options.stringIndexType,
    content: text.content,
    pages: parts.pages,
    ...(!isRead && { tables: parts.tables }),
    paragraphs: parts.paragraphs,
    styles: [],
    ...(options.features.has('keyValuePairs') && { keyValuePairs: parts.keyValuePairs }),
    ...(parts.documents.length > 0 && { documents: parts.documents }),
    contentFormat: options.contentFormat,
  }
}

function writePage(
  text: TextWriter,
  parts: Parts,
  { sha256, pages, options }: AnalyzedContent,
  pageNumber: number,
): void {
  const markdown = options.contentFormat === 'markdown'
  if (text.offset > 0) text.write(markdown ? '\n\n<!-- PageBreak -->\n\n' : '\n')
  const page = createPageWriter(text, pageNumber, pages[pageNumber - 1] as ContentPage, markdown)
  const title = page.line(
    ['Document', sha256.slice(0, 16), FAMILY, 'page', String(pageNumber)],
    markdown ? { before: '# ' } : {},
  )
  parts.paragraphs.push(paragraphOf(title, 'title'))
  const reference = page.line(['Reference:', `R-${sha256.slice(0, 8)}-${pageNumber}`])
  parts.paragraphs.push(paragraphOf(reference))
  const [key, value] = reference.words as [Placed, Placed]
  parts.keyValuePairs.push(pairOf(key, value))
  if (options.modelId !== 'prebuilt-read') {
    page.mark('selected')
    page.mark('unselected')
    if (parts.tables.length === 0) parts.tables.push(writeTable(text, page, markdown))
    if (parts.pages.length === 0) writeDocument(page, parts, options)
  }
  parts.pages.push(page.finish())
}

function writeTable(text: TextWriter, page: PageWriter, markdown: boolean): DocumentTableOutput {
  const markup = (before: string, after: string) => (markdown ? { before, after } : {})
  const header = page.line(['Both', '😀', 'columns'], markup('<table>\n<tr>\n<th colspan="2">', '</th>\n</tr>'))
  const left = page.line(['Widget'], markup('<tr>\n<td rowspan="2">', '</td>'))
  const upper = page.line(['12.50'], markup('<td>', '</td>\n</tr>'))
  const lower = page.line(['13.75'], markup('<tr>\n<td>', '</td>\n</tr>\n</table>'))
  const from = (header.spans[0] as { offset: number }).offset
  return tableOf({ header, left, upper, lower }, text.since(from))
}

/** What is read from the first page: an invoice, and the fields that were asked for. */
function writeDocument(page: PageWriter, { documents }: Parts, { modelId, queryFields }: AnalyzeOptions): void {
  const document: AnalyzedDocumentOutput =
    modelId === 'prebuilt-invoice' ? writeInvoice(page) : { docType: modelId, fields: {}, confidence: 1, spans: [] }
  document.fields = { ...document.fields, ...writeQueryFields(page, queryFields) }
  if (Object.keys(document.fields).length === 0) return
  const soFar = page.finish()
  documents.push({ ...document, spans: soFar.spans })
}
