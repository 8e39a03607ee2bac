import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ContentType } from '@adp/contract/document.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { cleanFilename } from './filename.ts'
import { ProblemError } from './problem.ts'
import { SNIFF_BYTES, sniffType } from './sniff-type.ts'

export type ReceivedFile = {
  blobKey: string
  filename: string
  contentType: ContentType
  sizeBytes: number
  sha256: string
}

/**
 * Streams one file of an upload to the store while it is hashed, counted and, by its first bytes, recognised. Memory stays at a few
 * chunks whatever the size. On any error the store keeps nothing.
 * @throws ProblemError file_empty, file_too_large, unsupported_type; the stream's own error when the upload breaks off
 */
export async function receiveFile(
  blobs: BlobStore,
  blobKey: string,
  file: { name: string | undefined; stream: Readable },
  maxBytes: number,
): Promise<ReceivedFile> {
  const filename = cleanFilename(file.name)
  const hash = createHash('sha256')
  let sizeBytes = 0
  let head: Buffer = Buffer.alloc(0)
  let contentType: ContentType | null = null

  async function* inspected(): AsyncGenerator<Buffer> {
    for await (const chunk of file.stream as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) {
        throw new ProblemError(
          'file_too_large',
          `${filename} is larger than the ${maxBytes} bytes this server accepts.`,
        )
      }
      hash.update(chunk)
      if (contentType) {
        yield chunk
        continue
      }
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      if (head.length < SNIFF_BYTES) continue
      contentType = await requireType(head, filename)
      yield head
    }
    if (sizeBytes === 0) throw new ProblemError('file_empty', `${filename} is empty.`)
    if (!contentType) {
      contentType = await requireType(head, filename)
      yield head
    }
  }

  await blobs.put(blobKey, Readable.from(inspected(), { objectMode: false }))
  if (!contentType) throw new Error('a stored file has no type')
  return { blobKey, filename, contentType, sizeBytes, sha256: hash.digest('hex') }
}

async function requireType(head: Buffer, filename: string): Promise<ContentType> {
  const type = await sniffType(head)
  if (!type) throw new ProblemError('unsupported_type', `${filename} is of no type that can be processed.`)
  return type
}
