import type { Span } from '@adp/contract/geometry.ts'
import { markedPieces } from './marked-pieces.ts'

/** A text with pieces of it marked. */
export function MarkedText({ text, spans }: { text: string; spans: readonly Span[] }) {
  return markedPieces(text, spans).map(({ offset, content, isMarked }) =>
    isMarked ? <mark key={offset}>{content}</mark> : <span key={offset}>{content}</span>,
  )
}
