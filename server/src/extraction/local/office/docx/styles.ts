import type { Role } from '../../flow/blocks.ts'
import { childOf, childrenOf, valOf, type XmlElement } from '../xml.ts'

/** Where a paragraph stands in a list, as its style or it itself says. */
export type ListPlace = { list: string | undefined; level: number | undefined }

export type ParagraphStyle = { role: Role | undefined; place: ListPlace }

const MOST_ANCESTORS = 20

/** Built-in styles have the same names in all languages; only what people see is translated. */
const roleOfName = (name: string): Role | undefined => {
  if (/^title$/i.test(name)) return 'title'
  return /^(heading \d|subtitle)/i.test(name) ? 'sectionHeading' : undefined
}

/** Paragraphs of an outline's levels are headings; level 9 is body text. */
export const roleOfOutline = (properties: XmlElement | undefined): Role | undefined => {
  const level = valOf(properties, 'outlineLvl')
  return level !== undefined && Number(level) < 9 ? 'sectionHeading' : undefined
}

export const listPlace = (properties: XmlElement | undefined): ListPlace => {
  const level = valOf(properties, 'numPr', 'ilvl')
  return { list: valOf(properties, 'numPr', 'numId'), level: level === undefined ? undefined : Number(level) }
}

/** What styles say of their paragraphs, those they are based on included. @param part `styles.xml` */
export const readStyles = (part: XmlElement | undefined): ((id: string | undefined) => ParagraphStyle) => {
  const styles = new Map(childrenOf(part, 'style').map((style) => [style.attributes.styleId, style]))
  return (id) => {
    const found: ParagraphStyle = { role: undefined, place: { list: undefined, level: undefined } }
    let style = styles.get(id)
    for (let step = 0; style && step < MOST_ANCESTORS; step += 1) {
      const properties = childOf(style, 'pPr')
      const { list, level } = listPlace(properties)
      found.role ??= roleOfName(valOf(style, 'name') ?? '') ?? roleOfOutline(properties)
      found.place = { list: found.place.list ?? list, level: found.place.level ?? level }
      style = styles.get(valOf(style, 'basedOn'))
    }
    return found
  }
}
