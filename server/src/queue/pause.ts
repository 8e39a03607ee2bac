import type { Queue } from '@adp/contract/queue.ts'
import type { Queryable } from '../db/client.ts'
import type QueuePause from '../db/generated/public/QueuePause.ts'
import { ANYWHERE, type At, JOBS_CHANNEL, NOW } from './sql.ts'

/** All SQL of the pause, except that the claim looks at it: while the table has its row, a claim takes only polls of providers. */

/** No job begins from here on; what runs goes on. Paused already, it stays so since then, with the new reason. */
export async function pauseQueue(db: Queryable, reason: string, at: At = null): Promise<void> {
  await db.query(
    `INSERT INTO queue_pause (paused_at, reason) VALUES (${NOW}, $2) ON CONFLICT (only_one) DO UPDATE SET reason = excluded.reason`,
    // PostgreSQL's text has no NUL.
    [at, reason.replaceAll('\0', '')],
  )
}

/** Jobs begin again, at once: idle workers are woken, and look at the whole order. */
export async function resumeQueue(db: Queryable): Promise<void> {
  await db.query(
    `WITH resumed AS (DELETE FROM queue_pause RETURNING only_one) SELECT pg_notify('${JOBS_CHANNEL}', '${ANYWHERE}') FROM resumed`,
  )
}

/** Since when the queue is paused and why, null when it is not. */
export async function readPause(db: Queryable): Promise<Queue['paused']> {
  const { rows } = await db.query<QueuePause>('SELECT paused_at, reason FROM queue_pause')
  return rows[0] ? { since: rows[0].paused_at.toISOString(), reason: rows[0].reason } : null
}
