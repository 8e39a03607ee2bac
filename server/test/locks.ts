import pg from 'pg'
import { expect, vi } from 'vitest'
import type { Queryable } from '../src/db/client.ts'

/** A transaction that stays open while others run into it, until it is committed or its block ends. */
export async function openTransaction(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('BEGIN')
  return {
    client,
    /** Resolves when somebody waits for what this transaction has locked. */
    isAwaited: () =>
      vi.waitFor(
        async () => {
          const { rows } = await client.query(
            'SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))',
          )
          expect(rows.length).toBeGreaterThan(0)
        },
        { timeout: 60_000, interval: 5 },
      ),
    commit: () => client.query('COMMIT'),
    [Symbol.asyncDispose]: () => client.end(),
  }
}

/** Counts notifications on a channel. */
export async function listen(url: string, channel: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const payloads: string[] = []
  client.on('notification', ({ payload = '' }) => payloads.push(payload))
  await client.query(`LISTEN ${channel}`)
  return {
    /** What was said so far: notifications arrive before the answer to a later statement. */
    async heard() {
      await client.query('SELECT 1')
      return payloads
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}

/** Resolves when the server runs long enough for a worker's free lock to count: in its first seconds nobody has connected again yet. */
export async function untilLocksCount(db: Queryable): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await db.query(`SELECT now() - pg_postmaster_start_time() > interval '5 seconds' AS is_old`)
      expect(rows).toEqual([{ is_old: true }])
    },
    { timeout: 60_000, interval: 100 },
  )
}
