import { pipeline, type Readable, Transform } from 'node:stream'
import { BlobMissingError, StorageError } from './blob-store.ts'

/** Time for a request's answer to begin, its repetitions included. Longer than an SDK needs to give up a service that is away. */
const ANSWER_MS = 20_000
/** A body of which nothing has come for so long will not come: somebody waits for it who has a document to see through. */
const SILENCE_MS = 60_000

/** What an SDK's error says about the service, as far as it says so. */
type Failure = { status?: number | undefined; code?: string | undefined; requestId?: string | undefined }

/**
 * An SDK's error as a StorageError. What the service writes in its text stays out, since it quotes signatures and keys.
 * @param subject what cannot be used, at the beginning of a sentence
 */
export function toStorageError(subject: string, error: Error, { status, code, requestId }: Failure): Error {
  if (error instanceof StorageError || error instanceof BlobMissingError) return error
  if (error.name === 'AbortError') return new StorageError(`${subject} does not answer in time.`)
  if (status === undefined) {
    // Of this side: the network, or no credentials to be found.
    const text = error.message.replace(/\s+/g, ' ').slice(0, 300)
    return new StorageError(`${subject} cannot be used: ${text || code || error.name}`)
  }
  const answer = `${code ?? error.name} (HTTP ${status}${requestId ? `, request ${requestId}` : ''})`
  const what = status === 401 || status === 403 ? 'refuses the key or the identity it is given' : 'cannot be used'
  return new StorageError(`${subject} ${what}: ${answer}.`, status)
}

/** Sends a request, whose answer has to begin in time. @throws what `explain` makes of its error */
export async function ask<T>(explain: (error: Error) => Error, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const waiting = new AbortController()
  // Not AbortSignal.timeout: it would go on into the body.
  const timer = setTimeout(() => waiting.abort(), ANSWER_MS)
  try {
    return await send(waiting.signal)
  } catch (error) {
    throw explain(error as Error)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The same body, which ends with an error unless it has exactly so many bytes: a connection that breaks must not look like its end. So
 * it does when the service falls silent; a reader that is slow is no silence.
 */
export function exactly(body: Readable, sizeBytes: number, explain: (error: Error) => Error): Readable {
  let received = 0
  let before = -1
  const wrong = () => new StorageError(`The storage sent ${received} bytes instead of ${sizeBytes}.`)
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length
      if (received > sizeBytes) done(wrong())
      else done(null, chunk)
    },
    flush: (done) => done(received === sizeBytes ? null : wrong()),
    destroy(error, done) {
      clearInterval(watch)
      done(error && explain(error))
    },
  })
  const watch = setInterval(() => {
    const isSilent = received === before && received < sizeBytes && counting.readableLength === 0
    before = received
    if (isSilent) counting.destroy(new StorageError(`The storage fell silent after ${received} bytes of ${sizeBytes}.`))
  }, SILENCE_MS)
  // A stream that nobody reads to its end must not hold up a stop.
  watch.unref()
  // Whoever reads gets the error from the stream itself.
  pipeline(body, counting, () => {})
  return counting
}
