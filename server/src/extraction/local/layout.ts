import type { SelectionMark } from '@adp/contract/analyze-result.ts'
import type { LengthUnit, Span } from '@adp/contract/geometry.ts'
import { angleOf, type Box, corners, type QuarterTurns, type Size, unionBox } from './geometry.ts'
import type { LaidOutPage, LocalPage } from './local-page.ts'
import type { MarkState } from './structure/token.ts'
import { cleanText, isCleanWord } from './text.ts'

/** A word as a reader found it. `box` is upright in the page, in the page's unit; `confidence` 0 to 1. One with a `mark` is a selection mark. */
export type FoundWord = { text: string; box: Box; confidence: number; mark?: MarkState }

/** Words of one line in reading order, and by how many clockwise quarter turns their text is turned. */
export type FoundLine = { words: FoundWord[]; turns: QuarterTurns }

export type PageFrame = Size & { pageNumber: number; unit: LengthUnit; turns: QuarterTurns }

/** Azure gives inches to four decimals; a tenth of a pixel is as much as OCR knows. */
export const DECIMALS = { inch: 10_000, pixel: 10 }

/** What a confidence is told in: as fine as Azure tells it, and finer than OCR knows it. */
export const CONFIDENCES = 10_000

/** Never NaN, infinite or -0, which JSON does not keep. */
export const rounded = (value: number, unit: LengthUnit): number => {
  const steps = DECIMALS[unit]
  const result = Math.round(value * steps) / steps
  return Number.isFinite(result) ? result + 0 : 0
}

/** The corners of a box as a result has them. */
export const polygonOf = ({ x, y, width, height }: Box, turns: QuarterTurns, unit: LengthUnit): number[] => {
  const [left, top] = [rounded(x, unit), rounded(y, unit)]
  return corners({ left, top, right: rounded(x + width, unit), bottom: rounded(y + height, unit) }, turns)
}

const cleanWord = (word: FoundWord): FoundWord => {
  if (isCleanWord(word.text)) return word
  const text = cleanText(word.text).replaceAll(' ', '')
  return text === word.text ? word : { ...word, text }
}

const cleanLine = (line: FoundLine): FoundLine => ({
  turns: line.turns,
  words: line.words.map(cleanWord).filter((word) => word.text !== ''),
})

type Piece = { word: FoundWord; span: Span }

/** One line's words with their spans; `offset` is where the line starts in the page's content. */
const piecesOf = (line: FoundLine, offset: number): Piece[] => {
  let at = offset
  return line.words.map((word) => {
    const span = { offset: at, length: word.text.length }
    at += word.text.length + 1
    return { word, span }
  })
}

const confidenceOf = ({ confidence }: FoundWord): number =>
  Math.round(Math.min(1, Math.max(0, confidence || 0)) * CONFIDENCES) / CONFIDENCES

/** A line is its words, without the marks between them: it has a span for each run of words. */
const lineOf = (pieces: readonly Piece[], turns: QuarterTurns, unit: LengthUnit): LocalPage['lines'] => {
  const words = pieces.filter(({ word }) => !word.mark)
  if (words.length === 0) return []
  const spans: Span[] = []
  for (const { span } of words) {
    const last = spans.at(-1)
    if (last && last.offset + last.length + 1 === span.offset) last.length += span.length + 1
    else spans.push({ ...span })
  }
  const polygon = polygonOf(unionBox(words.map(({ word }) => word.box)), turns, unit)
  return [{ content: words.map(({ word }) => word.text).join(' '), polygon, spans }]
}

/**
 * Makes a page out of lines in reading order: words are joined by a space, lines by a line feed. Words that are empty
 * once cleaned are dropped, and lines without words. Spans count UTF-16 units of this page's content.
 */
export const composePage = (found: readonly FoundLine[], frame: PageFrame): LaidOutPage => {
  const { unit } = frame
  const words: LocalPage['words'] = []
  const lines: LocalPage['lines'] = []
  const selectionMarks: SelectionMark[] = []
  let content = ''
  for (const line of found.map(cleanLine).filter((each) => each.words.length > 0)) {
    if (content !== '') content += '\n'
    const pieces = piecesOf(line, content.length)
    for (const { word, span } of pieces) {
      const polygon = polygonOf(word.box, line.turns, unit)
      const confidence = confidenceOf(word)
      if (word.mark) selectionMarks.push({ state: word.mark, polygon, span, confidence })
      else words.push({ content: word.text, polygon, span, confidence })
    }
    lines.push(...lineOf(pieces, line.turns, unit))
    content += line.words.map(({ text }) => text).join(' ')
  }
  const page: LocalPage = {
    pageNumber: frame.pageNumber,
    angle: angleOf(frame.turns),
    width: rounded(frame.width, unit),
    height: rounded(frame.height, unit),
    unit,
    words,
    ...(selectionMarks.length > 0 ? { selectionMarks } : {}),
    lines,
    spans: [{ offset: 0, length: content.length }],
  }
  return { content, page, parts: null }
}
