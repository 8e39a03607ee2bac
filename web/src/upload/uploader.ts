import type { Document } from '@adp/contract/document.ts'
import { v4 as uuid } from 'uuid'
import { ApiError, asApiError } from '../api-error.ts'
import {
  canRetry,
  EMPTY,
  nextUploads,
  reduceUploads,
  type Upload,
  type UploadEvent,
  type UploadQueue,
} from './queue.ts'

// Browsers open six connections to a host; three are left for polling and for the rest of the page.
const UPLOADS_AT_ONCE = 3

type Send = (
  file: File,
  key: string,
  onSent: (sent: number, total: number) => void,
  signal: AbortSignal,
) => Promise<Document>

type Listeners = { onStored(document: Document): void; onFailed(file: File, error: ApiError): void }

export type Uploader = ReturnType<typeof createUploader>

/**
 * Sends files, each in a request of its own and a few at once; `subscribe` and `snapshot` are for useSyncExternalStore.
 * @param send api.ts's uploadFile
 */
export function createUploader(send: Send, { onStored, onFailed }: Listeners) {
  let queue = EMPTY
  const subscribers = new Set<() => void>()
  const running = new Map<string, AbortController>()

  function apply(event: UploadEvent): void {
    queue = reduceUploads(queue, event)
    for (const notify of subscribers) notify()
  }

  function start(): void {
    for (const upload of nextUploads(queue, UPLOADS_AT_ONCE)) void run(upload)
  }

  async function run({ key, file }: Upload): Promise<void> {
    const stop = new AbortController()
    running.set(key, stop)
    apply({ type: 'started', key })
    try {
      const onSent = (sent: number, total: number) => apply({ type: 'progressed', key, sent, total })
      const document = await send(file, key, onSent, stop.signal)
      apply({ type: 'stored', key })
      onStored(document)
    } catch (thrown) {
      const error = asApiError(thrown)
      apply({ type: 'failed', key, error })
      if (error.code !== 'cancelled') onFailed(file, error)
    } finally {
      running.delete(key)
      start()
    }
  }

  const keysOf = (...states: Upload['state'][]) =>
    queue.uploads.filter(({ state }) => states.includes(state)).map(({ key }) => key)

  return {
    subscribe(notify: () => void): () => void {
      subscribers.add(notify)
      return () => subscribers.delete(notify)
    },
    snapshot: (): UploadQueue => queue,
    add(files: readonly File[]): void {
      apply({ type: 'added', files: files.map((file) => ({ key: uuid(), file })) })
      start()
    },
    retry(key: string): void {
      apply({ type: 'retried', key })
      start()
    },
    /** Those that were refused for good stay as they are. */
    retryAll(): void {
      for (const { key } of queue.uploads.filter(canRetry)) apply({ type: 'retried', key })
      start()
    },
    dismiss: (key: string): void => apply({ type: 'dropped', key }),
    dismissAll(): void {
      for (const key of keysOf('failed')) apply({ type: 'dropped', key })
    },
    /** Stops what is on its way and what waits. They stay in the list as stopped, so that nothing is lost by a slip. */
    stop(): void {
      for (const key of keysOf('waiting')) apply({ type: 'failed', key, error: new ApiError('cancelled', '') })
      for (const controller of running.values()) controller.abort()
    },
  }
}
