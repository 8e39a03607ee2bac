/** Texts in Markdown, unit by unit: what stands for each UTF-16 code unit, so that spans can be moved. */
export type Units = string[]

/** Means something anywhere in CommonMark or GFM. */
const ALWAYS = new Set(['\\', '`', '*', '[', ']', '<'])

const isWordLetter = (unit: string | undefined): boolean => unit !== undefined && /[\p{L}\p{N}]/u.test(unit)

/** Two tildes strike out; one after a slash belongs to an address, in which a backslash would be shown. */
const escapeUnit = (text: string, at: number): string => {
  const unit = text[at] as string
  if (ALWAYS.has(unit)) return `\\${unit}`
  if (unit === '~') return text[at - 1] === '/' ? unit : '\\~'
  if (unit === '_') return isWordLetter(text[at - 1]) && isWordLetter(text[at + 1]) ? unit : '\\_'
  if (unit === '&') return /^&(?:#|[a-zA-Z])[a-zA-Z0-9]*;/.test(text.slice(at, at + 40)) ? '\\&' : unit
  return unit
}

/** What makes a heading, a list, a quotation, a rule or the delimiters of a table out of a line, and which unit is escaped against it. */
const escapeLineStart = (units: Units, line: string, at: number) => {
  const number = /^(\d{1,9})[.)](?=\s|$)/.exec(line)
  const means = /^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|[-:|\s]+$)/.test(line)
  const unit = number ? at + (number[1] as string).length : at
  if ((number || means) && !units[unit]?.startsWith('\\')) units[unit] = `\\${units[unit]}`
}

/**
 * Text as Markdown that shows it as it is, line for line. Space at the ends of lines means something too, and goes, as do line breaks
 * before and after the text.
 * @param mark length of the mark of a list that the text begins with, and which stays one: behind it a line begins, after one space,
 * since five would make code of it
 */
export const escapeMarkdown = (text: string, mark = 0): Units => {
  const units = Array.from({ length: text.length }, (_, at) => escapeUnit(text, at))
  for (const { 0: line, index } of text.matchAll(/[^\n]+/g)) {
    const from = index === 0 ? mark : 0
    const start = line.length - line.slice(from).trimStart().length
    const end = line.trimEnd().length
    for (let at = from; at < line.length; at += 1) if (at < start || at >= end) units[index + at] = ''
    if (from > 0) units[from] = ' '
    if (start < end) escapeLineStart(units, line.slice(start, end), index + start)
  }
  const [start, end] = [text.length - text.trimStart().length, text.trimEnd().length]
  return units.map((unit, at) => (at < start || at >= end ? '' : unit))
}

/** The same on one line. */
export const escapeOneLine = (text: string): Units => {
  const units = escapeMarkdown(text.replaceAll('\n', ' '))
  for (let at = 0; at < text.length; at += 1) if (text[at] === '\n') units[at] = ' '
  return units
}

const RELATIONS: Record<string, string> = { '<': '\\lt ', '>': '\\gt ', '\\<': '\\lt ', '\\>': '\\:' }

/**
 * A formula in LaTeX that means the same, in one line and without what would be a tag or end a comment: it may stand in Markdown, in an
 * element of HTML and in a comment.
 */
export const escapeFormula = (latex: string): string =>
  // A backslash belongs to what follows it: `\\<` breaks a line and compares, `\>` is a space.
  latex.replaceAll(/\s*[\n\r]\s*/g, ' ').replaceAll(/\\.|[<>]/g, (each) => RELATIONS[each] ?? each)

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text in an element of HTML, in which an empty line would end it. */
export const escapeHtml = (text: string): Units =>
  [...text.split('')].map((unit) => (unit === '\n' ? '<br>' : (ENTITIES[unit] ?? unit)))

/** Text in quotes within a comment of HTML, which two hyphens might end. */
export const escapeComment = (text: string): Units =>
  text
    .split('')
    .map((unit, at) =>
      unit === '\n' ? ' ' : unit === '"' ? '&quot;' : unit === '-' && text[at + 1] === '-' ? '&#45;' : unit,
    )
