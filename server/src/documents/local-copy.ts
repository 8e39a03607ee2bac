import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ContentType } from '@adp/contract/document.ts'
import { ExtractionError } from '../extraction/extractor.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { withScratchFolder } from '../storage/scratch.ts'

export type StoredDocument = { blob_key: string; content_type: ContentType; sha256: string }

// Parsers may look at the ending of a name; ours comes from the bytes, as the type does.
const ENDINGS: Record<ContentType, string> = {
  'application/pdf': '.pdf',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/tiff': '.tiff',
  'image/webp': '.webp',
  'image/bmp': '.bmp',
  'image/gif': '.gif',
  'image/heic': '.heic',
  'image/heif': '.heif',
  'text/plain': '.txt',
  'text/markdown': '.md',
  'text/csv': '.csv',
  'text/html': '.html',
  'application/rtf': '.rtf',
  'message/rfc822': '.eml',
  'application/vnd.ms-outlook': '.msg',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': '.xlsx',
  'application/vnd.ms-excel.sheet.macroenabled.12': '.xlsm',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': '.pptx',
  'application/vnd.oasis.opendocument.text': '.odt',
  'application/vnd.oasis.opendocument.spreadsheet': '.ods',
  'application/vnd.oasis.opendocument.presentation': '.odp',
  'application/x-tika-ooxml-protected': '.bin',
}

/**
 * Copies a document's bytes into a throwaway file for as long as `work` runs; parsers need a path, whatever the store is.
 * @throws ExtractionError content_damaged when the bytes are not those that were uploaded; BlobMissingError
 */
export async function withLocalCopy<T>(
  blobs: BlobStore,
  document: StoredDocument,
  signal: AbortSignal,
  work: (path: string) => Promise<T>,
): Promise<T> {
  return withScratchFolder(async (folder) => {
    const file = path.join(folder, `document${ENDINGS[document.content_type]}`)
    const hash = createHash('sha256')
    await pipeline(
      await blobs.read(document.blob_key),
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(file, { mode: 0o600 }),
      { signal },
    )
    const found = hash.digest('hex')
    if (found !== document.sha256) {
      throw new ExtractionError('content_damaged', `sha256 ${found} was read, ${document.sha256} was uploaded`)
    }
    return work(file)
  })
}
