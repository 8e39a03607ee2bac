import type { Readable } from 'node:stream'

/** Bytes, both ends included, as in HTTP. */
export type ByteRange = { start: number; end: number }

/** Where the bytes of documents are kept. Keys are opaque and made by the product: a file name never becomes one. */
export type BlobStore = {
  /**
   * Stores a stream under a key. Once it resolves the bytes are durable. When the stream or the store fails, or the signal is aborted, it
   * rejects and nothing is left under the key.
   */
  put(key: string, source: Readable, signal?: AbortSignal): Promise<void>
  /** Reads a blob or a part of it. @throws BlobMissingError when there is none, before the first byte. */
  read(key: string, range?: ByteRange): Promise<Readable>
  /** Size in bytes, or null when there is no such blob. */
  head(key: string): Promise<{ sizeBytes: number } | null>
  /** Deletes a blob, or what a broken-off put has left of it. A missing one is no error. */
  delete(key: string): Promise<void>
  /** Resolves when the store can be written to. @throws Error that says why not */
  check(): Promise<void>
}

export class BlobMissingError extends Error {
  override name = 'BlobMissingError'

  constructor(key: string) {
    super(`There is no blob ${key} in the storage.`)
  }
}

/** The form of every key: a UUID. Anything else is refused before it comes near a path or a URL. */
export function requireKey(key: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key))
    throw new RangeError(`${JSON.stringify(key)} is not a blob key`)
  return key
}
