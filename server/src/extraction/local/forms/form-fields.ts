import type { FormField } from '@llamaindex/liteparse'
import { type Box, scaleBox } from '../geometry.ts'
import type { FoundWord } from '../layout.ts'
import { cleanText } from '../text.ts'
import type { FoundMark } from './marks.ts'

/**
 * A field of a PDF's form (AcroForm), in the page's unit. `name` is what its author called it, `isForPeople`: as people are told, not programs;
 * `lines` are what is written into it, and `choices` what was chosen of a list that shows others too.
 */
export type FoundField = {
  box: Box
  isMark: boolean
  name: string
  isForPeople: boolean
  lines: string[]
  choices: string[]
}

export type FieldsOfPage = { fields: FoundField[]; marks: FoundMark[] }

export const NO_FIELDS: FieldsOfPage = { fields: [], marks: [] }

/** PDF 32000-1, table 228: what is typed is not shown. */
const PASSWORD = 1 << 13

/** Fields that are smaller, in points, are not to be seen: scripts keep values in them. */
const SMALLEST = 3

const KINDS = new Set(['text', 'combobox', 'listbox', 'checkbox', 'radio'])

/** "topmostSubform[0].Page1[0].f1_04[0]" says nothing to a person; its last part may. */
const lastPart = (name: string): string =>
  name
    .replace(/\[\d+\]/g, '')
    .split('.')
    .at(-1) ?? ''

const readable = (name: string): string => cleanText(name.replace(/[_\s]+/g, ' '))

const isPlaced = ({ x, y, width, height }: Box): boolean =>
  [x, y, width, height].every(Number.isFinite) && width >= SMALLEST && height >= SMALLEST

/**
 * What a page's form fields say. Push buttons and signatures say nothing.
 * @param toUnit of the page, from points
 */
export const fieldsOf = (found: readonly FormField[], toUnit: number): FieldsOfPage => {
  const fields: FoundField[] = []
  const marks: FoundMark[] = []
  for (const field of found) {
    const { type, rect, value = '', fieldFlags, selectedOptions, alternateName, name = '', exportValue } = field
    if (!rect || !isPlaced(rect) || !KINDS.has(type) || (type === 'text' && fieldFlags & PASSWORD)) continue
    const box = scaleBox(rect, toUnit, toUnit)
    const isMark = type === 'checkbox' || type === 'radio'
    const own = type === 'radio' ? (exportValue ?? '') : ''
    const title = readable(alternateName || lastPart(name))
    const shown = type === 'listbox' ? selectedOptions : []
    const lines = isMark
      ? []
      : (shown.length > 0 ? shown : value.split(/\r\n?|\n/)).map(cleanText).filter((line) => line !== '')
    fields.push({
      box,
      isMark,
      name: cleanText(`${title} ${own}`),
      isForPeople: Boolean(alternateName),
      lines,
      choices: shown.map(cleanText),
    })
    if (isMark) marks.push({ state: field.checked ? 'selected' : 'unselected', box, confidence: 1, isSure: true })
  }
  return { fields, marks }
}

/** How high letters are in a field of one line, and at most, in inches: 12 points, as viewers write what has no size. */
const LETTERS = 0.7
const HIGHEST = 12 / 72

/** How wide a letter is, of its height, on the average. */
const WIDTH = 0.5

const wordsIn = (line: string, x: number, y: number, height: number, width: number): FoundWord[] => {
  const letter = Math.min(WIDTH * height, width / Math.max(1, line.length))
  return [...line.matchAll(/\S+/gu)].map(({ 0: text, index }) => ({
    text,
    box: { x: x + index * letter, y, width: text.length * letter, height },
    confidence: 1,
  }))
}

/** Whether the middle of a box lies in a field's. */
export const holds = (field: Box, { x, y, width, height }: Box): boolean =>
  x + width / 2 >= field.x &&
  x + width / 2 <= field.x + field.width &&
  y + height / 2 >= field.y &&
  y + height / 2 <= field.y + field.height

/** The words of fields that the file has the values of, but no picture: viewers draw it. Each field's lines, where they would be. */
export const missingWords = (fields: readonly FoundField[], words: readonly FoundWord[]): FoundWord[][] =>
  fields
    .filter(({ box, lines }) => lines.length > 0 && !words.some((word) => holds(box, word.box)))
    .flatMap(({ box, lines }) => {
      const pitch = Math.min(HIGHEST / LETTERS, box.height / lines.length)
      const top = lines.length === 1 ? box.y + (box.height - pitch) / 2 : box.y
      return lines.map((line, index) =>
        wordsIn(line, box.x, top + (index + (1 - LETTERS) / 2) * pitch, LETTERS * pitch, box.width),
      )
    })
