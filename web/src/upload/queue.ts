import { type ApiError, isRetryable } from '../api-error.ts'

/** One file on its way to the server. */
export type Upload = {
  /** UUID; also the Idempotency-Key, so it stays the same when the upload is tried again. */
  readonly key: string
  readonly file: File
  readonly state: 'waiting' | 'sending' | 'failed'
  /** Bytes of the request that left so far, and in all; 0 and 0 until the first progress. */
  readonly sent: number
  readonly total: number
  readonly error: ApiError | null
}

/** The files that are not stored yet, in the order they were dropped, and how many of this run are. */
export type UploadQueue = { readonly uploads: readonly Upload[]; readonly done: number }

export const EMPTY: UploadQueue = { uploads: [], done: 0 }

export type UploadEvent =
  | { type: 'added'; files: readonly { key: string; file: File }[] }
  | { type: 'started'; key: string }
  | { type: 'progressed'; key: string; sent: number; total: number }
  | { type: 'stored'; key: string }
  | { type: 'failed'; key: string; error: ApiError }
  | { type: 'retried'; key: string }
  | { type: 'dropped'; key: string }

/** The queue after the event. An event for a file that is not in the queue changes nothing. */
export function reduceUploads(queue: UploadQueue, event: UploadEvent): UploadQueue {
  switch (event.type) {
    case 'added': {
      const added = event.files.map((file) => ({ ...file, state: 'waiting', sent: 0, total: 0, error: null }) as const)
      // A new run begins when nothing is left of the one before.
      return { uploads: [...queue.uploads, ...added], done: queue.uploads.length === 0 ? 0 : queue.done }
    }
    case 'started':
      return change(queue, event.key, { state: 'sending', sent: 0, total: 0, error: null })
    case 'progressed':
      return change(queue, event.key, { sent: event.sent, total: event.total })
    case 'failed':
      return change(queue, event.key, { state: 'failed', error: event.error })
    case 'retried':
      return change(queue, event.key, { state: 'waiting', error: null })
    case 'stored':
    case 'dropped': {
      const uploads = queue.uploads.filter((upload) => upload.key !== event.key)
      if (uploads.length === queue.uploads.length) return queue
      return { uploads, done: queue.done + (event.type === 'stored' ? 1 : 0) }
    }
  }
}

/** The files to start now, so that `limit` are on their way at once. */
export function nextUploads(queue: UploadQueue, limit: number): Upload[] {
  const sending = queue.uploads.filter((upload) => upload.state === 'sending').length
  const waiting = queue.uploads.filter((upload) => upload.state === 'waiting')
  return waiting.slice(0, Math.max(0, limit - sending))
}

/** A file that was refused for what it is will be refused again. */
export const canRetry = ({ state, error }: Upload): boolean =>
  state === 'failed' && error !== null && isRetryable(error.code)

function change(queue: UploadQueue, key: string, changes: Partial<Upload>): UploadQueue {
  if (!queue.uploads.some((upload) => upload.key === key)) return queue
  const uploads = queue.uploads.map((upload) => (upload.key === key ? { ...upload, ...changes } : upload))
  return { ...queue, uploads }
}
