import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ExtractionOptions } from '@adp/contract/extraction-options.ts'
import { v4 as uuid, v7 as uuidv7 } from 'uuid'
import { type Pool, transaction } from '../../src/db/client.ts'
import { enqueue } from '../../src/queue/enqueue.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'

export type StoredDocument = { id: string; sha256: string }

/** Contents that nobody has seen before: a PDF with another comment behind its end each. */
export const distinctPdfs = (pdf: Buffer, count: number): Buffer[] =>
  Array.from({ length: count }, () => Buffer.concat([pdf, Buffer.from(`% ${uuid()}\n`)]))

/** Stores bytes without making anything of them yet. @returns a document for each, in their order */
export async function storeContents(
  pool: Pool,
  blobs: BlobStore,
  contents: Buffer[],
  options: (n: number) => ExtractionOptions | null = () => null,
): Promise<StoredDocument[]> {
  const documents: StoredDocument[] = []
  for (const [n, bytes] of contents.entries()) {
    const [id, key] = [uuidv7(), uuid()]
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await blobs.put(key, Readable.from([bytes]))
    const wanted = options(n)
    await pool.query(
      `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key, extraction_options)
       VALUES ($1, $2, 'application/pdf', $3, $4, $5, $6)`,
      [id, `${n}.pdf`, bytes.length, sha256, key, wanted && JSON.stringify(wanted)],
    )
    documents.push({ id, sha256 })
  }
  return documents
}

/** Makes a job for each, all due at once. */
export async function enqueueAll(pool: Pool, documents: StoredDocument[], maxAttempts: number): Promise<void> {
  const documentIds = documents.map(({ id }) => id)
  await transaction(pool, (client) => enqueue(client, { documentIds, maxAttempts, notifies: true }))
}
