import { isDeepStrictEqual } from 'node:util'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { Span } from '@adp/contract/geometry.ts'
import { parseExactly } from '../../../server/test/azure-emulator/exact-json.ts'

/** The same keys in the same order, strings, and numbers to the digit. */
export const isSameJson = (a: string, b: string): boolean =>
  JSON.stringify(parseExactly(a)) === JSON.stringify(parseExactly(b))

/** What is missing or wrong on the pages of a result, each a result of its own, in a few words each. */
export function lossesOnPages(whole: AnalyzeResult, pages: AnalyzeResult[]): string[] {
  const losses: string[] = []
  for (const [index, { content, pages: found }] of pages.entries()) {
    const page = whole.pages.find(({ pageNumber }) => pageNumber === index + 1)
    if (!isDeepStrictEqual(withoutSpans(found), withoutSpans([page]))) losses.push(`page ${index + 1} differs`)
    const wrong = found[0]?.words?.filter(({ span, content: word }) => textAt(content, [span]) !== word) ?? []
    if (wrong.length > 0) losses.push(`page ${index + 1}: ${wrong.length} words are not where their spans say`)
  }
  for (const [key, list] of Object.entries(whole))
    if (Array.isArray(list) && !['pages', 'warnings'].includes(key)) losses.push(...lossesOfList(key, whole, pages))
  return losses
}

/** Each element has to be on one page, with all that it says, and its spans have to be of the same text as far as that is on the page. */
function lossesOfList(key: string, whole: AnalyzeResult, pages: AnalyzeResult[]): string[] {
  const missing = [...(whole[key] as unknown[])]
  let strange = 0
  for (const [index, { [key]: list = [], content }] of pages.entries()) {
    const pieces = whole.pages.find(({ pageNumber }) => pageNumber === index + 1)?.spans ?? []
    for (const element of list as unknown[]) {
      const texts = textsOf(element, (spans) => textAt(content, spans))
      const at = missing.findIndex(
        (one) =>
          isDeepStrictEqual(withoutSpans(one), withoutSpans(element)) &&
          isDeepStrictEqual(
            texts,
            textsOf(one, (spans) => textAt(whole.content, cut(spans, pieces))),
          ),
      )
      if (at >= 0) missing.splice(at, 1)
      else strange += 1
    }
  }
  return missing.length + strange > 0 ? [`${missing.length} ${key} are lost, ${strange} are not the recorded ones`] : []
}

const textAt = (content: string, spans: Span[]): string =>
  spans.map(({ offset, length }) => content.slice(offset, offset + length)).join('')

const cut = (spans: Span[], pieces: Span[]): Span[] =>
  spans.flatMap((span) =>
    pieces.map((piece) => {
      const offset = Math.max(span.offset, piece.offset)
      return { offset, length: Math.max(0, Math.min(span.offset + span.length, piece.offset + piece.length) - offset) }
    }),
  )

const isSpans = (key: string, value: unknown): value is Span[] =>
  key === 'spans' && Array.isArray(value) && value.every((one) => typeof one?.offset === 'number')

/** The text that all spans in a value are of, of each list of them; the database has keys in an order of its own. */
function textsOf(value: unknown, read: (spans: Span[]) => string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, one]) => (isSpans(key, one) ? [read(one)] : textsOf(one, read)))
}

function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      isSpans(key, one) || key === 'span' ? [] : [[key, withoutSpans(one)]],
    ),
  )
}
