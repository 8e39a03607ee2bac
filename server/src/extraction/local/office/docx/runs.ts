import { mathText } from '../math.ts'
import { childOf, elementsOf, textOf, withoutFallback, type XmlElement } from '../xml.ts'

/** What a paragraph of Word holds: its text, and what hangs on it. */
export type Inline = {
  text: string
  /** Shapes, pictures and charts that are anchored here. */
  drawings: XmlElement[]
  /** Ids of footnotes and endnotes, `footnote 2`. */
  notes: string[]
  breaksPage: boolean
}

/** What was deleted, moved away, or tells how a field is made; and the small letters above Chinese and Japanese. */
const UNREAD = new Set(['del', 'moveFrom', 'instrText', 'delText', 'pPr', 'rPr', 'rt', 'sdtPr', 'sdtEndPr'])

const CHARACTERS: Record<string, string> = { tab: '\t', ptab: '\t', cr: '\n', noBreakHyphen: '-' }

const isOn = (property: XmlElement | undefined): boolean =>
  property !== undefined && !['0', 'false', 'none'].includes(property.attributes.val ?? '')

const isHidden = (run: XmlElement): boolean => isOn(childOf(run, 'rPr', 'vanish'))

const symbol = ({ attributes }: XmlElement): string => {
  const code = Number.parseInt(attributes.char ?? '', 16)
  // Fonts of symbols have their letters in the private area; what they show is not known.
  return Number.isNaN(code) || code >= 0xe000 ? '' : String.fromCodePoint(code)
}

const add = (element: XmlElement, inline: Inline): void => {
  const { name, attributes } = element
  if (UNREAD.has(name) || (name === 'r' && isHidden(element))) return
  if (name === 't') inline.text += textOf(element)
  else if (name === 'oMath') inline.text += ` ${mathText(element).replace(/\s+/g, ' ').trim()} `
  else if (name === 'sym') inline.text += symbol(element)
  else if (name in CHARACTERS) inline.text += CHARACTERS[name] ?? ''
  else if (name === 'br') {
    if (attributes.type === 'page') inline.breaksPage = true
    else inline.text += '\n'
  } else if (name === 'drawing' || name === 'pict' || name === 'object') inline.drawings.push(element)
  else if (name === 'footnoteReference') inline.notes.push(`footnote ${attributes.id}`)
  else if (name === 'endnoteReference') inline.notes.push(`endnote ${attributes.id}`)
  else for (const child of elementsOf(element).flatMap(withoutFallback)) add(child, inline)
}

/** The content of a paragraph in reading order. */
export const readInline = (paragraph: XmlElement): Inline => {
  const inline: Inline = { text: '', drawings: [], notes: [], breaksPage: false }
  for (const child of elementsOf(paragraph).flatMap(withoutFallback)) add(child, inline)
  return inline
}
