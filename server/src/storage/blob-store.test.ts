import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IMPLEMENTATIONS, type Tried } from '../../test/stores/implementations.ts'
import { BlobMissingError, type BlobStore } from './blob-store.ts'

describe.each(Object.keys(IMPLEMENTATIONS))('%s store', (name) => {
  let tried: Tried
  let store: BlobStore
  beforeAll(async () => {
    tried = await (IMPLEMENTATIONS[name] as () => Promise<Tried>)()
    store = tried.store
  })
  afterAll(() => tried?.remove())

  const put = async (bytes: Buffer) => {
    const key = uuid()
    await store.put(key, Readable.from([bytes]))
    return key
  }

  test('gives back what it was given, whole and in ranges', async () => {
    const bytes = randomBytes(300_000)
    const key = await put(bytes)
    expect(await store.head(key)).toEqual({ sizeBytes: 300_000 })
    expect((await buffer(await store.read(key))).equals(bytes)).toBe(true)
    expect(await buffer(await store.read(key, { start: 0, end: 0 }))).toEqual(bytes.subarray(0, 1))
    expect(await buffer(await store.read(key, { start: 70_000, end: 299_999 }))).toEqual(bytes.subarray(70_000))
  })

  test('takes a large stream in pieces of any size', async () => {
    const sent = createHash('sha256')
    const pieces = async function* () {
      for (let n = 0; n < 400; n += 1) {
        const piece = randomBytes(1 + ((n * 7919) % 100_000))
        sent.update(piece)
        yield piece
      }
    }
    const key = uuid()
    await store.put(key, Readable.from(pieces()))
    const received = createHash('sha256')
    for await (const chunk of await store.read(key)) received.update(chunk)
    expect(received.digest('hex')).toBe(sent.digest('hex'))
  })

  test('shows nothing under a key before all of it is there', async () => {
    const key = uuid()
    const source = new Readable({ read() {} })
    source.push(randomBytes(200_000))
    const putting = store.put(key, source)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await store.head(key)).toBeNull()
    await expect(store.read(key)).rejects.toBeInstanceOf(BlobMissingError)
    source.push(null)
    await putting
    expect(await store.head(key)).toEqual({ sizeBytes: 200_000 })
  })

  test('takes 40 MB by several blocks', async () => {
    const piece = randomBytes(1_000_000)
    const key = uuid()
    await store.put(key, Readable.from(Array(40).fill(piece)))
    const received = createHash('sha256')
    for await (const chunk of await store.read(key)) received.update(chunk)
    const sent = createHash('sha256')
    for (let n = 0; n < 40; n += 1) sent.update(piece)
    expect(received.digest('hex')).toBe(sent.digest('hex'))
    expect(await buffer(await store.read(key, { start: 39_999_990, end: 39_999_999 }))).toEqual(piece.subarray(-10))
  })

  test('takes an empty stream', async () => {
    const key = uuid()
    await store.put(key, Readable.from([]))
    expect(await store.head(key)).toEqual({ sizeBytes: 0 })
  })

  test('of two puts of one key at once, one wins whole or neither does', async () => {
    const key = uuid()
    const contents = [Buffer.alloc(12_000_000, 'a'), Buffer.alloc(12_000_000, 'b')]
    const ended = await Promise.allSettled(contents.map((bytes) => store.put(key, Readable.from([bytes]))))
    const accepted = contents.filter((_, index) => ended[index]?.status === 'fulfilled')
    if (accepted.length === 0) expect(await store.head(key)).toBeNull()
    else {
      const found = await buffer(await store.read(key))
      expect(accepted.some((bytes) => bytes.equals(found))).toBe(true)
    }
  })

  test('keeps nothing of a stream that fails', async () => {
    const key = uuid()
    const before = await tried.countAll()
    const breaking = async function* () {
      yield randomBytes(100_000)
      throw new Error('the line broke')
    }
    await expect(store.put(key, Readable.from(breaking()))).rejects.toThrow('the line broke')
    expect(await store.head(key)).toBeNull()
    expect(await tried.countAll()).toBe(before)
  })

  test('keeps nothing of a stream that is closed before its end', async () => {
    const key = uuid()
    const before = await tried.countAll()
    const source = new Readable({ read() {} })
    source.push(randomBytes(10))
    setImmediate(() => source.destroy())
    await expect(store.put(key, source)).rejects.toThrow(/premature close/i)
    expect(await tried.countAll()).toBe(before)
  })

  test.each(['fails', 'is closed', 'is aborted'])(
    'keeps nothing of a put that %s after several blocks',
    async (how) => {
      const key = uuid()
      const before = await tried.countAll()
      const abort = new AbortController()
      const source = new Readable({ read() {} })
      for (let n = 0; n < 12; n += 1) source.push(randomBytes(1_000_000))
      const putting = store.put(key, source, abort.signal)
      // All that was there has been taken, so that blocks are under way.
      await expect.poll(() => source.readableLength).toBe(0)
      if (how === 'is aborted') abort.abort()
      else source.destroy(how === 'fails' ? new Error('the line broke') : undefined)
      await expect(putting).rejects.toThrow(/abort|the line broke|premature close/i)
      expect(await store.head(key)).toBeNull()
      expect(await tried.countAll()).toBe(before)
    },
  )

  test('keeps nothing of a put that is aborted, and stops reading', async () => {
    const key = uuid()
    const before = await tried.countAll()
    const source = new Readable({ read() {} })
    source.push(randomBytes(10))
    const abort = new AbortController()
    const putting = store.put(key, source, abort.signal)
    abort.abort()
    await expect(putting).rejects.toThrow(/abort/i)
    expect(source.destroyed).toBe(true)
    expect(await tried.countAll()).toBe(before)
  })

  test('says which blob is missing before the first byte', async () => {
    const key = uuid()
    await expect(store.read(key)).rejects.toBeInstanceOf(BlobMissingError)
    expect(await store.head(key)).toBeNull()
  })

  test('deletes, twice if asked', async () => {
    const key = await put(Buffer.from('x'))
    await store.delete(key)
    await store.delete(key)
    expect(await store.head(key)).toBeNull()
  })

  test('takes no key that is not a UUID', async () => {
    for (const key of ['../etc/passwd', '', 'a/b', `${uuid()}/..`, uuid().toUpperCase()]) {
      await expect(store.put(key, Readable.from(['x']))).rejects.toThrow('is not a blob key')
      await expect(store.read(key)).rejects.toThrow('is not a blob key')
      await expect(store.head(key)).rejects.toThrow('is not a blob key')
      await expect(store.delete(key)).rejects.toThrow('is not a blob key')
      await expect(store.presign(key, { filename: 'x', contentType: 'x/y', expiresInMs: 1 })).rejects.toThrow(
        'is not a blob key',
      )
    }
  })

  test('is ready to be written to', async () => {
    await expect(store.check()).resolves.toBeUndefined()
  })
})
