import { isRightToLeft } from '../text.ts'
import { GLYPH_WIDTH, type Glyphs } from './glyphless-font.ts'
import type { SearchableLine, SearchableWord, ToUserSpace } from './searchable-page.ts'

/** The name of the font in a page's resources. */
export const FONT_NAME = 'AdpText'

type Point = { x: number; y: number }

/** A line's lower edge in user space: where it begins, its direction, and how high the line is. */
type Baseline = { start: Point; along: Point; height: number }

const number = (value: number): string => String(Math.round(value * 1000) / 1000)

const corner = (polygon: readonly number[], at: number, toUserSpace: ToUserSpace): Point =>
  toUserSpace(polygon[at * 2] ?? 0, polygon[at * 2 + 1] ?? 0)

/** Polygons go clockwise from the top left corner of the text. */
const baselineOf = ({ polygon }: SearchableLine, toUserSpace: ToUserSpace): Baseline | null => {
  const [top, end, start] = [0, 2, 3].map((at) => corner(polygon, at, toUserSpace)) as [Point, Point, Point]
  const length = Math.hypot(end.x - start.x, end.y - start.y)
  const height = Math.hypot(top.x - start.x, top.y - start.y)
  if (!(length > 0 && height > 0)) return null
  return { start, along: { x: (end.x - start.x) / length, y: (end.y - start.y) / length }, height }
}

/** From where to where a word reaches on its line. */
const extentOf = (word: SearchableWord, { start, along }: Baseline, toUserSpace: ToUserSpace) => {
  const places = [0, 1, 2, 3].map((at) => {
    const { x, y } = corner(word.polygon, at, toUserSpace)
    return (x - start.x) * along.x + (y - start.y) * along.y
  })
  return { from: Math.min(...places), to: Math.max(...places) }
}

/** The least space between two words, in heights of the line. */
const LEAST_SPACE = 0.02

/** A font is stretched to this percentage for so many characters to be so wide. */
const stretch = (width: number, characters: number, height: number): string =>
  number(Math.max(0.1, (100_000 * width) / (characters * GLYPH_WIDTH * height)))

/** Programs that read a PDF turn such words around, since print has them in the order of the eye. */
const inOrderOfTheEye = (text: string): string => (isRightToLeft(text) ? [...text].reverse().join('') : text)

/**
 * Operators that write a line's words where they stand, as high as the line, so that those of one line have one height and one baseline
 * however high their letters are. A space fills the gap after each but the last.
 */
const writeLine = (line: SearchableLine, toUserSpace: ToUserSpace, glyphs: Glyphs): string[] => {
  const baseline = baselineOf(line, toUserSpace)
  if (!baseline) return []
  const { start, along, height } = baseline
  const matrix = [along.x, along.y, -along.y, along.x].map((value) => String(Math.round(value * 1e6) / 1e6)).join(' ')
  const operators = [`/${FONT_NAME} ${number(height)} Tf`]
  for (const [index, word] of line.words.entries()) {
    const { hex, count } = glyphs.encode(inOrderOfTheEye(word.text))
    if (count === 0) continue
    const { from, to } = extentOf(word, baseline, toUserSpace)
    const place = `${number(start.x + along.x * from)} ${number(start.y + along.y * from)}`
    operators.push(`${stretch(to - from, count, height)} Tz ${matrix} ${place} Tm <${hex}> Tj`)
    const next = line.words[index + 1]
    // Words may touch or overlap; without a space readers would make one of two.
    const gap = next ? Math.max(extentOf(next, baseline, toUserSpace).from - to, LEAST_SPACE * height) : 0
    if (gap > 0) operators.push(`${stretch(gap, 1, height)} Tz <${glyphs.encode(' ').hex}> Tj`)
  }
  return operators
}

/** The words of a page as a content stream that shows nothing. */
export const invisibleText = (lines: readonly SearchableLine[], toUserSpace: ToUserSpace, glyphs: Glyphs): string =>
  ['q BT 3 Tr', ...lines.flatMap((line) => writeLine(line, toUserSpace, glyphs)), 'ET Q\n'].join('\n')
