import type { Span } from '@adp/contract/geometry.ts'
import type { ExtractedPage } from '../extractor.ts'
import type { MoveSpan } from '../spans.ts'
import { cutOf, startWriting, type Writing, writeCut, writeText } from './cut.ts'
import { escapeComment, escapeHtml, escapeMarkdown, escapeOneLine } from './escape.ts'
import type { Cut } from './mapped-text.ts'
import { writeTable } from './markdown-table.ts'
import { type PageBlock, type Piece, piecesOfPage } from './page-blocks.ts'

/** Between two pages, as Azure writes it. */
export const PAGE_BREAK = '<!-- PageBreak -->'

const COMMENTS: Record<string, string> = {
  pageHeader: 'PageHeader',
  pageFooter: 'PageFooter',
  pageNumber: 'PageNumber',
}

const HEADINGS: Record<string, string> = { title: '# ', sectionHeading: '## ' }

/** How print and Office mark what is listed. Markdown knows a hyphen, and numbers. */
const BULLET = /^[-•◦▪■●‣⁃∙·–](?=[ \t]+\S)/
const NUMBER = /^\d{1,9}[.)](?=[ \t]+\S)/

type Paragraph = Extract<PageBlock, { kind: 'paragraph' }>['paragraph']

const isItem = ({ role }: Paragraph, { text }: Cut): boolean =>
  role === undefined && (BULLET.test(text) || NUMBER.test(text))

const writeItem = (writing: Writing, cut: Cut) =>
  writeCut(writing, cut, (text) => {
    const [mark = ''] = BULLET.exec(text) ?? NUMBER.exec(text) ?? []
    const units = escapeMarkdown(text, mark.length)
    if (BULLET.test(text)) units[0] = '-'
    return units
  })

const writeParagraph = (writing: Writing, paragraph: Paragraph, cut: Cut) => {
  const comment = COMMENTS[paragraph.role ?? '']
  const heading = HEADINGS[paragraph.role ?? '']
  if (comment !== undefined) {
    writing.out.add(`<!-- ${comment}="`)
    writeCut(writing, cut, escapeComment)
    writing.out.add('" -->')
  } else if (heading !== undefined) {
    writing.out.add(heading)
    writeCut(writing, cut, escapeOneLine)
  } else if (isItem(paragraph, cut)) writeItem(writing, cut)
  else writeCut(writing, cut, escapeMarkdown)
}

type Figure = Extract<PageBlock, { kind: 'figure' }>['figure']

/** Spans without what of them is in another. */
const without = (spans: readonly Span[], other: Span): Span[] =>
  spans.flatMap(({ offset, length }) => {
    const [from, to] = [Math.max(offset, other.offset), Math.min(offset + length, other.offset + other.length)]
    if (from >= to) return [{ offset, length }]
    const both = [
      { offset, length: from - offset },
      { offset: to, length: offset + length - to },
    ]
    return both.filter((each) => each.length > 0)
  })

const writeFigure = (writing: Writing, { caption }: Figure, pieces: readonly Piece[]) => {
  const text = (caption?.spans ?? []).reduce(without, pieces.map(spanOf))
  writing.out.add('<figure>\n')
  if (caption) {
    writing.out.add('<figcaption>')
    writeText(writing, caption, escapeHtml)
    writing.out.add('</figcaption>\n')
  }
  writing.out.add('\n')
  writeCut(writing, cutOf(writing.content, text), escapeMarkdown)
  writing.out.add('\n\n</figure>')
}

const spanOf = ({ from, to }: Piece) => ({ offset: from, length: to - from })

const writeBlock = (writing: Writing, block: PageBlock | null, pieces: readonly Piece[], cut: Cut) => {
  if (block === null) writeCut(writing, cut, escapeMarkdown)
  else if (block.kind === 'table') writeTable(writing, block.table)
  else if (block.kind === 'figure') writeFigure(writing, block.figure, pieces)
  else writeParagraph(writing, block.paragraph, cut)
}

/**
 * A page as Azure writes one with outputContentFormat markdown: headings by role, lists, tables in HTML, what repeats on every page in
 * comments. Whatever is in the content is in it once, in its order; `move` takes spans from the content into the Markdown.
 */
export const composeMarkdown = ({ content, page, parts }: ExtractedPage): { text: string; move: MoveSpan } => {
  const writing = startWriting(content, page)
  const { pieces, apart } = piecesOfPage({ content, page, parts: parts ?? null })
  const groups = Map.groupBy(pieces, (piece) => piece.block ?? piece)
  let last: 'nothing' | 'item' | 'other' = 'nothing'
  const write = (block: PageBlock | null, of: readonly Piece[]) => {
    const cut = cutOf(content, of.map(spanOf))
    const item = block?.kind === 'paragraph' && isItem(block.paragraph, cut)
    if (last !== 'nothing') writing.out.add(last === 'item' && item ? '\n' : '\n\n')
    writeBlock(writing, block, of, cut)
    last = item ? 'item' : 'other'
  }
  for (const [key, of] of groups) {
    const block = 'kind' in key ? key : null
    if (content.slice(of[0]?.from, of.at(-1)?.to).trim() !== '') write(block, of)
  }
  for (const block of apart) write(block, [])
  return { text: writing.out.toString(), move: writing.out.move }
}
