import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isConnectionError } from '../db/client.ts'
import { isLost } from './job-aborted.ts'

const RETRY_MS = 500
/** A stopping worker has 25 s in all; it does not spend them on a database that is away. The sweep gives the job back then. */
const SHUTDOWN_MS = 3_000

/** Sends a statement until the database has answered it, with `persist`. */
export type Save = <T>(send: () => Promise<T>) => Promise<T>

/**
 * Sends a statement until the database has answered it. Paid work is not thrown away because the database restarts; a write that was
 * carried out although its answer was lost changes nothing the second time. Gives up, with the database's error, when the job is lost.
 */
export async function persist<T>(send: () => Promise<T>, signal: AbortSignal, log: Logger): Promise<T> {
  let abortedAt: number | undefined
  for (let tries = 1; ; tries += 1) {
    try {
      return await send()
    } catch (error) {
      if (signal.aborted) abortedAt ??= performance.now()
      const outOfTime = abortedAt !== undefined && performance.now() - abortedAt > SHUTDOWN_MS
      if (!isConnectionError(error) || isLost(signal) || outOfTime) throw error
      if (tries === 1) log.warn({ err: error }, 'the database is away; asking again until it answers')
      await delay(RETRY_MS)
    }
  }
}
