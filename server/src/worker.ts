import { hostname } from 'node:os'
import { readConfig } from './config.ts'
import { createExtractors } from './create-extractors.ts'
import { findDatabaseUrl } from './database-url.ts'
import { createPool } from './db/client.ts'
import { helpDocument } from './documents/help-document.ts'
import { startHousekeeping } from './documents/housekeeping.ts'
import { processDocument } from './documents/process-document.ts'
import { createLogger } from './logger.ts'
import { runMain, stopInOrder, tellParent } from './process.ts'
import { startRunner, WORKER_SETTINGS } from './queue/runner.ts'
import { createStore } from './storage/create-store.ts'
import { removeDeadScratchFolders } from './storage/scratch.ts'
import { VERSION } from './version.ts'

/** Of the 25 s that a stop may take, what runs has 20 to finish; the rest is for giving back what did not. */
const GRACE_MS = 20_000

/** The worker process: claims jobs and sees documents through. Any number of them share one database and one storage. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLogger('worker', config.LOG_LEVEL)
  const databaseUrl = await findDatabaseUrl(config)
  const slots = config.WORKER_CONCURRENCY
  const onIdleError = (error: Error) => log.warn({ reason: error.message }, 'an idle database connection broke')
  // A document is being stored while the next one is read in its slot.
  const pool = createPool(databaseUrl, 'adp worker', 2 * slots + 3, onIdleError, WORKER_SETTINGS)
  const blobs = await createStore(config)
  await blobs.check()
  removeDeadScratchFolders()
  const { extractors, local, defaultProvider, quota, close } = await createExtractors(config, pool, log)
  const name = `${hostname()}/${process.pid}`
  const runner = startRunner({
    pool,
    databaseUrl,
    name,
    version: VERSION,
    slots,
    timeoutMs: config.WORKER_TIMEOUT_SECONDS * 1000,
    log,
    handle: (job, signal, onEnding) =>
      processDocument({ pool, blobs, extractors, defaultProvider, quota, log }, job, signal, onEnding),
    help: (reader, first, next, signal) => helpDocument({ pool, blobs, log, local }, reader, first, next, signal),
  })
  const housekeeping = startHousekeeping({
    pool,
    blobs,
    log,
    workerName: name,
    timeoutMs: config.WORKER_TIMEOUT_SECONDS * 1000,
    jobRetentionDays: config.JOB_RETENTION_DAYS,
    documentRetentionDays: config.DOCUMENT_RETENTION_DAYS,
  })

  stopInOrder(log, async (reason) => {
    log.info('stopping: finishing or giving back what runs')
    housekeeping.stop()
    // An orphan's supervisor is gone, and a new one may want its place: it gives everything back at once.
    await runner.stop(reason === 'signal' ? GRACE_MS : 0)
    await close()
    await pool.end()
  })
  log.info({ slots }, 'the worker is up')
  tellParent({ type: 'ready' })
}

await runMain(main)
