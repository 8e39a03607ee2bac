import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createPool, type Pool } from '../../../server/src/db/client.ts'
import { migrate } from '../../../server/src/db/migrate.ts'
import { retryDeadLetters } from '../../../server/src/queue/dead-letters.ts'
import { createFilesystemStore } from '../../../server/src/storage/filesystem.ts'
import { startAzureEmulator } from '../../../server/test/azure-emulator/emulator.ts'
import type { Counts } from '../../../server/test/azure-emulator/ledger.ts'
import { distinctPdfs, enqueueAll, storeContents } from '../../../server/test/azure-fleet/documents.ts'
import { startWorkers } from '../../../server/test/azure-fleet/workers.ts'
import { blankPdf } from '../../../server/test/fixtures.ts'
import { startPostgresql } from '../queue/stores.ts'
import { type Audit, audit } from './storm-audit.ts'
import { faultsOf, recorded, type Variant } from './storm-faults.ts'

export type StormOptions = {
  variant: Variant
  documents: number
  workers: number
  slots: number
  analysisMs: number
  seed: number
  /** Requests a second: the service's limit and our own budget. `in-flight` has no limit at the service. */
  posts: number
  gets: number
}

export type Storm = Audit & {
  /** From the commit of all jobs until the last has ended. */
  seconds: number
  /** From the same until the last document was accepted. */
  lastAcceptedSeconds: number
  /** What is billed in the end, once somebody has asked again for the documents that ended as `submission_uncertain`. */
  billedInTheEnd: number
  /** How many were accepted in each ten seconds. */
  pace: number[]
  counts: Counts
  /** At most so many analyses were accepted and not finished at one time. */
  inFlight: number
  /** Samples of a slot taken by a job that its provider works on, with no sign of life for so long that it can only be waiting. */
  waitingSlots: number
  /** How many samples there were. */
  samples: number
}

const KEY = 'storm'
/** How the emulator has the limits of a tier. */
const oneSecond = (perSecond: number) => ({ perSecond, burst: perSecond })
const SAMPLE_MS = 200
/** Longer than a poll takes, shorter than the shortest wait for the next. */
const WAITING_MS = 1_500
const ATTEMPTS = 5
const WARM_UP = 2

/** Real worker processes on a PostgreSQL with its defaults, and the emulator in this process. */
export async function storm(options: StormOptions): Promise<Storm> {
  await using cleanup = new AsyncDisposableStack()
  const store = await startPostgresql()
  cleanup.defer(() => store.stop())
  const databaseUrl = await store.fresh('storm')
  await migrate(databaseUrl)
  const dataDir = await mkdtemp(path.join(tmpdir(), 'adp-storm-'))
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }))
  const pool = createPool(databaseUrl, 'storm', 4, () => {})
  cleanup.defer(() => pool.end())

  let storming = false
  const { faults, met } = recorded(faultsOf(options.variant, options.seed))
  const accepted: number[] = []
  const emulator = await startAzureEmulator({
    key: KEY,
    analysisMs: options.analysisMs,
    faults: (request) => (storming ? faults(request) : null),
    limits: options.variant === 'in-flight' ? null : { post: oneSecond(options.posts), get: oneSecond(options.gets) },
    onAccepted: () => void accepted.push(Date.now()),
  })
  cleanup.defer(() => emulator.close())
  const workers = await startWorkers(options.workers, {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    WORKER_CONCURRENCY: String(options.slots),
    AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: emulator.url,
    AZURE_DOCUMENT_INTELLIGENCE_KEY: KEY,
    AZURE_POSTS_PER_SECOND: String(options.posts),
    AZURE_GETS_PER_SECOND: String(options.gets),
  })
  cleanup.defer(() => workers.stop())

  const blobs = createFilesystemStore(path.join(dataDir, 'blobs'))
  const pdf = await blankPdf()
  // A worker's first document compiles its code and starts the process that measures pages.
  await enqueueAll(
    pool,
    await storeContents(pool, blobs, distinctPdfs(pdf, options.workers * options.slots * WARM_UP)),
    ATTEMPTS,
  )
  await untilEnded(pool, () => {})
  const documents = await storeContents(pool, blobs, distinctPdfs(pdf, options.documents))
  await pool.query('DELETE FROM document_processing_jobs')
  await store.settle(databaseUrl)
  const warm = accepted.splice(0).length

  storming = true
  await enqueueAll(pool, documents, ATTEMPTS)
  const began = Date.now()
  const samples = { samples: 0, waitingSlots: 0, inFlight: 0 }
  await untilEnded(pool, (waiting) => {
    samples.samples += 1
    samples.waitingSlots += waiting
    const now = Date.now()
    samples.inFlight = Math.max(samples.inFlight, accepted.filter((at) => now - at < options.analysisMs).length)
  })
  const seconds = (Date.now() - began) / 1000
  const found = await audit(pool, emulator, documents, met)
  found.violations.push(...workers.crashed())
  const lastAcceptedSeconds = (Math.max(...accepted) - began) / 1000
  const pace = Array.from(
    { length: Math.ceil(lastAcceptedSeconds / 10) },
    (_, ten) => accepted.filter((at) => Math.floor((at - began) / 10_000) === ten).length,
  )
  const counts = emulator.counts()

  storming = false
  await retryDeadLetters(pool, { errorCode: 'submission_uncertain', maxAttempts: ATTEMPTS, wakeUp: { send: () => {} } })
  await untilEnded(pool, () => {})
  const billedInTheEnd = sum(emulator.ledger().map((entry) => entry.accepted)) - warm
  if (billedInTheEnd !== options.documents) found.violations.push(`${billedInTheEnd} are billed in the end`)
  const times = { seconds, lastAcceptedSeconds, pace }
  return { ...found, billed: found.billed - warm, billedInTheEnd, ...times, counts, ...samples }
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)

async function untilEnded(pool: Pool, onSample: (waitingSlots: number) => void): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ left: number; waiting: number }>(
      `SELECT count(*) AS left, count(*) FILTER (WHERE locked_by IS NOT NULL AND operation IS NOT NULL
         AND updated_at < now() - make_interval(secs => $1)) AS waiting
       FROM document_processing_jobs WHERE status IN ('PENDING', 'PROCESSING')`,
      [WAITING_MS / 1000],
    )
    const [now] = rows
    if (!now || now.left === 0) return
    onSample(now.waiting)
    await delay(SAMPLE_MS)
  }
}
