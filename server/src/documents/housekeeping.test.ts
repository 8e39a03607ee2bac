import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { v4 as uuid, v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { createFilesystemStore } from '../storage/filesystem.ts'
import { eraseTombstones } from './change-documents.ts'
import { createDocuments } from './create-documents.ts'
import { deleteStaleBlobs, trackUnownedBlobs } from './unowned-blobs.ts'

const database = useDatabase()
let root: string
let blobs: BlobStore

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'adp-housekeeping-'))
  blobs = createFilesystemStore(root)
})
afterAll(() => rm(root, { recursive: true }))

const age = (key: string, minutes: number) =>
  database.pool.query('UPDATE unowned_blobs SET touched_at = now() - make_interval(mins => $2) WHERE blob_key = $1', [
    key,
    minutes,
  ])

async function reserveAndPut() {
  const tracked = trackUnownedBlobs(database.pool, blobs)
  const key = await tracked.reserve()
  tracked.close()
  await blobs.put(key, Readable.from(['bytes']))
  return key
}

const received = (blobKey: string) => ({
  blobKey,
  filename: 'a.pdf',
  contentType: 'application/pdf' as const,
  sizeBytes: 5,
  sha256: '0'.repeat(64),
})

test('bytes of an upload that died are deleted, those of one that lives are not', async () => {
  const [dead, alive] = [await reserveAndPut(), await reserveAndPut()]
  await age(dead, 11)
  await age(alive, 9)
  expect(await deleteStaleBlobs(database.pool, blobs)).toBe(1)
  expect(await blobs.head(dead)).toBeNull()
  expect(await blobs.head(alive)).not.toBeNull()
  const { documentIds } = await createDocuments(database.pool, [received(alive)], { maxAttempts: 3 })
  expect(documentIds).toHaveLength(1)
})

test('an upload whose bytes were cleaned away makes no document', async () => {
  const key = await reserveAndPut()
  await age(key, 11)
  await deleteStaleBlobs(database.pool, blobs)
  await expect(createDocuments(database.pool, [received(key)], { maxAttempts: 3 })).rejects.toMatchObject({
    code: 'upload_expired',
  })
})

test('bytes that cannot be deleted now are deleted the next time', async () => {
  const key = await reserveAndPut()
  await age(key, 11)
  const failing = vi.spyOn(blobs, 'delete').mockRejectedValueOnce(new Error('the disk is away'))
  await expect(deleteStaleBlobs(database.pool, blobs)).rejects.toThrow('the disk is away')
  failing.mockRestore()
  expect(await deleteStaleBlobs(database.pool, blobs)).toBe(1)
  expect(await blobs.head(key)).toBeNull()
})

test('a deletion that a crash cut short is finished', async () => {
  const [id, key] = [uuidv7(), uuid()]
  await blobs.put(key, Readable.from(['bytes']))
  await database.pool.query(
    `INSERT INTO documents VALUES ($1, 'a.pdf', 'application/pdf', 5, repeat('0', 64), $2, now(), now() - interval '2 minutes')`,
    [id, key],
  )
  expect(await eraseTombstones(database.pool, blobs)).toBe(1)
  expect(await blobs.head(key)).toBeNull()
  expect((await database.pool.query('SELECT FROM documents WHERE id = $1', [id])).rowCount).toBe(0)
})
