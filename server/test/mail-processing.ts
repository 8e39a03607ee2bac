import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { Provider } from '@adp/contract/extraction-options.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createDocuments, type NewDocuments } from '../src/documents/create-documents.ts'
import { processDocument } from '../src/documents/process-document.ts'
import { receiveFile } from '../src/documents/receive-upload.ts'
import { trackUnownedBlobs } from '../src/documents/unowned-blobs.ts'
import type { Extractor } from '../src/extraction/extractor.ts'
import { createLocalExtractor, type LocalExtractor } from '../src/extraction/local/local-extractor.ts'
import * as queue from '../src/queue/job-queue.ts'
import * as liveness from '../src/queue/liveness.ts'
import { writeOutcome } from '../src/queue/outcome.ts'
import type { BlobStore } from '../src/storage/blob-store.ts'
import { createFilesystemStore } from '../src/storage/filesystem.ts'
import { useDatabase } from './database.ts'
import { emptyTables } from './jobs.ts'

/** Later than anything is due. */
const LATER = new Date('2100-01-01T00:00:00Z')
const log = pino({ level: 'silent' })

type Settings = { blobs?: BlobStore; extractors?: Partial<Record<Provider, Extractor>> }

/** Mails that a worker in this process reads with the local engine, on a real database. Read the fields inside tests. */
export function useMailProcessing() {
  const database = useDatabase()
  const used = database as typeof database & { blobs: BlobStore; local: LocalExtractor; worker: { id: number } }
  let root: string
  let store: string
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'adp-mails-'))
    used.local = createLocalExtractor({
      ...{ maxChildren: 1, memoryBytes: 2 ** 30, pageTimeoutMs: 60_000, totalTimeoutMs: 170_000, maxPages: 50 },
      ...{ languages: ['eng'], log },
    })
  })
  beforeEach(async () => {
    await emptyTables(used.pool)
    store = await mkdtemp(path.join(root, 'store-'))
    used.blobs = createFilesystemStore(store)
    used.worker = { id: await liveness.registerWorker(used.pool, { name: 'w', version: '1', slots: 4 }) }
  })
  afterAll(async () => {
    await used.local.close()
    await rm(root, { recursive: true })
  })

  return Object.assign(used, {
    /** How many files are in the store. */
    async countBlobs() {
      const entries = await readdir(store, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).length
    },
    async upload(name: string, bytes: Buffer, options: Partial<NewDocuments> = {}): Promise<string> {
      const tracked = trackUnownedBlobs(used.pool, used.blobs)
      const key = await tracked.reserve()
      const file = await receiveFile(used.blobs, key, { name, stream: Readable.from([bytes]) }, 1e9)
      tracked.close()
      const { documentIds } = await createDocuments(used.pool, [file], { maxAttempts: 3, ...options })
      return documentIds[0] as string
    },
    async claim(): Promise<queue.ClaimedJob | undefined> {
      return (await queue.claim(used.pool, used.worker, 1, LATER))[0]
    },
    /** Does what a worker does with a claimed job. @returns how it came out */
    async work(job: queue.ClaimedJob, { blobs = used.blobs, extractors = {} }: Settings = {}): Promise<string> {
      const quota = { daily: null, monthly: null, whenUsedUp: 'wait' } as const
      const providers = { local: used.local, ...extractors }
      const deps = { pool: used.pool, blobs, extractors: providers, defaultProvider: 'local', quota, log } as const
      const outcome = await processDocument({ ...deps, random: () => 0.5 }, job, new AbortController().signal)
      await writeOutcome(used.pool, job, outcome)
      return outcome.kind
    },
    /** Works until nothing is due any more. @returns how each job came out */
    async workAll(settings: Settings = {}): Promise<string[]> {
      const outcomes: string[] = []
      for (let job = await this.claim(); job; job = await this.claim()) outcomes.push(await this.work(job, settings))
      return outcomes
    },
  })
}
