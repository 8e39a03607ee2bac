import { setTimeout as delay } from 'node:timers/promises'
import type { Queryable } from '../db/client.ts'
import { JOBS_CHANNEL } from './sql.ts'

/**
 * A notification takes a lock at commit that only one transaction of the whole server can have: with one in each enqueue, ten at a time
 * made half as many jobs a second. So under load they are sent after the commit, and whoever comes meanwhile shares the next.
 */
const SPACING_MS = 5
/** After so long without one, a transaction carries its notification itself: two trips between idle processes fewer, 0.4 of 2.8 ms. */
const QUIET_MS = 50

// A notification has a commit of its own, which would wait for the disk before anybody is woken, with nothing to keep.
const WAKE_UP = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${JOBS_CHANNEL}', '')`

/** Wakes idle workers. A wake-up that is lost, with this process or its connection, costs a second: workers look by themselves that often. */
export type WakeUp = {
  /** Asked before jobs are made: whether their own transaction is to notify (enqueue's `notifies`), and nothing is to be sent after it. */
  isQuiet(): boolean
  /** To be called after a commit that made jobs due without a notification. */
  send(): void
}

export function createWakeUp(pool: Queryable): WakeUp {
  let sending = false
  let wanted = false
  let last = Number.NEGATIVE_INFINITY
  async function sendAll(): Promise<void> {
    sending = true
    while (wanted) {
      wanted = false
      await pool.query({ name: 'wake up', text: WAKE_UP }).catch(() => {})
      last = performance.now()
      await delay(SPACING_MS)
    }
    sending = false
  }
  return {
    isQuiet() {
      const quiet = !sending && performance.now() - last > QUIET_MS
      if (quiet) last = performance.now()
      return quiet
    },
    send() {
      wanted = true
      if (!sending) void sendAll()
    },
  }
}
