import { type Pool, type Queryable, transaction } from '../db/client.ts'
import { ANYWHERE, type At, END_ATTEMPT, ENDED, JOBS_CHANNEL, NOW, retryOrFail, wasHeld } from './sql.ts'

/**
 * All SQL of workers: liveness belongs to the worker, not to the job. A worker has one row, which it beats, and holds an advisory lock for
 * as long as it is connected; whoever finds it gone makes its jobs due again.
 */

/** First key of the advisory lock that a worker holds for as long as it is connected; the second is its id. */
export const WORKER_LOCK = 0x6164_7077

/** Makes a worker's row and takes its lock, which lives as long as the connection. */
export async function registerWorker(
  db: Queryable,
  worker: { name: string; version: string; slots: number },
  at: At = null,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    // One statement, so that no sweep ever sees the row without its lock.
    `INSERT INTO workers (name, version, slots, started_at, beat_at) VALUES ($2, $3, $4, ${NOW}, ${NOW})
     RETURNING id, pg_advisory_lock(${WORKER_LOCK}, id)`,
    [at, worker.name, worker.version, worker.slots],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('INSERT INTO workers returned no row')
  return id
}

/** Takes a worker's lock again on a new connection, ending the one that has it where the database has not noticed yet that it is dead. */
export async function relockWorker(db: Queryable, workerId: number): Promise<void> {
  await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks
     WHERE locktype = 'advisory' AND classid = ${WORKER_LOCK} AND objid = $1 AND objsubid = 2 AND pid <> pg_backend_pid()
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [workerId],
  )
  await db.query(`SELECT pg_advisory_lock(${WORKER_LOCK}, $1)`, [workerId])
}

/** Says that a worker lives and how many of its slots are taken. False when it has been swept: its jobs are no longer its own. */
export async function beat(db: Queryable, workerId: number, running: number, at: At = null): Promise<boolean> {
  return wasHeld(
    await db.query(`UPDATE workers SET beat_at = ${NOW}, running = $3 WHERE id = $2`, [at, workerId, running]),
  )
}

export type Swept = {
  /** Names of the workers that are gone. */
  workers: string[]
  /** How many jobs are due again, or FAILED where no attempt was left. */
  jobs: number
  /** Workers whose lock was free just now; to be handed to the next sweep. */
  suspects: ReadonlySet<number>
}

/**
 * Finds workers that are gone and makes their jobs PENDING, due at once (FAILED when no attempt is left). Gone is whose beat is older than
 * `timeoutMs` (a frozen process, a cut network), or whose advisory lock was free at the sweep before and is free now (a killed process:
 * its lock is free within milliseconds). Once is not enough: after a cut of all connections every living worker's lock is free for as
 * long as it takes to connect again, and so it is in the first seconds of a database that was restarted.
 */
export async function sweep(
  pool: Pool,
  timeoutMs: number,
  suspected: ReadonlySet<number>,
  at: At = null,
): Promise<Swept> {
  const { rows } = await pool.query<{ id: number; silent: boolean }>({
    name: 'find dead workers',
    text: `SELECT id, ${IS_SILENT} AS silent FROM workers WHERE ${IS_SILENT} OR ${IS_UNLOCKED}`,
    values: [at, timeoutMs],
  })
  const suspects = new Set(rows.map((row) => row.id))
  const gone = rows.filter((row) => row.silent || suspected.has(row.id)).map((row) => row.id)
  if (gone.length === 0) return { workers: [], jobs: 0, suspects }
  return { ...(await takeJobsFrom(pool, gone, timeoutMs, at)), suspects }
}

const IS_SILENT = `(beat_at < ${NOW} - make_interval(secs => $2::float8 / 1000))`
const IS_UNLOCKED = `(now() - pg_postmaster_start_time() > interval '5 seconds' AND pg_try_advisory_xact_lock(${WORKER_LOCK}, id))`

function takeJobsFrom(
  pool: Pool,
  workerIds: number[],
  timeoutMs: number,
  at: At,
): Promise<{ workers: string[]; jobs: number }> {
  return transaction(pool, async (client) => {
    // Deleted first, in a statement of its own: a claim under way holds its worker's row, and the next statement sees what it took.
    const gone = await client.query<{ id: number; name: string }>(
      `DELETE FROM workers WHERE id = ANY ($3) AND (${IS_SILENT} OR ${IS_UNLOCKED}) RETURNING id, name`,
      [at, timeoutMs, workerIds],
    )
    const jobs = await client.query(
      `WITH gone AS (SELECT * FROM unnest($2::bigint[], $3::text[]) AS gone (id, name)),
       lost AS (
         UPDATE document_processing_jobs AS job
         SET ${retryOrFail('attempts < max_attempts', NOW)}, error_code = 'worker_lost',
             error_log = 'Worker ' || gone.name || ' was lost during attempt ' || attempts || ' of ' || max_attempts || '.'
         FROM gone WHERE locked_by = gone.id RETURNING ${ENDED}, gone.name AS worker, job.error_log
       ),
       ended AS (
         ${END_ATTEMPT} SELECT id, claim, attempts, worker, attempt_started_at, ${NOW}, 'WORKER_LOST', 'worker_lost', error_log FROM lost
       ),
       woken AS MATERIALIZED (SELECT pg_notify('${JOBS_CHANNEL}', '${ANYWHERE}'))
       SELECT lost.id FROM lost, woken`,
      [at, gone.rows.map((worker) => worker.id), gone.rows.map((worker) => worker.name)],
    )
    return { workers: gone.rows.map((worker) => worker.name), jobs: jobs.rowCount ?? 0 }
  })
}

/** A worker that stops in order leaves. One that still holds a job does not get away: the sweep finds it by its row, and the job with it. */
export async function unregisterWorker(db: Queryable, workerId: number): Promise<void> {
  await db.query(
    'DELETE FROM workers WHERE id = $1 AND NOT EXISTS (SELECT FROM document_processing_jobs WHERE locked_by = $1)',
    [workerId],
  )
}
