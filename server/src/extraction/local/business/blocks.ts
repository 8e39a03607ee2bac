import { bottom, right } from '../structure/token.ts'
import type { Phrase } from './phrases.ts'
import type { Sheet } from './sheet.ts'

/** An address has at most so many lines. */
const MOST_LINES = 6

/** Lines of a block follow each other within so many of their heights. */
const NEXT_LINE = 1.5

/** The lines that go on under a phrase, from the same left edge (or the same right edge, or middle), until a label or a gap. */
export const linesBelow = (start: Phrase, sheet: Sheet<string>): Phrase[] => {
  const lines: Phrase[] = []
  const tolerance = 1.5 * sheet.scale.character
  let last = start
  while (lines.length < MOST_LINES) {
    const limit = bottom(last.box) + NEXT_LINE * Math.max(last.box.height, sheet.scale.height / 1.6)
    const above = last
    const next = sheet.phrases
      .filter(
        ({ box }) =>
          box.y > above.box.y + above.box.height / 2 &&
          box.y < limit &&
          (Math.abs(box.x - start.box.x) < tolerance ||
            Math.abs(right(box) - right(start.box)) < tolerance / 2 ||
            Math.abs(box.x + box.width / 2 - start.box.x - start.box.width / 2) < tolerance / 2),
      )
      .toSorted((a, b) => a.box.y - b.box.y)[0]
    if (!next || sheet.labelled.has(next)) break
    lines.push(next)
    last = next
  }
  return lines
}

/** What is no name: an address in the net, a number of a telephone. */
const CONTACT = /@|https?:|www\.|\+\d[\d ()-]{6}|\(\d{2,4}\) ?\d{3}|\b\d{3}[-.]\d{3}[-.]\d{4}\b/i

export const isContact = (text: string): boolean => CONTACT.test(text.slice(0, 200))

/** A house's number, a postal code, a road: what a line of an address has. */
const ADDRESS =
  /^\d+[\p{L}]?,? \p{L}|\p{L}[.,]? (?:n[.º°o]* ?)?\d+[\p{L}]?(?:[,/-].*)?$|\b\d{4,5}(?:-\d{3,4})?\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]\d{2} ?[A-Z\d]{4}\b|p\.? ?o\.? box|\b(?:street|st|road|rd|avenue|ave|lane|drive|suite|rua|av|avenida|travessa|praça|rue|calle|via|strasse|straße|blvd|floor)\b/iu

export const isAddressLine = (text: string): boolean =>
  text.length <= 80 && ADDRESS.test(text) && !isContact(text) && /\p{L}/u.test(text)

/** The lines of an address among those under a name: from the first, as long as they belong to one. */
export const addressIn = (lines: readonly Phrase[]): Phrase[] => {
  const end = lines.findIndex(({ text }) => isContact(text) || text.length > 80)
  const block = end < 0 ? [...lines] : lines.slice(0, end)
  const last = block.findLastIndex(({ text }) => isAddressLine(text))
  // A line with the country's name ends it.
  const after = block[last + 1]
  const length = after && last >= 0 && /^[\p{L} .()]{2,24}$/u.test(after.text) ? last + 2 : last + 1
  return block.slice(0, length)
}
