import type {
  BoundingRegionOutput,
  DocumentKeyValuePairOutput,
  DocumentPageOutput,
  DocumentParagraphOutput,
  DocumentTableOutput,
} from '@azure-rest/ai-document-intelligence'
import type { ContentPage } from './content.ts'
import type { TextWriter, Written } from './text-writer.ts'

/** What stands on a page somewhere: its text, its span and its place. */
export type Placed = { content: string; spans: Written['span'][]; boundingRegions?: BoundingRegionOutput[] }

export type PageWriter = {
  /** @param around markup of the line, which is in the content and in no span */
  line(words: string[], around?: { before?: string; after?: string }): Placed & { words: Placed[] }
  mark(state: 'selected' | 'unselected'): Placed
  finish(): DocumentPageOutput
}

/** So many lines fit on a generated page. */
const LINES = 50
const CONFIDENCE = 0.98

/** Writes a page line by line, each below the one before. Pages without a size (Office, HTML) get no places. */
export function createPageWriter(
  text: TextWriter,
  pageNumber: number,
  size: ContentPage,
  markdown: boolean,
): PageWriter {
  const { width, height, unit } = size
  const from = text.offset
  const lines: NonNullable<DocumentPageOutput['lines']> = []
  const words: NonNullable<DocumentPageOutput['words']> = []
  const marks: NonNullable<DocumentPageOutput['selectionMarks']> = []
  let row = 0

  /** @param left and right, from 0 to 1 of the width */
  const polygonAt = (left: number, right: number): { polygon?: number[] } => {
    if (width === undefined || height === undefined) return {}
    const [x, x2] = [rounded(left * width), rounded(right * width)]
    const [y, y2] = [rounded(((row + 0.1) / LINES) * height), rounded(((row + 0.9) / LINES) * height)]
    return { polygon: [x, y, x2, y, x2, y2, x, y2] }
  }
  const placed = ({ content, span }: Written, { polygon }: { polygon?: number[] }): Placed => ({
    content,
    spans: [span],
    ...(polygon && { boundingRegions: [{ pageNumber, polygon }] }),
  })
  const nextLine = () => {
    if (text.offset > from) text.write('\n')
    row += 1
  }
  return {
    line(parts, { before, after } = {}) {
      nextLine()
      if (before) text.write(before)
      const written = text.words(parts)
      if (after) text.write(after)
      const step = 0.8 / parts.length
      const places = written.words.map((word, index) => {
        const place = polygonAt(0.1 + index * step, 0.1 + (index + 0.9) * step)
        words.push({ content: word.content, ...place, confidence: CONFIDENCE, span: word.span })
        return placed(word, place)
      })
      const place = polygonAt(0.1, 0.1 + (parts.length - 0.1) * step)
      lines.push({ content: written.line.content, ...place, spans: [written.line.span] })
      return { ...placed(written.line, place), words: places }
    },
    mark(state) {
      nextLine()
      const written = text.write(markdown ? (state === 'selected' ? '☒' : '☐') : `:${state}:`)
      const place = polygonAt(0.1, 0.12)
      marks.push({ state, ...place, confidence: CONFIDENCE, span: written.span })
      return placed(written, place)
    },
    finish: () => ({
      pageNumber,
      ...(width === undefined ? {} : { angle: 0, width, height: height as number, unit: unit as string }),
      words,
      ...(marks.length > 0 && { selectionMarks: marks }),
      lines,
      spans: [text.since(from)],
    }),
  }
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000

export const paragraphOf = ({ content, spans, boundingRegions }: Placed, role?: string): DocumentParagraphOutput => ({
  spans,
  ...(boundingRegions && { boundingRegions }),
  ...(role && { role }),
  content,
})

const elementOf = ({ content, spans, boundingRegions }: Placed) => ({
  content,
  spans,
  ...(boundingRegions && { boundingRegions }),
})

/** A label and its value. */
export const pairOf = (key: Placed, value: Placed): DocumentKeyValuePairOutput => ({
  key: elementOf(key),
  value: elementOf(value),
  confidence: 0.9,
})

export type TableTexts = Record<'header' | 'left' | 'upper' | 'lower', Placed>

/** A header over both columns, and below it a cell beside two. Spans of 1 are left out, as the service leaves them out. */
export function tableOf({ header, left, upper, lower }: TableTexts, span: Written['span']): DocumentTableOutput {
  const { boundingRegions } = header
  return {
    rowCount: 3,
    columnCount: 2,
    cells: [
      { kind: 'columnHeader', rowIndex: 0, columnIndex: 0, columnSpan: 2, ...elementOf(header) },
      { rowIndex: 1, columnIndex: 0, rowSpan: 2, ...elementOf(left) },
      { rowIndex: 1, columnIndex: 1, ...elementOf(upper) },
      { rowIndex: 2, columnIndex: 1, ...elementOf(lower) },
    ],
    ...(boundingRegions && { boundingRegions }),
    spans: [span],
  }
}
