import type { Document } from '@adp/contract/document.ts'
import { expect, test, vi } from 'vitest'
import { ApiError } from '../api-error.ts'
import { createUploader } from './uploader.ts'

const files = (count: number) => Array.from({ length: count }, (_, at) => new File(['x'], `${at}.pdf`))
const document = { id: 'd' } as Document

/** When every promise that can go on has done so. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A `send` whose requests are answered by the test, in the order they were made. */
function setUp() {
  const requests: { file: File; key: string; resolve: (d: Document) => void; reject: (e: Error) => void }[] = []
  const onStored = vi.fn()
  const onFailed = vi.fn()
  const uploader = createUploader(
    (file, key, _onSent, signal) =>
      new Promise((resolve, reject) => {
        requests.push({ file, key, resolve, reject })
        signal.addEventListener('abort', () => reject(new ApiError('cancelled', '')))
      }),
    { onStored, onFailed },
  )
  return { requests, uploader, onStored, onFailed }
}

test('200 files: three at once, each in its own request, until all are stored', async () => {
  const { requests, uploader, onStored } = setUp()
  uploader.add(files(200))
  expect(requests).toHaveLength(3)
  for (let answered = 0; answered < 200; answered += 1) {
    requests[answered]?.resolve(document)
    await settled()
    expect(requests).toHaveLength(Math.min(200, answered + 4))
  }
  expect(uploader.snapshot()).toEqual({ uploads: [], done: 200 })
  expect(onStored).toHaveBeenCalledTimes(200)
  expect(new Set(requests.map(({ key }) => key)).size).toBe(200)
})

test('a failed upload tells why, and is tried again with the same key', async () => {
  const { requests, uploader, onFailed } = setUp()
  uploader.add(files(1))
  requests[0]?.reject(new ApiError('unreachable', 'away'))
  await settled()
  expect(onFailed).toHaveBeenCalledOnce()
  uploader.retryAll()
  expect(requests).toHaveLength(2)
  expect(requests[1]?.key).toBe(requests[0]?.key)
})

test('trying all again leaves alone what was refused for good', async () => {
  const { requests, uploader } = setUp()
  uploader.add(files(2))
  requests[0]?.reject(new ApiError('unsupported_type', ''))
  requests[1]?.reject(new ApiError('unavailable', ''))
  await settled()
  uploader.retryAll()
  expect(requests.map(({ file }) => file.name)).toEqual(['0.pdf', '1.pdf', '1.pdf'])
  expect(uploader.snapshot().uploads.map(({ state }) => state)).toEqual(['failed', 'sending'])
})

test('stopping fails what waits and what is on its way, and says nothing aloud', async () => {
  const { requests, uploader, onFailed } = setUp()
  uploader.add(files(5))
  uploader.stop()
  await settled()
  expect(uploader.snapshot().uploads.map(({ state }) => state)).toEqual(Array(5).fill('failed'))
  expect(requests).toHaveLength(3)
  expect(onFailed).not.toHaveBeenCalled()
  uploader.dismissAll()
  expect(uploader.snapshot().uploads).toEqual([])
})
