import { addAbortSignal, type Readable } from 'node:stream'
import { StorageError } from './blob-store.ts'

/** 5 GB are 640 of them. S3 takes at least 5 MiB and 10,000 blocks, so blobs of up to 84 GB; Azure 50,000 blocks (settings.ts). */
export const BLOCK_BYTES = 8 * 1024 * 1024
/** With the one that is being filled, a put holds no more than four blocks in memory. */
const PARALLEL = 3
/** A block that has not arrived after so long, its repetitions included, will not: 8 MiB at 28 kB/s. */
const REQUEST_MS = 5 * 60_000

/** How a service takes one blob. Every call rejects when its signal is aborted; what fails there is a StorageError. */
export type BlockTarget = {
  /** All of the blob in one request, if the service takes it so. */
  putWhole?(bytes: Buffer, signal: AbortSignal): Promise<unknown>
  /** Begins an upload of which nothing is visible until it is committed. */
  begin(signal: AbortSignal): Promise<BlockUpload>
  /** Deletes the blob. */
  remove(): Promise<unknown>
}

export type BlockUpload = {
  /** Several run at once. The number counts from 1. */
  putBlock(number: number, bytes: Buffer, signal: AbortSignal): Promise<unknown>
  /** Makes the blob of all blocks, in the order of their numbers. */
  commit(signal: AbortSignal): Promise<unknown>
  /** Discards the blocks, as far as the service can. No block is under way any more. */
  abandon(): Promise<unknown>
}

/**
 * Stores a stream by blocks, a few at the same time: own code, since the SDKs' helpers for streams wait for ever on a source that is
 * aborted or closed without an error. One that fits in a block takes one request.
 * @throws the first error of the source, the service or the signal; by then nothing is under way, and nothing left that can be removed
 */
export async function putInBlocks(
  source: Readable,
  target: BlockTarget,
  blockBytes: number,
  signal?: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const limited = () => AbortSignal.any([stopped, AbortSignal.timeout(REQUEST_MS)])
  const running = new Set<Promise<unknown>>()
  let upload: BlockUpload | undefined
  let committing = false
  try {
    let count = 0
    for await (const block of cut(addAbortSignal(stopped, source), blockBytes)) {
      count += 1
      if (target.putWhole && count === 1 && block.length < blockBytes) {
        committing = true
        await target.putWhole(block, limited())
        return
      }
      upload ??= await target.begin(limited())
      const sending = upload
        .putBlock(count, block, limited())
        // Ends the source as well, which may be waiting for bytes.
        .catch((error) => stop.abort(error))
        .finally(() => running.delete(sending))
      running.add(sending)
      if (running.size >= PARALLEL) await Promise.race(running)
    }
    await Promise.all(running)
    stopped.throwIfAborted()
    committing = true
    await upload?.commit(limited())
  } catch (error) {
    // Where a block has failed, that is the reason already.
    stop.abort(error)
    source.destroy()
    await Promise.all(running)
    // What cannot be removed now is still in unowned_blobs, and is removed later. An answer that was lost may have been a yes.
    await upload?.abandon().catch(() => {})
    if (committing && !(error instanceof StorageError && error.refused)) await target.remove().catch(() => {})
    throw signal?.aborted ? signal.reason : stop.signal.reason
  }
}

/** Blocks of one size, of which the last may be shorter; an empty stream is one empty block. */
async function* cut(source: Readable, size: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let length = 0
  let count = 0
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let rest = chunk
    while (length + rest.length >= size) {
      const taken = size - length
      yield Buffer.concat([...pieces, rest.subarray(0, taken)], size)
      count += 1
      rest = rest.subarray(taken)
      pieces = []
      length = 0
    }
    if (rest.length > 0) pieces.push(rest)
    length += rest.length
  }
  if (length > 0 || count === 0) yield Buffer.concat(pieces, length)
}
