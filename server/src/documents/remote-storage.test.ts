import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { IMPLEMENTATIONS, type Tried } from '../../test/stores/implementations.ts'
import { cancelJob, deleteDocument, eraseTombstones } from './change-documents.ts'
import { createDocuments } from './create-documents.ts'
import { expireDocuments } from './expire-documents.ts'
import { receiveFile } from './receive-upload.ts'
import { deleteStaleBlobs, trackUnownedBlobs } from './unowned-blobs.ts'

const database = useDatabase()
/** More than a block of any store here, of a type that is taken. */
const BYTES = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(6_000_000)])

/** Whatever the product deletes is gone from the store, by the product's own functions. */
describe.each(Object.keys(IMPLEMENTATIONS))('on %s', (name) => {
  let tried: Tried
  beforeAll(async () => {
    tried = await (IMPLEMENTATIONS[name] as () => Promise<Tried>)()
  })
  afterAll(() => tried?.remove())
  beforeEach(async () => {
    expect(await tried.countAll()).toBe(0)
  })

  const upload = async (
    stream: Readable,
    then: (tracked: ReturnType<typeof trackUnownedBlobs>) => Promise<unknown>,
  ) => {
    const tracked = trackUnownedBlobs(database.pool, tried.store)
    try {
      return await receiveFile(tried.store, await tracked.reserve(), { name: 'a.pdf', stream }, 10_000_000)
    } finally {
      tracked.close()
      await then(tracked)
    }
  }
  const keep = async () => {}
  const makeDocument = async () => {
    const file = await upload(Readable.from([BYTES]), keep)
    const { documentIds } = await createDocuments(database.pool, [file as Awaited<ReturnType<typeof receiveFile>>], {
      maxAttempts: 1,
    })
    return documentIds[0] as string
  }
  const makeStale = () => database.pool.query(`UPDATE unowned_blobs SET touched_at = now() - interval '11 minutes'`)

  test('an upload that breaks off leaves nothing, and no row', async () => {
    const breaking = async function* () {
      yield BYTES
      throw new Error('the line broke')
    }
    await expect(upload(Readable.from(breaking()), (tracked) => tracked.discard())).rejects.toThrow('the line broke')
    expect(await tried.countAll()).toBe(0)
    expect((await database.pool.query('SELECT FROM unowned_blobs')).rowCount).toBe(0)
  })

  test('a whole upload that no document came to own is found by housekeeping', async () => {
    await upload(Readable.from([BYTES]), keep)
    expect(await tried.countAll()).toBeGreaterThan(0)
    expect(await deleteStaleBlobs(database.pool, tried.store)).toBe(0)
    await makeStale()
    expect(await deleteStaleBlobs(database.pool, tried.store)).toBe(1)
    expect(await tried.countAll()).toBe(0)
  })

  test('what is there of an upload whose process died is found by housekeeping', async () => {
    const source = new Readable({ read() {} })
    source.push(BYTES)
    // As far as the store can tell, nobody is there any more.
    const hanging = upload(source, keep)
    hanging.catch(() => {})
    await expect.poll(() => source.readableLength).toBe(0)
    if (tried.countsDrafts) await expect.poll(tried.countAll).toBeGreaterThan(0)
    await makeStale()
    expect(await deleteStaleBlobs(database.pool, tried.store)).toBe(1)
    expect(await tried.countAll()).toBe(0)
    source.destroy()
    await expect(hanging).rejects.toThrow()
  })

  test('a document that is deleted takes its bytes with it', async () => {
    const id = await makeDocument()
    expect(await tried.countAll()).toBeGreaterThan(0)
    await deleteDocument(database.pool, tried.store, id)
    expect(await tried.countAll()).toBe(0)
    expect((await database.pool.query('SELECT FROM documents WHERE id = $1', [id])).rowCount).toBe(0)
  })

  test('a deletion that was cut short is finished, whether or not the bytes are gone already', async () => {
    const [whole, half] = [await makeDocument(), await makeDocument()]
    const { rows } = await database.pool.query<{ id: string; blob_key: string }>(
      `UPDATE documents SET deleted_at = now() - interval '2 minutes' WHERE id = ANY ($1) RETURNING id, blob_key`,
      [[whole, half]],
    )
    await tried.store.delete(rows.find((row) => row.id === half)?.blob_key as string)
    expect(await eraseTombstones(database.pool, tried.store)).toBe(2)
    expect(await tried.countAll()).toBe(0)
  })

  test('a document that is older than it is to be kept takes its bytes with it', async () => {
    const id = await makeDocument()
    await cancelJob(database.pool, id)
    await database.pool.query(
      `UPDATE document_processing_jobs SET finished_at = now() - interval '31 days' WHERE document_id = $1`,
      [id],
    )
    const { signal } = new AbortController()
    expect(await expireDocuments(database.pool, tried.store, [id], { days: 30, signal })).toEqual([id])
    expect(await tried.countAll()).toBe(0)
  })
})
