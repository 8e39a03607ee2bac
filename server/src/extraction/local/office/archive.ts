import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import yauzl from 'yauzl'
import { ExtractionError } from '../../extractor.ts'
import { messageOf } from '../failure.ts'

/** A book of 2,000 pages with a picture on each has a tenth of it. */
const MOST_ENTRIES = 20_000

/** What all parts that are read here, those of XML, may take when they are unpacked: ten times the largest one that was seen. */
const MOST_INFLATED = 1_500_000_000

/** XML shrinks to a tenth, a sheet of equal cells to a hundredth; a bomb is all zeros, 1,000 to 1. Below the size nobody is harmed by any. */
const MOST_RATIO = 250
const HARMLESS = 50_000_000

/** A part that is read as a whole; the largest are the styles and shared strings of big workbooks. */
export const MOST_WHOLE = 200_000_000

/** An archive of parts, as Office files are. */
export type Archive = {
  has(name: string): boolean
  names(): Iterable<string>
  /** A part as it is unpacked; throws file_corrupt when it is not there. */
  stream(name: string): Promise<Readable>
  /** A part as a whole, null when it is not there. */
  read(name: string): Promise<Buffer | null>
  close(): void
}

const isXml = (name: string): boolean => /\.(xml|rels|vml)$/i.test(name)

/** By what the archive says of itself; what unpacks to more than it says is an error when it is read. */
const measure = (entries: Iterable<yauzl.Entry>): void => {
  let [inflated, packed] = [0, 0]
  for (const entry of entries) {
    if (!isXml(entry.fileName)) continue
    inflated += entry.uncompressedSize
    packed += entry.compressedSize
  }
  const isBomb = inflated > HARMLESS && inflated > MOST_RATIO * packed
  if (inflated > MOST_INFLATED || isBomb)
    throw new ExtractionError('archive_too_large', `The file has ${packed} bytes that unpack to ${inflated}`)
}

const readDirectory = async (zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> => {
  if (zip.entryCount > MOST_ENTRIES)
    throw new ExtractionError('archive_too_large', `The file has ${zip.entryCount} parts; ${MOST_ENTRIES} are accepted`)
  const entries = new Map<string, yauzl.Entry>()
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  return entries
}

const open = async (path: string): Promise<yauzl.ZipFile> => {
  try {
    return await yauzl.openPromise(path, { autoClose: false })
  } catch (error) {
    throw new ExtractionError('file_corrupt', messageOf(error), { cause: error })
  }
}

/**
 * Opens an archive and measures it before anything is unpacked.
 * Throws ExtractionError: file_corrupt, file_encrypted, archive_too_large.
 */
export const openArchive = async (path: string): Promise<Archive> => {
  const zip = await open(path)
  try {
    const entries = await readDirectory(zip)
    measure(entries.values())
    const stream = async (name: string): Promise<Readable> => {
      const entry = entries.get(name)
      if (!entry) throw new ExtractionError('file_corrupt', `The file has no part ${name}`)
      if (entry.isEncrypted()) throw new ExtractionError('file_encrypted', `The part ${name} is encrypted`)
      return zip.openReadStreamPromise(entry)
    }
    return {
      stream,
      has: (name) => entries.has(name),
      names: () => entries.keys(),
      async read(name) {
        const size = entries.get(name)?.uncompressedSize ?? 0
        if (size > MOST_WHOLE)
          throw new ExtractionError('archive_too_large', `The part ${name} unpacks to ${size} bytes`)
        return entries.has(name) ? buffer(await stream(name)) : null
      },
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}
