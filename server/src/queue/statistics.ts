import type { Queue, Worker } from '@adp/contract/queue.ts'
import type { Queryable } from '../db/client.ts'
import type Workers from '../db/generated/public/Workers.ts'
import { countDeadLetters } from './dead-letters.ts'
import { findOldTransactions } from './old-transactions.ts'
import { readPause } from './pause.ts'
import { type At, NOW } from './sql.ts'

/** The queue's numbers, counted from live rows whenever somebody asks. No counter is kept that could differ from them. */

/** The queue as the operator sees it. @param timeoutMs after so long without a beat a worker counts as gone */
export async function readQueue(db: Queryable, timeoutMs: number, at: At = null): Promise<Queue> {
  const [paused, due, workers, dead_letters, finished_per_minute, [old]] = await Promise.all([
    readPause(db),
    countDue(db, at),
    readWorkers(db, timeoutMs, at),
    countDeadLetters(db),
    readFinishedPerMinute(db, at),
    findOldTransactions(db, at),
  ])
  return {
    paused,
    ...due,
    running: workers.reduce((sum, worker) => sum + worker.running, 0),
    dead_letters,
    finished_per_minute,
    workers,
    old_transaction: old ? { since: old.since.toISOString(), who: old.who } : null,
  }
}

type Due = Pick<Queue, 'waiting' | 'retrying' | 'with_provider' | 'oldest_due_at'>

// One pass over the index of due jobs and nothing else: those at 0 in the fair order are with their provider, all others are PENDING.
async function countDue(db: Queryable, at: At): Promise<Due> {
  const { rows } = await db.query<Omit<Due, 'oldest_due_at'> & { oldest_due_at: Date | null }>(
    `SELECT count(*) FILTER (WHERE priority > 0 AND due_at <= ${NOW}) AS waiting,
            count(*) FILTER (WHERE priority > 0 AND due_at > ${NOW}) AS retrying,
            count(*) FILTER (WHERE priority = 0) AS with_provider,
            min(due_at) FILTER (WHERE priority > 0 AND due_at <= ${NOW}) AS oldest_due_at
     FROM document_processing_jobs WHERE ready`,
    [at],
  )
  const due = rows[0] ?? { waiting: 0, retrying: 0, with_provider: 0, oldest_due_at: null }
  return { ...due, oldest_due_at: due.oldest_due_at?.toISOString() ?? null }
}

/**
 * Workers that live, the oldest first. Living is the sweep's own rule, a beat within `timeoutMs`: the row of one that was killed is swept
 * within two seconds by the others, but where it was the last one nobody sweeps it.
 */
export async function readWorkers(db: Queryable, timeoutMs: number, at: At = null): Promise<Worker[]> {
  const { rows } = await db.query<Workers>(
    `SELECT id, name, version, slots, running, started_at, beat_at FROM workers
     WHERE beat_at >= ${NOW} - make_interval(secs => $2::float8 / 1000) ORDER BY id`,
    [at, timeoutMs],
  )
  return rows.map((row) => ({
    ...row,
    started_at: row.started_at.toISOString(),
    beat_at: row.beat_at.toISOString(),
  }))
}

/**
 * Attempts that ended and so freed a slot: the greater of the last minute's rate and that of ten minutes. Each alone says too little at
 * times, and never too much: ten minutes when work began a minute ago, one minute when documents take longer than that.
 */
export async function readFinishedPerMinute(db: Queryable, at: At = null): Promise<number> {
  const { rows } = await db.query<{ per_minute: number }>(
    `SELECT greatest(count(*) FILTER (WHERE ended_at > ${NOW} - interval '1 minute'), count(*) / 10.0)::float8 AS per_minute
     FROM document_processing_attempts
     WHERE ended_at > ${NOW} - interval '10 minutes' AND ended_at <= ${NOW} AND outcome IN ('COMPLETED', 'FAILED')`,
    [at],
  )
  return rows[0]?.per_minute ?? 0
}

/** Counting further costs more than it tells. */
export const LAST_POSITION = 10_000

/** How many jobs start before this one, and one, up to 10,000; null unless it is PENDING and due. */
export async function readPosition(db: Queryable, jobId: number, at: At = null): Promise<number | null> {
  const { rows } = await db.query<{ position: number }>({
    name: 'read position',
    text: `
      SELECT 1 + (
        SELECT count(*) FROM (
          SELECT FROM document_processing_jobs AS ahead
          WHERE ready AND priority > 0 AND due_at <= ${NOW}
            AND (ahead.priority, ahead.due_at, ahead.id) < (job.priority, job.due_at, job.id)
          ORDER BY priority, due_at, id LIMIT ${LAST_POSITION - 1}) AS counted) AS position
      FROM document_processing_jobs AS job WHERE id = $2 AND status = 'PENDING' AND due_at <= ${NOW}`,
    values: [at, jobId],
  })
  return rows[0]?.position ?? null
}
