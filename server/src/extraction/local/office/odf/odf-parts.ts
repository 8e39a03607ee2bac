import { posix } from 'node:path'
import { ExtractionError } from '../../../extractor.ts'
import type { Block } from '../../flow/blocks.ts'
import type { Archive } from '../archive.ts'
import { readPart } from '../package.ts'
import { descendantsOf, elementsOf, streamElements, type XmlElement } from '../xml.ts'
import { type OdfContext, odfChart } from './odf-blocks.ts'

const readNumbered = async (archive: Archive): Promise<OdfContext['numbered']> => {
  const numbered: OdfContext['numbered'] = new Map()
  for (const part of ['styles.xml', 'content.xml']) {
    if (!archive.has(part)) continue
    for await (const style of streamElements(await archive.stream(part), ['list-style'])) {
      const levels = elementsOf(style).filter(
        ({ name, attributes }) => name === 'list-level-style-number' && attributes['num-format'],
      )
      numbered.set(
        style.attributes.name ?? '',
        new Map(
          levels.map(({ attributes }) => [
            Number(attributes.level ?? 1),
            { format: attributes['num-format'] ?? '1', suffix: attributes['num-suffix'] ?? '' },
          ]),
        ),
      )
    }
  }
  return numbered
}

/** Embedded objects are parts in folders of their own; those that are charts are read. */
const readObjects = async (archive: Archive): Promise<Map<string, Block[]>> => {
  const found = new Map<string, Block[]>()
  for (const name of archive.names()) {
    if (!/^Object [^/]+\/content\.xml$/.test(name)) continue
    const blocks = [...descendantsOf(await readPart(archive, name), 'chart')].flatMap(odfChart)
    found.set(posix.dirname(name), blocks)
  }
  return found
}

/** @throws ExtractionError file_encrypted */
export const requirePlain = async (archive: Archive): Promise<void> => {
  const manifest = await readPart(archive, 'META-INF/manifest.xml')
  if (!descendantsOf(manifest, 'encryption-data').next().done)
    throw new ExtractionError('file_encrypted', 'The manifest says that parts of the file are encrypted')
}

/** Headers or footers of all kinds of pages. */
export const masterParts = async (archive: Archive, name: 'header' | 'footer'): Promise<XmlElement[]> => [
  ...descendantsOf(await readPart(archive, 'styles.xml'), name),
]

/** What the content refers to. */
export const readOdfContext = async (archive: Archive): Promise<() => OdfContext> => {
  const [numbered, objects] = [await readNumbered(archive), await readObjects(archive)]
  return () => ({ numbered, notes: [], objectBlocks: (address) => objects.get(posix.normalize(address ?? '')) ?? [] })
}
