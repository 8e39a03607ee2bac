import type { Span } from '@adp/contract/geometry.ts'

export type Piece = { offset: number; content: string; isMarked: boolean }

/** Cuts a text where marks begin and end. @param spans in order, none over another; what is outside of the text is left out */
export function markedPieces(text: string, spans: readonly Span[]): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  const cut = (to: number, isMarked: boolean) => {
    if (to > end) pieces.push({ offset: end, content: text.slice(end, to), isMarked })
    end = Math.max(end, to)
  }
  for (const { offset, length } of spans) {
    cut(Math.min(offset, text.length), false)
    cut(Math.min(offset + length, text.length), true)
  }
  cut(text.length, false)
  return pieces
}
