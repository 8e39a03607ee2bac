import { readdir } from 'node:fs/promises'
import type { Document, DocumentDetails } from '@adp/contract/document.ts'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { emlFile } from '../../test/mail-files.ts'
import { childOf } from '../../test/processes.ts'
import { type Product, startProduct } from '../../test/product.ts'
import { upload, waitForJob } from '../../test/run-start.ts'

/** Real processes: the worker is killed while it makes documents of what is attached to a mail. */
let product: Product
let database: pg.Client

beforeAll(async () => {
  product = await startProduct({ WORKER_CONCURRENCY: '1', WORKER_TIMEOUT_SECONDS: '60' })
  database = new pg.Client({ connectionString: product.databaseUrl })
  await database.connect()
})
afterAll(async () => {
  await database?.end()
  await product?.stop()
})

const FILES = 120
const KILLED_AT = [1, 30, 60, 90]

const countChildren = async (id: string): Promise<number> =>
  (await database.query('SELECT FROM documents WHERE parent_document_id = $1', [id])).rowCount ?? 0

async function kill(): Promise<void> {
  const pid = childOf(product.process.pid as number, 'worker.ts')
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(childOf(product.process.pid as number, 'worker.ts')).not.toBe(pid), { timeout: 30_000 })
}

test('kill -9 again and again while they are made: each once, with its bytes and one job, and nothing besides', async () => {
  const attached = Array.from({ length: FILES }, (_, index) => ({
    name: `${index + 1}.txt`,
    bytes: Buffer.from(`This is number ${index + 1}`),
  }))
  // As many attempts as there are kills, and one: each of them uses one up.
  const [mail] = await upload(product.url, { 'mail.eml': emlFile({ attached }) })
  const { id, job } = mail as Document
  await database.query('UPDATE document_processing_jobs SET max_attempts = 9 WHERE id = $1', [job.id])
  for (const count of KILLED_AT) {
    await vi.waitFor(async () => expect(await countChildren(id)).toBeGreaterThanOrEqual(count), {
      timeout: 60_000,
      interval: 5,
    })
    await kill()
  }
  expect(await waitForJob(product.url, id)).toMatchObject({ status: 'COMPLETED' })

  const { rows } = await database.query(
    'SELECT parent_position, filename, blob_key FROM documents WHERE parent_document_id = $1 ORDER BY parent_position',
    [id],
  )
  expect(rows.map((row) => row.filename)).toEqual(attached.map(({ name }) => name))
  expect(new Set(rows.map((row) => row.parent_position)).size).toBe(FILES)
  const jobs = await database.query('SELECT FROM document_processing_jobs WHERE document_id <> $1', [id])
  expect(jobs.rowCount).toBe(FILES)
  // What a death has left is known, and housekeeping deletes it.
  const unowned = await database.query('SELECT blob_key FROM unowned_blobs')
  expect(unowned.rows.length).toBeLessThanOrEqual(KILLED_AT.length)
  const files = await readdir(product.dataDir, { recursive: true, withFileTypes: true })
  const known = new Set([...rows, ...unowned.rows].map((row) => row.blob_key))
  const stored = files.filter((file) => file.isFile() && /^[0-9a-f-]{36}$/.test(file.name)).map((file) => file.name)
  const own = await database.query('SELECT blob_key FROM documents WHERE id = $1', [id])
  expect(stored.filter((key) => !known.has(key))).toEqual([own.rows[0].blob_key])
  expect(rows.filter((row) => !stored.includes(row.blob_key))).toEqual([])
  const details = (await (await fetch(`${product.url}/documents/${id}`)).json()) as DocumentDetails
  expect(details.attachments).toHaveLength(FILES)
  expect(details.job.attempts).toBeGreaterThan(1)
})
