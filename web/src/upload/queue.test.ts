import { expect, test } from 'vitest'
import { ApiError } from '../api-error.ts'
import { EMPTY, nextUploads, reduceUploads, type UploadEvent, type UploadQueue } from './queue.ts'

const file = (key: string) => ({ key, file: new File(['x'], `${key}.pdf`) })
const run = (queue: UploadQueue, ...events: UploadEvent[]) => events.reduce(reduceUploads, queue)
const states = (queue: UploadQueue) => queue.uploads.map(({ key, state }) => `${key} ${state}`)
const error = new ApiError('unreachable', 'away')

const three = run(EMPTY, { type: 'added', files: ['a', 'b', 'c'].map(file) })

test('files wait in the order they were dropped, and as many start as the limit leaves room for', () => {
  expect(states(three)).toEqual(['a waiting', 'b waiting', 'c waiting'])
  expect(nextUploads(three, 2).map(({ key }) => key)).toEqual(['a', 'b'])
  const started = run(three, { type: 'started', key: 'a' })
  expect(nextUploads(started, 2).map(({ key }) => key)).toEqual(['b'])
  expect(nextUploads(started, 1)).toEqual([])
})

test('a stored file leaves the queue and is counted; the next run counts anew', () => {
  const empty = run(three, ...['a', 'b', 'c'].map((key) => ({ type: 'stored', key }) as const))
  expect(empty).toEqual({ uploads: [], done: 3 })
  expect(run(empty, { type: 'added', files: [file('d')] }).done).toBe(0)
})

test('files added while others are under way join their run', () => {
  const queue = run(three, { type: 'stored', key: 'a' }, { type: 'added', files: [file('d')] })
  expect(queue.done).toBe(1)
  expect(states(queue)).toEqual(['b waiting', 'c waiting', 'd waiting'])
})

test('a failed file keeps its reason and takes no slot; retried it waits again under the same key', () => {
  const failed = run(three, { type: 'started', key: 'a' }, { type: 'failed', key: 'a', error })
  expect(failed.uploads[0]).toMatchObject({ state: 'failed', error })
  expect(nextUploads(failed, 1).map(({ key }) => key)).toEqual(['b'])
  const again = run(failed, { type: 'retried', key: 'a' })
  expect(again.uploads[0]).toMatchObject({ key: 'a', state: 'waiting', error: null })
})

test('progress is kept, and starting again begins at nothing', () => {
  const half = run(three, { type: 'started', key: 'a' }, { type: 'progressed', key: 'a', sent: 5, total: 10 })
  expect(half.uploads[0]).toMatchObject({ sent: 5, total: 10 })
  expect(run(half, { type: 'started', key: 'a' }).uploads[0]).toMatchObject({ sent: 0, total: 0 })
})

test('an event for a file that is gone changes nothing', () => {
  const gone = run(three, { type: 'dropped', key: 'a' })
  expect(states(gone)).toEqual(['b waiting', 'c waiting'])
  expect(gone.done).toBe(0)
  expect(run(gone, { type: 'stored', key: 'a' })).toBe(gone)
  expect(run(gone, { type: 'failed', key: 'a', error })).toBe(gone)
})
