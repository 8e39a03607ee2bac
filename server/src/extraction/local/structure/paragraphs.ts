import type { Box } from '../geometry.ts'
import { unionBox } from '../geometry.ts'
import { fontHeight } from '../tight-box.ts'
import type { FoundTable } from './grid.ts'
import type { Scale } from './scale.ts'
import { bottom, median, right, rowsOf, runsOf, sortedBy, type TextRow, type Token } from './token.ts'

export type Role = 'title' | 'sectionHeading' | 'pageHeader' | 'pageFooter' | 'pageNumber' | 'footnote'
export type FoundParagraph = { tokens: Token[]; box: Box; role?: Role }

/** A line of text as the page has it, in reading order, with the height of its font. */
type TextLine = { tokens: Token[]; box: Box; size: number }

/** Lines further apart than so many heights of their font are not of one paragraph. */
const FARTHEST_LINES = 0.75

/** Letters that differ in size by more than this are of different paragraphs. */
const SAME_SIZE = 1.18

/** A heading has letters so much larger than the text of the page, a title so much. */
const HEADING = 1.15
const TITLE = 1.5

/** A heading is short. */
const HEADING_WORDS = 14

/** The margins of a page, as shares of its height, where what repeats on every page stands. */
const TOP_MARGIN = 0.075
const BOTTOM_MARGIN = 0.925

/** Notes stand in the lower part of the page, in smaller letters, after a number or a mark. */
const NOTES_BELOW = 0.6
const NOTE_SIZE = 0.9
const NOTE_WORDS = 4
const NOTE_MARK = /^(?:\d{1,3}|[*†‡§]+|\(\d{1,2}\))[.)]?$/

/** A heading with its number is one whatever its size. */
const NUMBERED = /^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+\p{Lu}/u

const PAGE_NUMBER =
  /^(?:(?:page|página|pag\.?|seite|p\.)\s*)?[-–—|]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*(?:(?:\/|of|de|von)\s*\d{1,4})?\s*[-–—|]?$/i

/** The height of the font of most words: their letters alone have the height of those that happen to be in them. */
const sizeOf = (tokens: readonly Token[]): number => median(tokens.map(({ text, box }) => fontHeight(text, box.height)))

const lineOf = (row: TextRow): TextLine => ({ tokens: row.tokens, box: row.box, size: sizeOf(row.tokens) })

const textOf = (lines: readonly TextLine[]): string =>
  lines.map(({ tokens }) => tokens.map(({ text }) => text).join(' ')).join(' ')

const continues = (above: TextLine, below: TextLine): boolean => {
  const size = Math.max(above.size, below.size)
  const gap = below.box.y - bottom(above.box)
  const isBelow = gap > -0.5 * size && gap < FARTHEST_LINES * size
  const isAligned = below.box.x < right(above.box) && above.box.x < right(below.box)
  return isBelow && isAligned && size < SAME_SIZE * Math.min(above.size, below.size)
}

/** Lines of the content, in its order, where each is a line of the page that was read. */
const linesOf = (tokens: readonly Token[], content: string, scale: Scale): TextLine[] => {
  const lines: Token[][] = []
  let end = -1
  for (const token of sortedBy(tokens, ({ span }) => span.offset)) {
    if (token.span.offset < end) lines.at(-1)?.push(token)
    else {
      lines.push([token])
      const next = content.indexOf('\n', token.span.offset)
      end = next < 0 ? Infinity : next
    }
  }
  return lines.flatMap((line) => rowsOf(line).flatMap((row) => runsOf(row, 3 * scale.space).map(lineOf)))
}

/** The text of a paragraph is put together only where it may have a role: most are too long for one. */
const roleOf = (lines: readonly TextLine[], usual: number, page: { height: number }): Role | undefined => {
  const box = unionBox(lines.map((line) => line.box))
  const size = median(lines.map((line) => line.size))
  const [top, end] = [box.y / page.height, bottom(box) / page.height]
  const isMargin = end <= TOP_MARGIN || top >= BOTTOM_MARGIN
  if (isMargin && PAGE_NUMBER.test(textOf(lines))) return 'pageNumber'
  if (isMargin && lines.length <= 2) return end <= TOP_MARGIN ? 'pageHeader' : 'pageFooter'
  const words = lines.reduce((sum, { tokens }) => sum + tokens.length, 0)
  const [mark, first] = lines.slice(0, 2).flatMap(({ tokens }) => tokens)
  const isNote = words >= NOTE_WORDS && NOTE_MARK.test(mark?.text ?? '') && /\p{L}/u.test(first?.text ?? '')
  if (isNote && top > NOTES_BELOW && size < NOTE_SIZE * usual) return 'footnote'
  if (words > HEADING_WORDS) return undefined
  const text = textOf(lines)
  if (!/\p{L}/u.test(text) || /[.,;:]$/.test(text)) return undefined
  return size >= HEADING * usual || (lines.length === 1 && NUMBERED.test(text)) ? 'sectionHeading' : undefined
}

/** The paragraph with the largest letters of all, where they are much larger, is the title: one on a page, in its upper half. */
const withTitle = (paragraphs: FoundParagraph[], usual: number, page: { height: number }): FoundParagraph[] => {
  const headings = paragraphs.filter(({ role }) => role === 'sectionHeading')
  const [largest] = headings.toSorted((a, b) => sizeOf(b.tokens) - sizeOf(a.tokens))
  if (!largest || sizeOf(largest.tokens) < TITLE * usual || largest.box.y > page.height / 2) return paragraphs
  return paragraphs.map((one) => (one === largest ? { ...one, role: 'title' } : one))
}

/**
 * The paragraphs of a page in reading order, with the role that their place and the size of their letters give them.
 * What stands in a table has none. @param content of the page, which the tokens' spans index
 */
export const findParagraphs = (
  tokens: readonly Token[],
  content: string,
  scale: Scale,
  page: { height: number },
  tables: readonly FoundTable[],
): FoundParagraph[] => {
  const inTables = new Set(tables.flatMap((table) => table.cells).flatMap((cell) => cell.tokens))
  const groups: TextLine[][] = []
  for (const line of linesOf(tokens, content, scale)) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && continues(last, line)) group.push(line)
    else groups.push([line])
  }
  // The size of most of the text, by its words.
  const usual = median(groups.flat().flatMap((line) => line.tokens.map(() => line.size)))
  const found = groups.map((lines) => {
    const isCell = lines.some((line) => line.tokens.some((token) => inTables.has(token)))
    const role = isCell ? undefined : roleOf(lines, usual, page)
    return {
      tokens: lines.flatMap((line) => line.tokens),
      box: unionBox(lines.map((line) => line.box)),
      ...(role ? { role } : {}),
    }
  })
  return withTitle(found, usual, page)
}
