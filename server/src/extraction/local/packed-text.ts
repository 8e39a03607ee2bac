import type { Page } from '@adp/contract/analyze-result.ts'
import type { LengthUnit, Polygon, Span } from '@adp/contract/geometry.ts'
import { CONFIDENCES, DECIMALS } from './layout.ts'
import type { LocallyReadPage, LocalPage } from './local-page.ts'

/**
 * The words and lines of a page as integers of 32 bits, on their way from child to parent and in the database. As objects they are nine tenths
 * of a page: writing, reading and checking each of them cost more than reading the page did, and their JSON four times the room. Their text
 * is in the page's content.
 *
 * First how many words there are. A word is its polygon, in the unit's smallest step, its offset, length and confidence; a line is its
 * polygon, the number of its spans, and these. Little-endian, as every machine is that Node runs on.
 */
export type PackedText = Buffer

const CORNERS = 8
const WORD = CORNERS + 3
const BYTES = 4

type Laid = Extract<LocallyReadPage['page'], LocalPage>

const isLaidOut = (page: LocallyReadPage['page']): page is Laid => 'words' in page

/** A file may claim that something stands a thousand miles to the right: Int32Array would have that somewhere else on the page. */
const clamp = (value: number): number => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value)))

/** @returns the page without its words and lines, and these; null for a page that has no layout */
export const packText = (read: LocallyReadPage): { page: LocallyReadPage; packedText: PackedText | null } => {
  const { page } = read
  if (!isLaidOut(page)) return { page: read, packedText: null }
  const steps = DECIMALS[page.unit]
  const spansOfLines = page.lines.reduce((sum, { spans }) => sum + spans.length, 0)
  const numbers = new Int32Array(1 + WORD * page.words.length + (CORNERS + 1) * page.lines.length + 2 * spansOfLines)
  let at = 0
  const put = (value: number) => {
    numbers[at] = value
    at += 1
  }
  const putPolygon = (polygon: Polygon) => {
    for (const value of polygon) put(clamp(value * steps))
  }
  put(page.words.length)
  for (const { polygon, span, confidence } of page.words) {
    putPolygon(polygon)
    put(span.offset)
    put(span.length)
    put(Math.round(confidence * CONFIDENCES))
  }
  for (const { polygon, spans } of page.lines) {
    putPolygon(polygon)
    put(spans.length)
    for (const { offset, length } of spans) {
      put(offset)
      put(length)
    }
  }
  return { page: { ...read, page: { ...page, words: [], lines: [] } }, packedText: Buffer.from(numbers.buffer) }
}

/** A copy, since the bytes of a buffer may begin anywhere and those of integers may not. */
const numbersOf = (packedText: PackedText): Int32Array =>
  new Int32Array(new Uint8Array(packedText).buffer, 0, Math.floor(packedText.length / BYTES))

/**
 * Words do not overlap, and lines do not: a child that has been taken over could make gigabytes of a few pages of text otherwise.
 * @throws RangeError when there is a number too few or too many, when a span is not within the content, or when spans are together longer than it
 */
export const requireWhole = ({ page, content }: LocallyReadPage, packedText: PackedText | null): void => {
  if (isLaidOut(page) !== (packedText !== null)) throw new RangeError('A page has words if and only if it has a layout')
  if (packedText === null) return
  const numbers = numbersOf(packedText)
  const number = (at: number): number => {
    const found = numbers[at]
    if (found === undefined) throw new RangeError('There are fewer numbers than there have to be')
    return found
  }
  let left = content.length
  const requireSpan = (at: number) => {
    const [offset, length] = [number(at), number(at + 1)]
    left -= length
    if (offset < 0 || length <= 0 || left < 0 || offset + length > content.length)
      throw new RangeError(`There are no ${length} characters at ${offset}`)
  }
  const words = number(0)
  let at = 1
  for (let word = 0; word < words; word += 1, at += WORD) {
    requireSpan(at + CORNERS)
    const confidence = number(at + CORNERS + 2)
    if (confidence < 0 || confidence > CONFIDENCES) throw new RangeError(`Nothing is so sure as ${confidence}`)
  }
  left = content.length
  while (at < numbers.length) {
    const spans = number(at + CORNERS)
    if (spans < 0) throw new RangeError(`A line has no ${spans} spans`)
    at += CORNERS + 1
    for (let span = 0; span < spans; span += 1, at += 2) requireSpan(at)
  }
  if (words < 0 || at * BYTES !== packedText.length)
    throw new RangeError('There are other numbers than there have to be')
}

const polygonAt = (numbers: Int32Array, at: number, steps: number): Polygon =>
  Array.from({ length: CORNERS }, (_, corner) => (numbers[at + corner] as number) / steps)

const spanAt = (numbers: Int32Array, at: number): Span => ({
  offset: numbers[at] as number,
  length: numbers[at + 1] as number,
})

/** The words of a page one after another. */
export function* packedWords(
  packedText: PackedText,
  unit: LengthUnit,
): Generator<{ polygon: Polygon; span: Span; confidence: number }> {
  const [numbers, steps] = [numbersOf(packedText), DECIMALS[unit]]
  for (let at = 1; at <= WORD * (numbers[0] as number); at += WORD)
    yield {
      polygon: polygonAt(numbers, at, steps),
      span: spanAt(numbers, at + CORNERS),
      confidence: (numbers[at + CORNERS + 2] as number) / CONFIDENCES,
    }
}

/** Lines one after another. */
function* packedLines(packedText: PackedText, unit: LengthUnit): Generator<{ polygon: Polygon; spans: Span[] }> {
  const [numbers, steps] = [numbersOf(packedText), DECIMALS[unit]]
  for (let at = 1 + WORD * (numbers[0] as number); at < numbers.length; ) {
    const [polygon, first, count] = [polygonAt(numbers, at, steps), at + CORNERS + 1, numbers[at + CORNERS] as number]
    at = first + 2 * count
    yield { polygon, spans: Array.from({ length: count }, (_, span) => spanAt(numbers, first + 2 * span)) }
  }
}

type Packed = { content: string; page: Page; packedText?: PackedText | null }

/** A page with its words and lines in it, and no longer packed beside it. */
export const unpacked = <P extends Packed>({ packedText, ...read }: P): Omit<P, 'packedText'> => {
  if (!packedText) return read
  const { content, page } = read
  const { unit = 'inch' } = page
  const textOf = ({ offset, length }: Span) => content.slice(offset, offset + length)
  const words: NonNullable<Page['words']> = []
  for (const word of packedWords(packedText, unit)) words.push({ content: textOf(word.span), ...word })
  const lines: NonNullable<Page['lines']> = []
  for (const line of packedLines(packedText, unit)) lines.push({ content: line.spans.map(textOf).join(' '), ...line })
  return { ...read, page: { ...page, words, lines } }
}
