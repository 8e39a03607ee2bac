import { setTimeout as delay } from 'node:timers/promises'
import type { Queryable } from '../db/client.ts'
import { JOBS_CHANNEL } from './sql.ts'

/**
 * A notification takes a lock at commit that only one transaction of the whole server can have: with one in each enqueue, ten at a time
 * made half as many jobs a second. So they are sent after the commit, and whoever comes meanwhile shares the next.
 */
const SPACING_MS = 5

// A notification has a commit of its own, which would wait for the disk before anybody is woken, with nothing to keep.
const WAKE_UP = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${JOBS_CHANNEL}', '')`

/**
 * Wakes idle workers, at once when nobody was woken in the last 5 ms. To be called after the commit that made jobs due. A wake-up that is
 * lost, with this process or its connection, costs a second: workers look by themselves that often.
 */
export function createWakeUp(pool: Queryable): () => void {
  let sending = false
  let wanted = false
  async function send(): Promise<void> {
    sending = true
    while (wanted) {
      wanted = false
      await pool.query({ name: 'wake up', text: WAKE_UP }).catch(() => {})
      await delay(SPACING_MS)
    }
    sending = false
  }
  return () => {
    wanted = true
    if (!sending) void send()
  }
}
