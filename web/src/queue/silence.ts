import type { Worker } from '@adp/contract/queue.ts'

// Five beats missed: by then something is wrong, while one or two may be a slow moment.
const STALE_MS = 10_000

/**
 * How long a worker has not been heard of, and whether that is too long.
 * @param at when it was looked at, in ms since 1970 by the server's clock
 */
export function silence({ beat_at }: Pick<Worker, 'beat_at'>, at: number): { ms: number; stale: boolean } {
  const ms = Math.max(0, at - Date.parse(beat_at))
  return { ms, stale: ms > STALE_MS }
}
