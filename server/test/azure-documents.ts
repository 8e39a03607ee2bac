import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { ExtractionOptions, Provider } from '@adp/contract/extraction-options.ts'
import { fileTypeFromBuffer } from 'file-type'
import { pino } from 'pino'
import { v4 as uuid, v7 as uuidv7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Pool } from '../src/db/client.ts'
import { processDocument } from '../src/documents/process-document.ts'
import type { QuotaSettings } from '../src/documents/provider-events.ts'
import { createAutoExtractor } from '../src/extraction/auto-extractor.ts'
import { type AzureExtractor, createAzureExtractor } from '../src/extraction/azure/azure-extractor.ts'
import { createService } from '../src/extraction/azure/service.ts'
import { rateOf } from '../src/extraction/azure/settings.ts'
import type { LocalExtractor } from '../src/extraction/local/local-extractor.ts'
import { enqueue } from '../src/queue/enqueue.ts'
import type { JobAborted } from '../src/queue/job-aborted.ts'
import * as queue from '../src/queue/job-queue.ts'
import * as liveness from '../src/queue/liveness.ts'
import { type Written, writeOutcome } from '../src/queue/outcome.ts'
import type { BlobStore } from '../src/storage/blob-store.ts'
import { createFilesystemStore } from '../src/storage/filesystem.ts'
import { openContent } from './azure-emulator/content.ts'
import { startAzureEmulator } from './azure-emulator/emulator.ts'
import type { Submission } from './azure-emulator/operations.ts'
import type { AzureEmulatorOptions } from './azure-emulator/options.ts'
import { useDatabase } from './database.ts'
import { emptyTables } from './jobs.ts'

const KEY = 'the-key-that-nobody-may-see'
/** Later than anything is due: what waits for a poll or its turn may be claimed. */
const LATER = new Date('2100-01-01T00:00:00Z')

/** Documents that a worker in this process has the emulator read, on a real database, step by step. Read the fields inside tests. */
export function useAzureDocuments() {
  const used = useDatabase() as ReturnType<typeof useDatabase> & {
    blobs: BlobStore
    emulator: Awaited<ReturnType<typeof startAzureEmulator>>
    /** Everything that was logged. */
    logged: string
    worker: { id: number }
    extractor(settings?: Settings): AzureExtractor
  }
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'adp-azure-'))
    used.blobs = createFilesystemStore(root)
  })
  beforeEach(async () => {
    await emptyTables(used.pool)
    await used.pool.query('TRUNCATE provider_submissions, provider_budgets')
    used.logged = ''
    used.worker = await register('w')
  })
  afterEach(() => used.emulator?.close())
  afterAll(() => rm(root, { recursive: true }))

  const register = async (name: string) => ({
    id: await liveness.registerWorker(used.pool, { name, version: '1', slots: 4 }),
  })
  const write = (line: string) => {
    used.logged += line
  }
  const log = pino({ level: 'debug' }, { write })
  used.extractor = (settings = {}) => {
    const { pool = used.pool, key = KEY, posts = 15 } = settings
    return createAzureExtractor({
      service: createService(used.emulator.url, { key }),
      db: pool,
      measure: settings.local?.measure ?? framesOf,
      defaults: { model: 'prebuilt-read', ...settings.defaults },
      fallBackToLayout: settings.fallBackToLayout ?? false,
      rates: { post: rateOf(posts), get: rateOf(50) },
      log,
      ...(settings.now && { now: settings.now }),
    })
  }

  return Object.assign(used, {
    key: KEY,
    register,
    async start(options: Partial<AzureEmulatorOptions> = {}) {
      used.emulator = await startAzureEmulator({ key: KEY, limits: null, ...options })
    },
    /** What is paid for: accepted, and not failed. */
    billed: (): Submission[] =>
      used.emulator.ledger().flatMap(({ submissions }) => submissions.filter(({ failed }) => !failed)),
    /** How many requests were answered. */
    asked: (): number => {
      const { post, get } = used.emulator.counts().requests
      return [...Object.values(post), ...Object.values(get)].reduce((sum, count) => sum + count, 0)
    },
    async upload(bytes: Buffer, options: ExtractionOptions | null = null): Promise<string> {
      const [id, key] = [uuidv7(), uuid()]
      await used.blobs.put(key, Readable.from([bytes]))
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const type = (await fileTypeFromBuffer(bytes))?.mime
      await used.pool.query(
        `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key, extraction_options) VALUES ($1, 'a', $2, $3, $4, $5, $6)`,
        [id, type, bytes.length, sha256, key, options && JSON.stringify(options)],
      )
      await enqueue(used.pool, { documentIds: [id], maxAttempts: 3 })
      return id
    },
    async claim(worker = used.worker): Promise<queue.ClaimedJob> {
      const [job] = await queue.claim(used.pool, worker, 1, LATER)
      if (!job) throw new Error('nothing to claim')
      return job
    },
    /** Does what a worker does with a claimed job. */
    async work(job: queue.ClaimedJob, settings: Settings = {}): Promise<Written & { kind: string }> {
      const { pool = used.pool, signal = new AbortController().signal } = settings
      const azure = settings.azure === undefined ? used.extractor(settings) : settings.azure
      const quota = { daily: null, monthly: null, whenUsedUp: 'wait', ...settings.quota } as const
      const { local } = settings
      const extractors = {
        ...(azure && { azure }),
        ...(local && azure && { local, auto: createAutoExtractor(local, azure) }),
      }
      const { blobs = used.blobs, defaultProvider = 'azure' } = settings
      const deps = { pool, blobs, extractors, defaultProvider, quota, log }
      const outcome = await processDocument({ ...deps, random: () => 0.5 }, job, signal)
      if ((signal.reason as JobAborted | undefined)?.reason === 'lost')
        return { held: false, dueAt: null, kind: 'lost' }
      return { ...(await writeOutcome(pool, job, outcome)), kind: outcome.kind }
    },
  })
}

type Settings = {
  /** Null: a worker without it. */
  azure?: AzureExtractor | null
  defaultProvider?: Provider
  blobs?: BlobStore
  /** Reads what is not for Azure. */
  local?: LocalExtractor
  pool?: Pool
  signal?: AbortSignal
  key?: string
  posts?: number
  now?: () => number
  fallBackToLayout?: boolean
  defaults?: Parameters<typeof createAzureExtractor>[0]['defaults']
  quota?: Partial<QuotaSettings>
}

async function framesOf({ path }: { path: string }) {
  const pages = await openContent(await readFile(path), 'prebuilt-read')
  return pages.map(({ width = 0, height = 0, unit = 'pixel' }, n) => ({ pageNumber: n + 1, width, height, unit }))
}

/** Works a document off, poll by poll. @returns the steps it took */
export async function finish(azure: ReturnType<typeof useAzureDocuments>, settings: Settings = {}): Promise<string[]> {
  const steps: string[] = []
  for (;;) {
    const { kind } = await azure.work(await azure.claim(), settings)
    steps.push(kind)
    if (kind !== 'wait') return steps
  }
}

/** A pool whose statements are never answered from the moment on at which its process is said to be dead. */
export function mortal(pool: Pool): { pool: Pool; die(): void } {
  let dead = false
  const never = new Promise<never>(() => {})
  const unlessDead = <T>(call: () => Promise<T>): Promise<T> => (dead ? never : call())
  return {
    pool: Object.create(pool, {
      query: { value: (...args: [never]) => unlessDead(() => pool.query(...args)) },
      connect: { value: () => unlessDead(() => pool.connect()) },
    }),
    die() {
      dead = true
    },
  }
}
