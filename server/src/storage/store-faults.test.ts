import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { v4 as uuid } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { AZURITE_KEY } from '../../test/stores/azurite.ts'
import { type Damage, startDamagingProxy } from '../../test/stores/damaging-proxy.ts'
import { REMOTE, type TriedRemote } from '../../test/stores/implementations.ts'
import { SWIFT_KEY } from '../../test/stores/swift.ts'
import { type BlobStore, StorageError } from './blob-store.ts'

const SECRETS = [AZURITE_KEY, Buffer.alloc(64).toString('base64'), SWIFT_KEY.secretAccessKey, 'SharedKey', 'Signature=']

/** A service that is away, frozen, or says no. What the store then says can be logged and shown. */
describe.each(Object.keys(REMOTE))('%s', (name) => {
  let tried: TriedRemote
  let proxy: { port: number; damage: Damage; close(): void }
  let store: BlobStore
  let key: string
  beforeAll(async () => {
    tried = await (REMOTE[name] as () => Promise<TriedRemote>)()
    proxy = await startDamagingProxy(tried.port)
    store = await tried.connect(proxy.port)
    key = uuid()
    await store.put(key, Readable.from([randomBytes(1_000)]))
  })
  afterEach(() => {
    vi.useRealTimers()
    proxy.damage = {}
  })
  afterAll(async () => {
    proxy?.close()
    await tried?.remove()
  })

  const calls: Record<string, (store: BlobStore) => Promise<unknown>> = {
    'a put': (on) => on.put(uuid(), Readable.from([randomBytes(10)])),
    'a put of several blocks': (on) => on.put(uuid(), Readable.from([randomBytes(12_000_000)])),
    'a read': (on) => on.read(key).then(buffer),
    'a head': (on) => on.head(key),
    'a deletion': (on) => on.delete(uuid()),
    'a check': (on) => on.check(),
  }

  const failure = async (work: Promise<unknown>): Promise<StorageError> => {
    const error = await work.then(
      () => new Error('it went well'),
      (error: Error) => error,
    )
    expect(error).toBeInstanceOf(StorageError)
    const text = inspect(error, { depth: 10, showHidden: true })
    for (const secret of SECRETS) expect(text).not.toContain(secret)
    return error as StorageError
  }

  test.each(Object.keys(calls))('%s fails while the service is away, and goes well afterwards', async (what) => {
    const call = calls[what] as (store: BlobStore) => Promise<unknown>
    proxy.damage = { refuse: true }
    const error = await failure(call(store))
    expect(error.message).toMatch(/cannot be used: /)
    expect(error.refused).toBe(false)
    proxy.damage = {}
    await call(store)
  })

  test.each(['a read', 'a head', 'a deletion', 'a check'])('%s ends when the service is frozen', async (what) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    proxy.damage = { silence: true }
    const ended = failure((calls[what] as (store: BlobStore) => Promise<unknown>)(store))
    await vi.advanceTimersByTimeAsync(20_000)
    expect((await ended).message).toMatch(/does not answer in time/)
  })

  test('a put that is aborted waits for no answer of a frozen service', async () => {
    const before = await tried.countAll()
    const source = new Readable({ read() {} })
    const abort = new AbortController()
    const ended = expect(store.put(uuid(), source, abort.signal)).rejects.toThrow(/abort/i)
    source.push(randomBytes(6_000_000))
    if (tried.countsDrafts) await expect.poll(tried.countAll).toBeGreaterThan(before)
    proxy.damage = { silence: true }
    source.push(randomBytes(6_000_000))
    await expect.poll(() => proxy.damage.swallowed).toBe(true)
    abort.abort()
    // For what has to be removed.
    proxy.damage = {}
    await ended
    expect(await tried.countAll()).toBe(before)
  })

  test.each(Object.keys(calls))('%s with a wrong key is refused', async (what) => {
    const error = await failure(
      (calls[what] as (store: BlobStore) => Promise<unknown>)(await tried.connect(tried.port, 'key')),
    )
    expect(error.message).toMatch(/refuses the key/)
    expect(error.refused).toBe(true)
  })

  test('a put to a container that is not there says so', async () => {
    const other = await tried.connect(tried.port, 'container')
    expect((await failure(other.put(uuid(), Readable.from([Buffer.from('x')])))).message).toMatch(
      /no (container|bucket) other/,
    )
    // Not that the document's bytes are missing, which would be for good.
    expect((await failure(other.read(uuid()))).message).toMatch(/no (container|bucket) other/)
  })
})
