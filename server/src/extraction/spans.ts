import type { Span } from '@adp/contract/geometry.ts'

/** A span may become none when nothing of it is left, or several. */
export type MoveSpan = (span: Span) => Span[]

/** Where a piece of the document's content is in a page's content. UTF-16 code units. */
export type Piece = { start: number; length: number; at: number }

/** A page's spans as pieces of its content, which is their text one after another. */
export function piecesOf(spans: readonly Span[]): Piece[] {
  let at = 0
  return spans.map(({ offset, length }) => {
    const piece = { start: offset, length, at }
    at += length
    return piece
  })
}

/** Cuts a span of the document's content to a page and moves it into that page's content. */
export const moveInto =
  (pieces: readonly Piece[]): MoveSpan =>
  (span) => {
    const moved: Span[] = []
    for (const { start, length, at } of pieces) {
      const from = Math.max(span.offset, start)
      const to = Math.min(span.offset + span.length, start + length)
      // An empty span stands between two letters, so it may stand at either end of a piece, but in one piece only.
      if (to < from || (to === from && (span.length > 0 || moved.length > 0))) continue
      const last = moved.at(-1)
      const offset = at + from - start
      if (last && last.offset + last.length === offset) last.length += to - from
      else moved.push({ ...span, offset, length: to - from })
    }
    return moved
  }

/** Moves a span from a page's content into that of the document. @param by UTF-16 code units before the page */
export const moveBy =
  (by: number): MoveSpan =>
  (span) => [{ ...span, offset: span.offset + by }]

/**
 * A copy of any part of a result with each span in it moved, in properties that we do not know too. A single `span`, of a word say, has to
 * stay one.
 * @throws RangeError for a single span that does not
 */
export function moveSpans<T>(part: T, move: MoveSpan): T {
  return moveAll(part, move) as T
}

function moveAll(part: unknown, move: MoveSpan): unknown {
  if (Array.isArray(part)) return typeof part[0] === 'number' ? part : part.map((each) => moveAll(each, move))
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      if (key === 'spans' && Array.isArray(value) && value.every(isSpan)) return [key, value.flatMap(move)]
      if (key === 'span' && isSpan(value)) return [key, moveOne(value, move)]
      return [key, moveAll(value, move)]
    }),
  )
}

function moveOne(span: Span, move: MoveSpan): Span {
  const moved = move(span)
  if (moved[0] === undefined || moved.length > 1) {
    throw new RangeError(`the span of ${span.length} at ${span.offset} is not within its page`)
  }
  return moved[0]
}

/** A field of a document may be called `spans` too, but has a type. */
const isSpan = (value: unknown): value is Span =>
  typeof value === 'object' &&
  value !== null &&
  'offset' in value &&
  'length' in value &&
  typeof value.offset === 'number'
