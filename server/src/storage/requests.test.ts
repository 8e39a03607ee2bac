import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { BlobMissingError, StorageError } from './blob-store.ts'
import { ask, exactly, toStorageError } from './requests.ts'

const explain = (error: Error) => toStorageError('The storage', error, {})

afterEach(() => {
  vi.useRealTimers()
})

test('a request whose answer does not begin is given up after 20 s', async () => {
  vi.useFakeTimers()
  const asking = ask(
    explain,
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  const ended = expect(asking).rejects.toThrow(new StorageError('The storage does not answer in time.'))
  await vi.advanceTimersByTimeAsync(19_999)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  await ended
})

test('the time for an answer is over with it: a body may take longer', async () => {
  vi.useFakeTimers()
  const signal = await ask(explain, async (signal) => signal)
  await vi.advanceTimersByTimeAsync(100_000)
  expect(signal.aborted).toBe(false)
})

test.each([9, 11])('%i bytes instead of 10 are an error', async (length) => {
  await expect(buffer(exactly(Readable.from([Buffer.alloc(length)]), 10, explain))).rejects.toThrow(
    new StorageError(`The storage sent ${length} bytes instead of 10.`),
  )
})

test('a body that breaks is an error of the storage', async () => {
  const body = new PassThrough()
  const reading = buffer(exactly(body, 10, explain))
  body.destroy(new Error('read ECONNRESET'))
  await expect(reading).rejects.toThrow(new StorageError('The storage cannot be used: read ECONNRESET'))
})

test('a body that falls silent is an error, and is let go', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const body = new PassThrough()
  const reading = buffer(exactly(body, 10, explain))
  const ended = expect(reading).rejects.toThrow(new StorageError('The storage fell silent after 4 bytes of 10.'))
  body.write('1234')
  await new Promise(setImmediate)
  await vi.advanceTimersByTimeAsync(120_000)
  await ended
  expect(body.destroyed).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('a reader that takes its time is no silence', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const bytes = Buffer.alloc(1_000_000, 'x')
  const read = exactly(Readable.from([bytes]), bytes.length, explain)
  await vi.advanceTimersByTimeAsync(1_000_000)
  expect((await buffer(read)).equals(bytes)).toBe(true)
})

test('what the service writes is not repeated, since it quotes signatures', () => {
  const refused = new Error('The MAC signature c2VjcmV0 is not the same as any computed one')
  const error = toStorageError('The storage', refused, { status: 403, code: 'AuthenticationFailed', requestId: 'r1' })
  expect(error.message).toBe(
    'The storage refuses the key or the identity it is given: AuthenticationFailed (HTTP 403, request r1).',
  )
  expect(error).toMatchObject({ refused: true })
  expect(error.cause).toBeUndefined()
  expect(toStorageError('It', refused, { status: 503 })).toMatchObject({ refused: false })
})

test('what is known already stays what it is', () => {
  for (const error of [new BlobMissingError('k'), new StorageError('full')]) expect(explain(error)).toBe(error)
})
