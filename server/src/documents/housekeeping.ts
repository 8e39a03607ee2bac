import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import { createOldTransactionLog, findOldTransactions } from '../queue/old-transactions.ts'
import { findExpiredDocuments, pruneJobs } from '../queue/retention.ts'
import { readWorkers } from '../queue/statistics.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { eraseTombstones } from './change-documents.ts'
import { expireDocuments } from './expire-documents.ts'
import { deleteStaleBlobs } from './unowned-blobs.ts'

const EVERY_MS = 60_000
/** Any constant will do, as long as nobody else locks it: the first bytes of "adp housekeeping". */
const HOUSEKEEPING_LOCK = 0x6164_7068

export type HousekeepingOptions = {
  pool: Pool
  blobs: BlobStore
  log: Logger
  /** Of this process's worker, as in its row. */
  workerName: string
  /** After this long without a beat a worker counts as gone. Milliseconds. */
  timeoutMs: number
  /** 0 keeps them for ever, as with documents. */
  jobRetentionDays: number
  documentRetentionDays: number
}

/**
 * Once a minute, in one worker of all: removes what is older than it is to be kept, puts right what crashes have left (bytes without a
 * document, deletions cut short), and says when an old transaction makes the queue slow.
 */
export function startHousekeeping(options: HousekeepingOptions): { stop(): void } {
  const housekeeping = createHousekeeping(options)
  const timer = setInterval(housekeeping.run, EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      housekeeping.stop()
    },
  }
}

/** `run` does what is due if it is this worker's turn, and never throws. */
export function createHousekeeping(options: HousekeepingOptions) {
  const { pool, blobs, log, jobRetentionDays, documentRetentionDays } = options
  const stopping = new AbortController()
  const logOldTransactions = createOldTransactionLog(log)
  /** Where the walks through the jobs have come to. */
  const walks = { jobs: 0, documents: 0 }

  async function run(): Promise<void> {
    if (stopping.signal.aborted) return
    try {
      if (await isOurTurn()) await exclusively(pool, keepHouse)
    } catch (error) {
      log.warn({ err: error }, 'housekeeping failed; trying again in a minute')
    }
  }

  /** It is the oldest living worker's. All could, but then a hundred workers would do it a hundred times a minute. */
  async function isOurTurn(): Promise<boolean> {
    const [oldest] = await readWorkers(pool, options.timeoutMs)
    return oldest?.name === options.workerName
  }

  async function keepHouse(): Promise<void> {
    logOldTransactions(await findOldTransactions(pool))
    await forgetOldKeys(pool)
    if (jobRetentionDays > 0) await forgetOldJobs(jobRetentionDays)
    // What needs the storage comes last, so that its failure holds up nothing else.
    const stale_blobs = await deleteStaleBlobs(pool, blobs)
    const tombstones = await eraseTombstones(pool, blobs)
    if (stale_blobs || tombstones) log.info({ stale_blobs, tombstones }, 'cleaned up after a crash')
    if (documentRetentionDays > 0) await forgetOldDocuments(documentRetentionDays)
  }

  async function forgetOldJobs(days: number): Promise<void> {
    const { jobs, next } = await pruneJobs(pool, walks.jobs, days)
    walks.jobs = next
    if (jobs > 0) log.info({ jobs, days }, 'deleted jobs that were superseded and older than JOB_RETENTION_DAYS')
  }

  async function forgetOldDocuments(days: number): Promise<void> {
    const { documentIds, next } = await findExpiredDocuments(pool, walks.documents, days)
    const erased = await expireDocuments(pool, blobs, documentIds, { days, signal: stopping.signal })
    walks.documents = next
    if (erased.length > 0)
      log.info({ document_ids: erased, days }, 'deleted documents older than DOCUMENT_RETENTION_DAYS')
  }

  return { run, stop: () => stopping.abort() }
}

/** Runs `work` unless somebody is at it: the round before may take its time, and so may a worker whose turn has just ended. */
async function exclusively(pool: Pool, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect()
  let broken: Error | undefined
  // While the work is done on other connections this one is idle, and nobody else would hear that it broke.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
      HOUSEKEEPING_LOCK,
    ])
    if (rows[0]?.mine !== true) return
    try {
      await work()
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [HOUSEKEEPING_LOCK]).catch(onError)
    }
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** A day is what clients are promised for a retry with the same Idempotency-Key. */
async function forgetOldKeys(pool: Pool): Promise<void> {
  await pool.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`)
}
