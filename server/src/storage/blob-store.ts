import type { Readable } from 'node:stream'

/** Bytes, both ends included, as in HTTP. */
export type ByteRange = { start: number; end: number }

export type BlobLink = { filename: string; contentType: string; expiresInMs: number }

/**
 * Where the bytes of documents are kept. Keys are opaque and made by the product: a file name never becomes one. What fails because of the
 * store, not of the stream or the caller, is a StorageError.
 */
export type BlobStore = {
  /**
   * Stores a stream under a key. Once it resolves the bytes are durable. When the stream or the store fails, or the signal is aborted, it
   * rejects and nothing is left under the key. Of two puts of one key at once, one wins whole or neither does.
   */
  put(key: string, source: Readable, signal?: AbortSignal): Promise<void>
  /** Reads a blob or a part of it. @throws BlobMissingError when there is none, before the first byte. */
  read(key: string, range?: ByteRange): Promise<Readable>
  /** Size in bytes, or null when there is no such blob. */
  head(key: string): Promise<{ sizeBytes: number } | null>
  /** Deletes a blob, or what a broken-off put has left of it. A missing one is no error. */
  delete(key: string): Promise<void>
  /**
   * A link that gives the blob to anyone for a while, with that name and type, or null from a store that has no such links. Whether there
   * is a blob only the link will tell.
   */
  presign(key: string, link: BlobLink): Promise<string | null>
  /** Resolves when the store is there and lets itself be used. @throws Error that says why not */
  check(): Promise<void>
}

export class BlobMissingError extends Error {
  override name = 'BlobMissingError'

  constructor(key: string) {
    super(`There is no blob ${key} in the storage.`)
  }
}

/**
 * The store did not do its part: it is away, full, or refuses its key. The same may succeed later. It has no cause and no secret in its
 * message, so that it may be logged and shown.
 */
export class StorageError extends Error {
  override name = 'StorageError'
  /**
   * The service itself has said no, so that nothing it was asked for can have happened. A 404 does not say that: SDKs send a request
   * again whose answer was lost, and find that the first has used up what it was about.
   */
  readonly refused: boolean

  /** @param status of the service's answer, if there was one */
  constructor(message: string, status = 0) {
    super(message)
    this.refused = status >= 400 && status < 500 && status !== 404
  }
}

/** The form of every key: a UUID. Anything else is refused before it comes near a path or a URL. */
export function requireKey(key: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key))
    throw new RangeError(`${JSON.stringify(key)} is not a blob key`)
  return key
}
