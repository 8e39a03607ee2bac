import { createHash } from 'node:crypto'
import type { ExtractionOptions } from '@adp/contract/extraction-options.ts'
import { v7 as uuidv7 } from 'uuid'
import { type Pool, type PoolClient, transaction } from '../db/client.ts'
import { enqueue, type NewJobs } from '../queue/enqueue.ts'
import { ProblemError } from './problem.ts'
import type { ReceivedFile } from './receive-upload.ts'
import { own } from './unowned-blobs.ts'

export type Created = {
  documentIds: string[] /** True when the Idempotency-Key had made these documents before. */
  replayed: boolean
}

export type NewDocuments = Omit<NewJobs, 'documentIds'> & {
  extraction?: ExtractionOptions | null
  /** The mail that the one document is attached to. */
  parent?: { documentId: string; position: number }
}

/**
 * Makes documents and their PENDING jobs in one transaction, after the bytes are safe, the caller then wakes the workers. With an idempotency
 * key that was used before, for the same files and options, nothing is made and the documents of that time are returned; the caller discards the new bytes.
 * @throws ProblemError idempotency_key_reused, upload_expired
 */
export async function createDocuments(
  pool: Pool,
  files: ReceivedFile[],
  { idempotencyKey, ...options }: NewDocuments & { idempotencyKey?: string | undefined },
): Promise<Created> {
  const ids = files.map(() => uuidv7())
  return transaction(pool, async (client) => {
    if (idempotencyKey !== undefined) {
      const earlier = await claimKey(client, idempotencyKey, fingerprint(files, options.extraction), ids)
      if (earlier) return { documentIds: earlier, replayed: true }
    }
    await insertDocuments(client, ids, files, options)
    return { documentIds: ids, replayed: false }
  })
}

/**
 * Makes the rows of documents and their PENDING jobs, in the caller's transaction.
 * @throws ProblemError upload_expired
 */
export async function insertDocuments(
  client: PoolClient,
  ids: string[],
  files: ReceivedFile[],
  { extraction, parent, ...jobs }: NewDocuments,
): Promise<void> {
  await own(
    client,
    files.map((file) => file.blobKey),
  )
  await client.query(
    `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key, extraction_options, parent_document_id, parent_position)
     SELECT *, $7, $8::uuid, $9::integer FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])`,
    [
      ids,
      files.map((file) => file.filename),
      files.map((file) => file.contentType),
      files.map((file) => file.sizeBytes),
      files.map((file) => file.sha256),
      files.map((file) => file.blobKey),
      extraction ? JSON.stringify(extraction) : null,
      parent?.documentId ?? null,
      parent?.position ?? null,
    ],
  )
  await enqueue(client, { ...jobs, documentIds: ids })
}

function fingerprint(files: ReceivedFile[], extraction: ExtractionOptions | null = null): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.sha256} ${file.filename}\n`)
  if (extraction) hash.update(JSON.stringify(Object.entries(extraction).sort()))
  return hash.digest('hex')
}

/** Takes the key for this transaction, or finds what it stands for; of two at once the second waits for the first. */
async function claimKey(client: PoolClient, key: string, print: string, ids: string[]): Promise<string[] | null> {
  const { rowCount } = await client.query(
    'INSERT INTO idempotency_keys (key, fingerprint, document_ids) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [key, print, ids],
  )
  if (rowCount === 1) return null
  const { rows } = await client.query<{ fingerprint: string; document_ids: string[] }>(
    'SELECT fingerprint, document_ids FROM idempotency_keys WHERE key = $1',
    [key],
  )
  if (rows[0]?.fingerprint !== print) throw new ProblemError('idempotency_key_reused')
  return rows[0].document_ids
}
