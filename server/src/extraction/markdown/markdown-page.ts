import type { ExtractedPage } from '../extractor.ts'
import { type MoveSpan, moveSpans } from '../spans.ts'
import { composeMarkdown } from './compose-markdown.ts'

/** A word has one span: from where it begins in the Markdown to where it ends. */
const hull =
  (move: MoveSpan): MoveSpan =>
  (span) => {
    const moved = move(span)
    const offset = Math.min(...moved.map((each) => each.offset))
    const end = Math.max(...moved.map((each) => each.offset + each.length))
    return [{ ...span, offset, length: end - offset }]
  }

/** A page whose content is its Markdown, as Azure gives it when that is asked for: its spans, and those of all that is on it, index that. */
export const toMarkdownPage = <P extends ExtractedPage>(read: P): P => {
  const { text, move } = composeMarkdown(read)
  const { words, selectionMarks, formulas, barcodes, ...page } = read.page
  const single = { words, selectionMarks, formulas, barcodes }
  const found = Object.entries(single).flatMap(([name, each]) => (each ? [[name, moveSpans(each, hull(move))]] : []))
  return {
    ...read,
    content: text,
    page: {
      ...moveSpans(page, move),
      ...Object.fromEntries(found),
      spans: [{ offset: 0, length: text.length }],
    },
    parts: read.parts ? moveSpans(read.parts, move) : read.parts,
  }
}
