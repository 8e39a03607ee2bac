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

/**
 * Makes documents and their PENDING jobs in one transaction, after the bytes are safe, the caller then wakes the workers. With an idempotency
 * key that was used before, for the same files and options, nothing is made and the documents of that time are returned; the caller discards the new bytes.
 * @throws ProblemError idempotency_key_reused, upload_expired
 */
export async function createDocuments(
  pool: Pool,
  files: ReceivedFile[],
  options: Omit<NewJobs, 'documentIds'> & {
    idempotencyKey?: string | undefined
    extraction?: ExtractionOptions | null
  },
): Promise<Created> {
  const ids = files.map(() => uuidv7())
  return transaction(pool, async (client) => {
    if (options.idempotencyKey !== undefined) {
      const earlier = await claimKey(client, options.idempotencyKey, fingerprint(files, options.extraction), ids)
      if (earlier) return { documentIds: earlier, replayed: true }
    }
    await own(
      client,
      files.map((file) => file.blobKey),
    )
    await client.query(
      `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key, extraction_options)
       SELECT *, $7 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])`,
      [
        ids,
        files.map((file) => file.filename),
        files.map((file) => file.contentType),
        files.map((file) => file.sizeBytes),
        files.map((file) => file.sha256),
        files.map((file) => file.blobKey),
        options.extraction ? JSON.stringify(options.extraction) : null,
      ],
    )
    await enqueue(client, { ...options, documentIds: ids })
    return { documentIds: ids, replayed: false }
  })
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
