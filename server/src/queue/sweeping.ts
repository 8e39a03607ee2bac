import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import { sweep } from './liveness.ts'

const EVERY_MS = 1_000

/** Looks for workers that are gone, once a second, one look at a time. `look` asks for one now. */
export function startSweeping(pool: Pool, timeoutMs: number, log: Logger, mayBegin: () => boolean) {
  let suspects: ReadonlySet<number> = new Set()
  let underWay = false
  let lastLook = Number.NEGATIVE_INFINITY
  async function look(): Promise<void> {
    // Between two looks a worker whose connection was cut must have time to connect again.
    if (underWay || !mayBegin() || performance.now() - lastLook < EVERY_MS * 0.9) return
    underWay = true
    lastLook = performance.now()
    try {
      const { workers, jobs, suspects: next } = await sweep(pool, timeoutMs, suspects)
      suspects = next
      if (workers.length > 0) log.warn({ workers, jobs }, 'workers are gone; their jobs are due again')
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'could not sweep; trying again')
    } finally {
      underWay = false
    }
  }
  const timer = setInterval(look, EVERY_MS)
  return { look, stop: () => clearInterval(timer) }
}
