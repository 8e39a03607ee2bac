import type { Span } from '@adp/contract/geometry.ts'
import type { MoveSpan } from '../spans.ts'
import type { Units } from './escape.ts'

/** Text of a page's content: `sources` says where each of its UTF-16 code units is; -1: a space of ours. */
export type Cut = { text: string; sources: readonly number[] }

/** A text that is made from another, and knows where each of its UTF-16 code units went. */
export type MappedText = {
  /** Adds what the other text does not have. */
  add(text: string): void
  /** Adds what stands for each unit of a cut of the other text. */
  copy(cut: Cut, units: Units): void
  toString(): string
  /** From the other text to this one. What is apart here becomes several spans. */
  move: MoveSpan
}

/** @param length of the other text */
export const createMappedText = (length: number): MappedText => {
  const chunks: string[] = []
  const starts = new Int32Array(length).fill(-1)
  const ends = new Int32Array(length)
  let size = 0

  const move = (span: Span): Span[] => {
    const moved: Span[] = []
    for (let at = span.offset; at < span.offset + span.length; at += 1) {
      const [start = -1, end = -1] = [starts[at], ends[at]]
      if (start === -1 || start === end) continue
      const last = moved.at(-1)
      if (last && last.offset + last.length === start) last.length += end - start
      else moved.push({ ...span, offset: start, length: end - start })
    }
    return moved.length > 0 ? moved : [{ ...span, offset: nearest(span.offset), length: 0 }]
  }

  /** Where an empty span stands: before what follows it. */
  const nearest = (offset: number): number => {
    for (let at = offset; at < length; at += 1) if ((starts[at] ?? -1) !== -1) return starts[at] as number
    return size
  }

  const add = (text: string) => {
    chunks.push(text)
    size += text.length
  }

  return {
    add,
    copy({ sources }, units) {
      for (const [index, unit] of units.entries()) {
        const source = sources[index] as number
        if (source >= 0) starts[source] = size
        add(unit)
        if (source >= 0) ends[source] = size
      }
    },
    toString: () => chunks.join(''),
    move,
  }
}
