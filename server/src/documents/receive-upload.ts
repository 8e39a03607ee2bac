import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ContentType } from '@adp/contract/document.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { cleanFilename } from './filename.ts'
import { ProblemError } from './problem.ts'
import { type ContainerSniffer, createContainerSniffer } from './sniff-container.ts'
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
  const sniffer = createSniffer(filename)
  let sizeBytes = 0

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
      yield* await sniffer.add(chunk)
    }
    if (sizeBytes === 0) throw new ProblemError('file_empty', `${filename} is empty.`)
    yield* await sniffer.end()
  }

  await blobs.put(blobKey, Readable.from(inspected(), { objectMode: false }))
  return { blobKey, filename, contentType: sniffer.type(), sizeBytes, sha256: hash.digest('hex') }
}

/**
 * Recognises a file as it passes by. `add` and `end` give back what may pass on: nothing until the beginning is known, so that nothing of a
 * file that is refused is stored. They throw ProblemError unsupported_type.
 */
function createSniffer(filename: string) {
  let head: Buffer = Buffer.alloc(0)
  let found: Awaited<ReturnType<typeof sniffType>> = null
  let container: ContainerSniffer | undefined

  const require = (type: ContentType | null): ContentType => {
    if (type) return type
    throw new ProblemError('unsupported_type', `${filename} is of no type that can be processed.`)
  }
  async function begin(): Promise<Buffer[]> {
    found = await sniffType(head)
    if (found === 'archive' || found === 'compound') {
      container = createContainerSniffer(found)
      container.add(head)
    } else require(found)
    return [head]
  }
  return {
    async add(chunk: Buffer): Promise<Buffer[]> {
      if (found) {
        container?.add(chunk)
        return [chunk]
      }
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      return head.length < SNIFF_BYTES ? [] : begin()
    },
    async end(): Promise<Buffer[]> {
      const rest = found ? [] : await begin()
      if (container) found = require(container.type())
      return rest
    },
    type: (): ContentType => require(found === 'archive' || found === 'compound' ? null : found),
  }
}
