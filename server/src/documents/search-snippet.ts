import type { Span } from '@adp/contract/geometry.ts'
import type { SearchHit } from '@adp/contract/search.ts'

const LENGTH = 240
/** Before the first match, so that it is read in its sentence. */
const LEAD = 60

/** A few lines of a text, from where most of the matches are near each other. Line breaks are spaces, so that offsets stay. */
export function snippetOf(content: string, matches: readonly Span[]): SearchHit['snippet'] {
  const first = densest(matches)
  const start = wordStart(content, Math.max(0, (first?.offset ?? 0) - LEAD))
  const end = wordEnd(
    content,
    Math.min(content.length, Math.max(start + LENGTH, first ? first.offset + first.length : 0)),
  )
  const inside = matches.filter(({ offset, length }) => offset >= start && offset + length <= end)
  return {
    text: content.slice(start, end).replace(/\s/g, ' '),
    matches: inside.map(({ offset, length }) => ({ offset: offset - start, length })),
    starts_inside: content.slice(0, start).trim() !== '',
    ends_inside: content.slice(end).trim() !== '',
  }
}

/** The match with most others in the room of a snippet after it. */
function densest(matches: readonly Span[]): Span | undefined {
  const near = ({ offset }: Span) =>
    matches.filter((other) => other.offset >= offset && other.offset + other.length <= offset + LENGTH - LEAD).length
  return matches.toSorted((a, b) => near(b) - near(a) || a.offset - b.offset)[0]
}

/** The first beginning of a word from there on, or the place itself in a word longer than that. */
function wordStart(text: string, from: number): number {
  if (from === 0) return 0
  const space = text.slice(from - 1, from + LEAD).search(/\s\S/)
  return space === -1 ? wellFormed(text, from) : from + space
}

function wordEnd(text: string, to: number): number {
  if (to === text.length) return to
  const space = text.slice(to - LEAD, to + 1).search(/\s\S*$/)
  return space === -1 ? wellFormed(text, to) : to - LEAD + space
}

/** Not between the halves of a character. */
const wellFormed = (text: string, at: number) => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at + 1 : at)
