import type { Page } from '@adp/contract/analyze-result.ts'
import type { Span } from '@adp/contract/geometry.ts'
import { escapeFormula, type Units } from './escape.ts'
import { type Cut, createMappedText, type MappedText } from './mapped-text.ts'

/** Where Markdown is written, and what from. */
export type Writing = { content: string; out: MappedText; stands: Map<number, Stand> }

/** What is written for so many units that stand for something that is no text. */
type Stand = { length: number; text: string }

const MARK = /^:(?:un)?selected:$/
const FORMULA = ':formula:'

/** Marks that are ticked or not, and formulas, as Azure writes them into a text and into Markdown. */
const standsOf = ({ selectionMarks = [], formulas = [] }: Page, content: string): Map<number, Stand> => {
  const stands = new Map<number, Stand>()
  const textOf = ({ offset, length }: Span) => content.slice(offset, offset + length)
  for (const { span, state } of selectionMarks)
    if (MARK.test(textOf(span)))
      stands.set(span.offset, { length: span.length, text: state === 'selected' ? '☒' : '☐' })
  for (const { span, value } of formulas)
    if (textOf(span) === FORMULA) stands.set(span.offset, { length: span.length, text: `$${escapeFormula(value)}$` })
  return stands
}

export const startWriting = (content: string, page: Page): Writing => ({
  content,
  out: createMappedText(content.length),
  stands: standsOf(page, content),
})

/** The text of some spans. Where only white space lies between two, it stays: a line may end there. */
export const cutOf = (content: string, spans: readonly Span[]): Cut => {
  let text = ''
  const sources: number[] = []
  const take = (from: number, to: number) => {
    text += content.slice(from, to)
    for (let at = from; at < to; at += 1) sources.push(at)
  }
  let end: number | null = null
  for (const { offset, length } of spans) {
    const between = end === null ? '' : content.slice(end, offset)
    if (end !== null && end < offset && between.trim() === '') take(end, offset)
    else if (end !== null) {
      text += ' '
      sources.push(-1)
    }
    end = Math.min(offset + length, content.length)
    take(offset, end)
  }
  return { text, sources }
}

/** Writes a cut with its marks and formulas. */
export const writeCut = ({ out, stands }: Writing, cut: Cut, escapeText: (text: string) => Units): void => {
  const units = escapeText(cut.text)
  for (const [index, source] of cut.sources.entries()) {
    const stand = stands.get(source)
    if (!stand || index + stand.length > units.length) continue
    units.fill('', index, index + stand.length)
    units[index] = stand.text
  }
  out.copy(cut, units)
}

/** Writes the text of a cell or a caption; one that does not say where it stands has its own. */
export const writeText = (
  writing: Writing,
  { content, spans }: { content: string; spans: readonly Span[] },
  escapeText: (text: string) => Units,
): void => {
  const placed = spans.filter(({ length }) => length > 0)
  if (placed.length === 0) writing.out.add(escapeText(content).join(''))
  else writeCut(writing, cutOf(writing.content, placed), escapeText)
}
