import type { Queryable } from '../db/client.ts'
import { readPause } from './pause.ts'
import { readFinishedPerMinute, readWorkers } from './statistics.ts'

/** How fast the queue moves: the same for all that wait. */
export type Pace = {
  paused: boolean
  /** How many workers live. */
  workers: number
  freeSlots: number
  finishedPerMinute: number
}

/** Workers say every 2 s how many slots they have free, so asking more often tells nothing new. */
const KEPT_MS = 2_000

/** Reads the pace for whoever asks, at most every two seconds. */
export function createPaceReader(db: Queryable, timeoutMs: number): () => Promise<Pace> {
  let last: Promise<Pace> | undefined
  let until = 0
  return () => {
    if (last && performance.now() < until) return last
    const reading = readPace(db, timeoutMs)
    last = reading
    until = performance.now() + KEPT_MS
    reading.catch(() => {
      if (last === reading) last = undefined
    })
    return reading
  }
}

async function readPace(db: Queryable, timeoutMs: number): Promise<Pace> {
  const [pause, workers, finishedPerMinute] = await Promise.all([
    readPause(db),
    readWorkers(db, timeoutMs),
    readFinishedPerMinute(db),
  ])
  const freeSlots = workers.reduce((sum, worker) => sum + worker.slots - worker.running, 0)
  return { paused: pause !== null, workers: workers.length, freeSlots, finishedPerMinute }
}

/**
 * When a waiting job will start; null when there is nothing to tell it from. Rounded up, more the further it is away, so that the status
 * stays the same, and is answered with 304, for a while.
 * @param now milliseconds since 1970
 */
export function estimateStart(position: number, pace: Pace, now: number): Date | null {
  if (pace.paused || pace.workers === 0) return null
  const ahead = position - Math.max(0, pace.freeSlots)
  if (ahead > 0 && pace.finishedPerMinute === 0) return null
  const waitMs = ahead > 0 ? (ahead / pace.finishedPerMinute) * 60_000 : 0
  const grain = grainMs(waitMs)
  return new Date(Math.ceil((now + waitMs) / grain) * grain)
}

function grainMs(waitMs: number): number {
  if (waitMs < 10_000) return 1_000
  return waitMs < 600_000 ? 10_000 : 60_000
}
