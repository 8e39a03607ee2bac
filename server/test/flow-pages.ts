import type { ExtractedPage } from '../src/extraction/extractor.ts'

/** Of one of a page's tables: where each cell stands, its text, its kind and its spans, as a line to compare. */
export const cellLines = ({ parts }: ExtractedPage, table = 0): string[] =>
  (parts?.tables?.[table]?.cells ?? []).map(({ rowIndex, columnIndex, content, kind, rowSpan, columnSpan }) =>
    [`${rowIndex}/${columnIndex}`, content, kind, rowSpan && `${rowSpan} rows`, columnSpan && `${columnSpan} columns`]
      .filter((part) => part !== undefined)
      .join(' '),
  )

/** The roles and texts of a page's paragraphs. */
export const paragraphLines = ({ parts }: ExtractedPage): string[] =>
  (parts?.paragraphs ?? []).map(({ role, content }) => (role ? `${role}: ${content}` : content))

/** What every span of paragraphs and cells covers, beside what it should: equal when all fit. */
export const spanTexts = ({ content, parts }: ExtractedPage): { covered: string[]; said: string[] } => {
  const cells = (parts?.tables ?? []).flatMap((table) => table.cells)
  const all = [...(parts?.paragraphs ?? []), ...cells]
  return {
    covered: all.map(({ spans }) => spans.map(({ offset, length }) => content.slice(offset, offset + length)).join('')),
    said: all.map((each) => each.content),
  }
}
