import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from '../../src/db/client.ts'
import type { Workers } from '../azure-fleet/workers.ts'

const LOOK_MS = 100

export type Deps = { pool: Pool; workers: Workers; signal: AbortSignal }

export async function installGates(pool: Pool): Promise<void> {
  await pool.query(await readFile(path.join(import.meta.dirname, 'gates.sql'), 'utf8'))
}

/** The process that holds a document's job. @throws Error when nobody does */
export async function holderOf(pool: Pool, documentId: string): Promise<number> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT name FROM workers JOIN document_processing_jobs ON locked_by = workers.id WHERE document_id = $1',
    [documentId],
  )
  if (!rows[0]) throw new Error(`nobody holds the job of ${documentId}`)
  return pidOf(rows[0].name)
}

/** Of a worker's name: host/pid. */
const pidOf = (name: string) => Number(name.split('/').at(-1))

/** Closes a gate now. @returns what kills whoever comes to it, and lets the document pass afterwards; resolves to whether somebody came */
export async function closeGate(
  { pool, workers, signal }: Deps,
  documentId: string,
  gate: string,
): Promise<() => Promise<boolean>> {
  const client = await pool.connect()
  const key = `hashtextextended($1::uuid || $2::text, 0)`
  await client.query(`SELECT pg_advisory_lock(${key})`, [documentId, gate])
  return async () => {
    try {
      while (!signal.aborted) {
        if ((await waitingFor(client)).length > 0) {
          await workers.kill(await holderOf(pool, documentId))
          await endWaiting(client)
          return true
        }
        await delay(LOOK_MS)
      }
      return false
    } finally {
      await client.query(`SELECT pg_advisory_unlock(${key})`, [documentId, gate])
      client.release()
    }
  }
}

async function waitingFor(client: PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>(
    'SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))',
  )
  return rows.map(({ pid }) => pid)
}

/** The server does not notice that a client is gone whose statement waits, and would carry it out: as if it had never been sent. */
async function endWaiting(client: PoolClient): Promise<void> {
  for (;;) {
    const pids = await waitingFor(client)
    if (pids.length === 0) return
    await client.query('SELECT pg_terminate_backend(pid) FROM unnest($1::integer[]) AS waiting (pid)', [pids])
  }
}

/**
 * Kills who has asked for a document's result and had none, once it holds nothing; or another that holds nothing, where it is dead already.
 * @param asked the process
 * @returns whether that was while nobody held the document
 */
export async function killBetweenPolls(
  { pool, workers, signal }: Deps,
  documentId: string,
  asked: Promise<number>,
): Promise<boolean> {
  const over = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)))
  const pid = await Promise.race([asked, over])
  const client = await pool.connect()
  try {
    while (pid !== null && !signal.aborted) {
      // A claim shares its worker's row: none is under way while it is locked, and so nothing can come into its hands.
      await client.query('BEGIN')
      const victim = await lockIdle(client, workers.pids().includes(pid) ? [pid] : workers.pids())
      if (victim !== null && (await isWaiting(client, documentId))) {
        await workers.kill(victim)
        await endWaiting(client)
        return true
      }
      await client.query('ROLLBACK')
      await delay(LOOK_MS)
    }
    return false
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

const HOLDS_NOTHING = 'NOT EXISTS (SELECT FROM document_processing_jobs WHERE locked_by = workers.id)'

/** Locks the row of one of the processes that holds no job. */
async function lockIdle(client: PoolClient, pids: number[]): Promise<number | null> {
  const { rows } = await client.query<{ id: number; name: string }>(
    `SELECT id, name FROM workers WHERE split_part(name, '/', 2)::integer = ANY ($1) AND ${HOLDS_NOTHING} LIMIT 1 FOR UPDATE`,
    [pids],
  )
  const [worker] = rows
  if (!worker) return null
  // Looked at again: a claim may have been under way until the row was locked.
  const { rowCount } = await client.query(`SELECT FROM workers WHERE id = $1 AND ${HOLDS_NOTHING}`, [worker.id])
  return rowCount === 1 ? pidOf(worker.name) : null
}

async function isWaiting(client: PoolClient, documentId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT FROM document_processing_jobs WHERE document_id = $1 AND status = 'PROCESSING' AND locked_by IS NULL",
    [documentId],
  )
  return rowCount === 1
}
