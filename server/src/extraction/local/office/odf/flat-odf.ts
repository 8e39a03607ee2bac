import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { ExtractionError } from '../../../extractor.ts'
import { type Archive, MOST_WHOLE, openArchive } from '../archive.ts'

/** What the one XML of a flat file stands for, each with all of it: readers take from it the elements that they know. */
const PARTS = new Set(['content.xml', 'styles.xml'])

const isArchive = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer: head } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return head.toString('latin1') === 'PK'
  } finally {
    await file.close()
  }
}

/** A flat file as an archive of the parts that it would have. */
const openFlat = async (path: string): Promise<Archive> => {
  const { size } = await stat(path)
  if (size > MOST_WHOLE) throw new ExtractionError('archive_too_large', `The file has ${size} bytes of XML`)
  return {
    has: (name) => PARTS.has(name),
    names: () => PARTS,
    stream: async () => createReadStream(path),
    read: async (name) => (PARTS.has(name) ? buffer(createReadStream(path)) : null),
    close: () => {},
  }
}

/** Opens a file of OpenDocument: an archive, or one XML ("flat"). Throws as openArchive does. */
export const openOdf = async (path: string): Promise<Archive> =>
  (await isArchive(path)) ? openArchive(path) : openFlat(path)
