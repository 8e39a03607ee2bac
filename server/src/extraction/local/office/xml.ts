import type { Readable } from 'node:stream'
import { SaxesParser } from 'saxes'
import { ExtractionError } from '../../extractor.ts'

/** Names are without prefixes: each format has one vocabulary, in two namespaces when it is "strict". */
export type XmlElement = { name: string; attributes: Record<string, string>; children: (XmlElement | string)[] }

/** Office nests some dozens deep; what is read recursively must not exhaust the stack. */
const MOST_DEPTH = 400

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

const localNames = (attributes: Record<string, string>): Record<string, string> => {
  const found: Record<string, string> = Object.create(null)
  // `r:id` says more than `id`, where both are there.
  const [plain, prefixed] = [Object.entries(attributes), [] as [string, string][]]
  for (const entry of plain) if (entry[0].includes(':')) prefixed.push(entry)
  for (const [name, value] of [...plain, ...prefixed]) if (!name.startsWith('xmlns')) found[localName(name)] = value
  return found
}

const corrupt = (detail: string): ExtractionError => new ExtractionError('file_corrupt', detail)

/**
 * A parser that hands over each element that `isWanted`, with all that is in it; those inside of one are part of it. Nothing else is
 * kept. Entities of a document type are not replaced, so that none can grow: no Office file has one.
 */
const createCollector = (isWanted: (name: string) => boolean) => {
  const parser = new SaxesParser()
  let depth = 0
  const open: XmlElement[] = []
  let found: XmlElement[] = []
  parser.on('error', (error) => {
    throw corrupt(error.message)
  })
  parser.on('doctype', () => {
    throw corrupt('The file declares a document type')
  })
  parser.on('opentag', ({ name: full, attributes }) => {
    depth += 1
    if (depth > MOST_DEPTH) throw corrupt('The file nests too deeply')
    const name = localName(full)
    const parent = open.at(-1)
    if (!parent && !isWanted(name)) return
    const element = { name, attributes: localNames(attributes), children: [] }
    parent?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    depth -= 1
    const element = open.pop()
    if (element && open.length === 0) found.push(element)
  })
  const addText = (text: string) => open.at(-1)?.children.push(text)
  parser.on('text', addText)
  parser.on('cdata', addText)
  return {
    write: (text: string) => void parser.write(text),
    end: () => void parser.close(),
    take(): XmlElement[] {
      const taken = found
      found = []
      return taken
    },
  }
}

const decoderFor = (first: Buffer) => {
  const mark = first.toString('latin1', 0, 2)
  return new TextDecoder(mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : 'utf-8')
}

/** The text of a part of XML as it is unpacked. */
export async function* xmlText(stream: Readable): AsyncGenerator<string> {
  let decoder: ReturnType<typeof decoderFor> | undefined
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    decoder ??= decoderFor(chunk)
    yield decoder.decode(chunk, { stream: true })
  }
}

/** Elements of some names, one after another, as the part is unpacked: it is never in memory as a whole. */
export async function* streamElements(stream: Readable, names: readonly string[]): AsyncGenerator<XmlElement> {
  const wanted = new Set(names)
  const collector = createCollector((name) => wanted.has(name))
  for await (const text of xmlText(stream)) {
    collector.write(text)
    yield* collector.take()
  }
  collector.end()
  yield* collector.take()
}

/** A whole part. Throws ExtractionError file_corrupt. */
export const parseXml = (xml: Buffer | string): XmlElement => {
  const collector = createCollector(() => true)
  collector.write(typeof xml === 'string' ? xml : decoderFor(xml).decode(xml))
  collector.end()
  const [root] = collector.take()
  if (!root) throw corrupt('A part has no element')
  return root
}

const isElement = (child: XmlElement | string): child is XmlElement => typeof child !== 'string'

export const elementsOf = (element: XmlElement | undefined): XmlElement[] => element?.children.filter(isElement) ?? []

export const childOf = (element: XmlElement | undefined, ...path: string[]): XmlElement | undefined => {
  let found = element
  for (const name of path) found = elementsOf(found).find((child) => child.name === name)
  return found
}

export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  elementsOf(element).filter((child) => child.name === name)

/** All elements of some names, in order; what is in one of them is not looked at. */
export function* descendantsOf(element: XmlElement | undefined, ...names: string[]): Generator<XmlElement> {
  for (const child of elementsOf(element)) {
    if (names.includes(child.name)) yield child
    else yield* descendantsOf(child, ...names)
  }
}

/** The characters in an element and all that is in it. */
export const textOf = (element: XmlElement | undefined): string =>
  element?.children.map((child) => (isElement(child) ? textOf(child) : child)).join('') ?? ''

/** The value of a child's attribute `val`, as OOXML has many. */
export const valOf = (element: XmlElement | undefined, ...path: string[]): string | undefined =>
  childOf(element, ...path)?.attributes.val

/** Of two ways to say the same, the newer one: programs that do not know it take the fallback. */
export const withoutFallback = (element: XmlElement): XmlElement[] => {
  if (element.name !== 'AlternateContent') return [element]
  return elementsOf(childOf(element, 'Choice') ?? childOf(element, 'Fallback'))
}
