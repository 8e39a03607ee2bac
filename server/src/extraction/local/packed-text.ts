import type { Polygon, Span } from '@adp/contract/geometry.ts'
import { z } from 'zod'
import { DECIMALS } from './layout.ts'
import type { LocallyReadPage, LocalPage } from './local-page.ts'

/**
 * The words and lines of a page on their way from child to parent, as numbers. As objects they are nine tenths of a page, and writing, reading
 * and checking each of them costs more than reading the page did; their text is in the page's content.
 */

const Integers = z.custom<number[]>((value) => Array.isArray(value) && value.every(Number.isSafeInteger))

const Confidences = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'number' && one >= 0 && one <= 1),
)

/** A word is its polygon, offset and length; a line is its polygon, the number of its spans, and these. Polygons in the unit's smallest step. */
export const PackedText = z.object({ words: Integers, confidences: Confidences, lines: Integers })
export type PackedText = z.infer<typeof PackedText>

const CORNERS = 8
const SPAN = 2
const WORD = CORNERS + SPAN

type Laid = Extract<LocallyReadPage['page'], LocalPage>

const isLaidOut = (page: LocallyReadPage['page']): page is Laid => 'words' in page

/** @returns the page without its words and lines, and these; null for a page that has no layout */
export const packText = (read: LocallyReadPage): { page: LocallyReadPage; text: PackedText | null } => {
  const { page } = read
  if (!isLaidOut(page)) return { page: read, text: null }
  const steps = DECIMALS[page.unit]
  const words: number[] = []
  const confidences: number[] = []
  for (const { polygon, span, confidence } of page.words) {
    for (const value of polygon) words.push(Math.round(value * steps))
    words.push(span.offset, span.length)
    confidences.push(confidence)
  }
  const lines: number[] = []
  for (const { polygon, spans } of page.lines) {
    for (const value of polygon) lines.push(Math.round(value * steps))
    lines.push(spans.length)
    for (const { offset, length } of spans) lines.push(offset, length)
  }
  return { page: { ...read, page: { ...page, words: [], lines: [] } }, text: { words, confidences, lines } }
}

/** Reads numbers one after another. @throws RangeError where there is none, or where a span is not within the content */
const readerOf = (numbers: readonly number[], content: string, steps: number) => {
  let at = 0
  const next = (): number => {
    const number = numbers[at]
    if (number === undefined) throw new RangeError('There are fewer numbers than there have to be')
    at += 1
    return number
  }
  const polygon = (): Polygon => {
    const corners: number[] = []
    for (let index = 0; index < CORNERS; index += 1) corners.push(next() / steps)
    return corners
  }
  const span = (): Span => {
    const [offset, length] = [next(), next()]
    if (offset < 0 || length <= 0 || offset + length > content.length)
      throw new RangeError(`There are no ${length} characters at ${offset}`)
    return { offset, length }
  }
  return { next, polygon, span, isAtEnd: () => at === numbers.length }
}

/** The page with its words and lines. @throws RangeError when they are not those of its content */
export const unpackText = (read: LocallyReadPage, text: PackedText | null): LocallyReadPage => {
  const { page, content } = read
  if (text === null || !isLaidOut(page)) return read
  if (text.words.length !== WORD * text.confidences.length) throw new RangeError('A word has more or less than it has')
  const textOf = ({ offset, length }: Span) => content.slice(offset, offset + length)
  const ofWords = readerOf(text.words, content, DECIMALS[page.unit])
  const words = text.confidences.map((confidence) => {
    const [polygon, span] = [ofWords.polygon(), ofWords.span()]
    return { content: textOf(span), polygon, span, confidence }
  })
  const ofLines = readerOf(text.lines, content, DECIMALS[page.unit])
  const lines: LocalPage['lines'] = []
  while (!ofLines.isAtEnd()) {
    const [polygon, count] = [ofLines.polygon(), ofLines.next()]
    const spans: Span[] = []
    for (let index = 0; index < count; index += 1) spans.push(ofLines.span())
    lines.push({ content: spans.map(textOf).join(' '), polygon, spans })
  }
  return { ...read, page: { ...page, words, lines } }
}
