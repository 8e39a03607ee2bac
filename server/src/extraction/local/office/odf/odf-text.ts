import { elementsOf, type XmlElement } from '../xml.ts'

/** What a paragraph of OpenDocument holds: its text, and what hangs on it. */
export type OdfInline = { text: string; frames: XmlElement[]; notes: XmlElement[] }

/** Remarks, the small letters above Chinese and Japanese, what was deleted. */
const UNREAD = new Set(['annotation', 'annotation-end', 'ruby-text', 'tracked-changes', 'bookmark'])

const FRAMES = new Set(['frame', 'custom-shape', 'rect', 'ellipse', 'line', 'connector', 'g'])

/** Blanks that a line may have one after another; a file may claim any number. */
const MOST_BLANKS = 200

const add = (element: XmlElement, inline: OdfInline): void => {
  for (const child of element.children) {
    // White space of the source is one blank; more are written as elements (OpenDocument 1.3, part 3, 6.1.2).
    if (typeof child === 'string') inline.text += child.replace(/[ \t\r\n]+/g, ' ')
    else if (UNREAD.has(child.name)) continue
    else if (child.name === 's') inline.text += ' '.repeat(Math.min(MOST_BLANKS, Number(child.attributes.c ?? 1) || 1))
    else if (child.name === 'tab') inline.text += '\t'
    else if (child.name === 'line-break') inline.text += '\n'
    else if (child.name === 'note') inline.notes.push(child)
    else if (FRAMES.has(child.name)) inline.frames.push(child)
    else add(child, inline)
  }
}

/** The content of a paragraph, `text:p` or `text:h`, in reading order. */
export const odfInline = (paragraph: XmlElement): OdfInline => {
  const inline: OdfInline = { text: '', frames: [], notes: [] }
  add(paragraph, inline)
  return inline
}

/** The paragraphs in an element, as text. */
export const odfTexts = (element: XmlElement | undefined): string[] =>
  elementsOf(element).flatMap((child) => {
    if (child.name === 'p' || child.name === 'h') return [odfInline(child).text]
    return UNREAD.has(child.name) ? [] : odfTexts(child)
  })
