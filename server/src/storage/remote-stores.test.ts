import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Damage, startDamagingProxy } from '../../test/stores/damaging-proxy.ts'
import { REMOTE, type TriedRemote } from '../../test/stores/implementations.ts'
import type { BlobStore } from './blob-store.ts'

const link = { filename: 'Größe 1.pdf', contentType: 'application/pdf', expiresInMs: 60_000 }

describe.each(Object.keys(REMOTE))('%s', (name) => {
  let tried: TriedRemote
  let proxy: { port: number; damage: Damage; close(): void }
  /** By way of the proxy. */
  let damaged: BlobStore
  beforeAll(async () => {
    tried = await (REMOTE[name] as () => Promise<TriedRemote>)()
    proxy = await startDamagingProxy(tried.port)
    damaged = await tried.connect(proxy.port)
  })
  afterAll(async () => {
    proxy?.close()
    await tried?.remove()
  })

  const put = async (bytes: Buffer) => {
    const key = uuid()
    await tried.store.put(key, Readable.from([bytes]))
    return key
  }

  test.each([100_000, 12_000_000])('%i bytes of which one changes on the way are refused', async (size) => {
    const key = uuid()
    const before = await tried.countAll()
    const bytes = Buffer.alloc(size, '.')
    bytes.write('change me here', size - 100)
    proxy.damage = { flip: 'change me here' }
    // As Swift, Azurite and Azure call it.
    await expect(damaged.put(key, Readable.from([bytes]))).rejects.toThrow(/BadDigest|InvalidOperation|Md5Mismatch/)
    proxy.damage = {}
    expect(await tried.store.head(key)).toBeNull()
    expect(await tried.countAll()).toBe(before)
    // It was the change.
    await damaged.put(key, Readable.from([bytes]))
    expect(await tried.store.head(key)).toEqual({ sizeBytes: size })
  })

  test('a read whose connection breaks ends with an error or whole', async () => {
    const bytes = randomBytes(3_000_000)
    const key = await put(bytes)
    proxy.damage = { cutAfter: 500_000 }
    const ended = await damaged
      .read(key)
      .then(buffer)
      .then(
        (all) => all.equals(bytes),
        () => 'error',
      )
    proxy.damage = {}
    expect([true, 'error']).toContain(ended)
    proxy.damage = { cutAfter: 1_000 }
    await expect(damaged.read(key).then(buffer)).rejects.toThrow()
    proxy.damage = {}
  })

  test('a link gives the bytes, their name and type, and ranges of them', async () => {
    const bytes = randomBytes(10_000)
    const url = (await tried.store.presign(await put(bytes), link)) as string
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    expect(response.headers.get('content-type')).toBe('application/pdf')
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename=.*; filename\*=UTF-8''Gr%C3%B6%C3%9Fe%201\.pdf$/,
    )
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } })
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(10, 20)])
  })

  test('a link is good for its own blob, for reading and for its time', async () => {
    const [mine, other] = [await put(Buffer.from('mine')), await put(Buffer.from('other'))]
    const url = (await tried.store.presign(mine, { ...link, expiresInMs: 2_000 })) as string
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(url.replace(mine, other))).status).toBe(403)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403)
    await expect.poll(async () => (await fetch(url)).status, { interval: 200 }).toBe(403)
  })

  test('check says what is wrong', async () => {
    await expect((await tried.connect(tried.port, 'container')).check()).rejects.toThrow(/no (container|bucket) other/)
    await expect((await tried.connect(tried.port, 'key')).check()).rejects.toThrow(/refuses the key/)
    await expect((await tried.connect(1)).check()).rejects.toThrow(/cannot be used/)
  })
})
