import type { LengthUnit } from '@adp/contract/geometry.ts'
import { angleOf, type Box, corners, type QuarterTurns, type Size, unionBox } from './geometry.ts'
import type { LaidOutPage, LocalPage } from './local-page.ts'
import { cleanText } from './text.ts'

/** A word as a reader found it. `box` is upright in the page, in the page's unit; `confidence` 0 to 1. */
export type FoundWord = { text: string; box: Box; confidence: number }

/** Words of one line in reading order, and by how many clockwise quarter turns their text is turned. */
export type FoundLine = { words: FoundWord[]; turns: QuarterTurns }

export type PageFrame = Size & { pageNumber: number; unit: LengthUnit; turns: QuarterTurns }

/** Azure gives inches to four decimals; a tenth of a pixel is as much as OCR knows. */
const DECIMALS = { inch: 10_000, pixel: 10 }

/** Never NaN, infinite or -0, which JSON does not keep. */
export const rounded = (value: number, unit: LengthUnit): number => {
  const result = Math.round(value * DECIMALS[unit]) / DECIMALS[unit]
  return Number.isFinite(result) ? result + 0 : 0
}

/** The corners of a box as a result has them. */
export const polygonOf = (box: Box, turns: QuarterTurns, unit: LengthUnit): number[] =>
  corners(box, turns).map((value) => rounded(value, unit))

const cleanLine = (line: FoundLine): FoundLine => ({
  turns: line.turns,
  words: line.words
    .map((word) => ({ ...word, text: cleanText(word.text).replaceAll(' ', '') }))
    .filter((word) => word.text !== ''),
})

/** One line's words with their spans; `offset` is where the line starts in the page's content. */
const wordsOf = (line: FoundLine, offset: number, unit: LengthUnit): LocalPage['words'] => {
  let at = offset
  return line.words.map(({ text, box, confidence }) => {
    const span = { offset: at, length: text.length }
    at += text.length + 1
    const polygon = polygonOf(box, line.turns, unit)
    return { content: text, polygon, span, confidence: Math.min(1, Math.max(0, confidence || 0)) }
  })
}

/**
 * Makes a page out of lines in reading order: words are joined by a space, lines by a line feed. Words that are empty
 * once cleaned are dropped, and lines without words. Spans count UTF-16 units of this page's content.
 */
export const composePage = (found: readonly FoundLine[], frame: PageFrame): LaidOutPage => {
  const { unit } = frame
  const words: LocalPage['words'] = []
  const lines: LocalPage['lines'] = []
  let content = ''
  for (const line of found.map(cleanLine).filter((each) => each.words.length > 0)) {
    if (content !== '') content += '\n'
    const text = line.words.map((word) => word.text).join(' ')
    const polygon = polygonOf(unionBox(line.words.map((word) => word.box)), line.turns, unit)
    lines.push({ content: text, polygon, spans: [{ offset: content.length, length: text.length }] })
    words.push(...wordsOf(line, content.length, unit))
    content += text
  }
  const page: LocalPage = {
    pageNumber: frame.pageNumber,
    angle: angleOf(frame.turns),
    width: rounded(frame.width, unit),
    height: rounded(frame.height, unit),
    unit,
    words,
    lines,
    spans: [{ offset: 0, length: content.length }],
  }
  return { content, page, parts: null }
}
