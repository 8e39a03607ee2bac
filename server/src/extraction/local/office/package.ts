import { posix } from 'node:path'
import type { Archive } from './archive.ts'
import { childrenOf, elementsOf, parseXml, type XmlElement } from './xml.ts'

/** A part that another one refers to. */
export type Relation = { id: string; type: string; target: string }

/** What a part of OOXML refers to, by the ids it uses. The names of types differ in "strict" files but for their last piece. */
export const relationsOf = async (archive: Archive, part: string): Promise<Relation[]> => {
  const { dir, base } = posix.parse(part)
  const xml = await archive.read(posix.join(dir, '_rels', `${base}.rels`))
  if (!xml) return []
  return childrenOf(parseXml(xml), 'Relationship')
    .filter(({ attributes }) => attributes.TargetMode !== 'External')
    .map(({ attributes: { Id = '', Type = '', Target = '' } }) => ({
      id: Id,
      type: posix.basename(Type),
      target: Target.startsWith('/') ? Target.slice(1) : posix.join(dir, Target),
    }))
}

/** The part that a file begins with: its name is not laid down. */
export const mainPart = async (archive: Archive, usual: string): Promise<string> => {
  const main = (await relationsOf(archive, '')).find(({ type }) => type === 'officeDocument')
  return main && archive.has(main.target) ? main.target : usual
}

/** A part, where there is one. */
export const readPart = async (archive: Archive, name: string | undefined): Promise<XmlElement | undefined> => {
  const xml = name === undefined ? null : await archive.read(name)
  return xml ? parseXml(xml) : undefined
}

/** Parts of one type that a part refers to. */
export const relatedParts = async (archive: Archive, relations: Relation[], type: string): Promise<XmlElement[]> => {
  const parts = relations.filter((relation) => relation.type === type)
  const found = await Promise.all(parts.map(({ target }) => readPart(archive, target)))
  return found.filter((part) => part !== undefined)
}

export const isEmptyElement = (element: XmlElement | undefined): boolean => elementsOf(element).length === 0
