import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createPool, type Pool } from '../../src/db/client.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'
import { createFilesystemStore } from '../../src/storage/filesystem.ts'
import { startWorkers, type Workers } from '../azure-fleet/workers.ts'
import { type KillingEmulator, startKillingEmulator } from './killing-emulator.ts'
import { installGates } from './moments.ts'

export type Arena = { pool: Pool; blobs: BlobStore; emulator: KillingEmulator; workers: Workers }

const KEY = 'kill-azure'

/**
 * Workers with one slot each, so that who is killed has one document, and what they need.
 * @param databaseUrl of a migrated database of its own
 */
export async function withArena<T>(
  databaseUrl: string,
  workerCount: number,
  work: (arena: Arena) => Promise<T>,
): Promise<T> {
  await using cleanup = new AsyncDisposableStack()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'adp-kill-azure-'))
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }))
  const pool = createPool(databaseUrl, 'kill tests', 20, () => {})
  cleanup.defer(() => pool.end())
  await installGates(pool)
  const emulator = await startKillingEmulator(KEY)
  cleanup.defer(() => emulator.close())
  const env = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    WORKER_CONCURRENCY: '1',
    WORKER_TIMEOUT_SECONDS: '5',
    AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: emulator.url,
    AZURE_DOCUMENT_INTELLIGENCE_KEY: KEY,
    AZURE_POSTS_PER_SECOND: '1000',
    AZURE_GETS_PER_SECOND: '1000',
    // Eleven starts in a round, and half of one is compiling. Written by who ends in order, which is the first.
    NODE_COMPILE_CACHE: path.join(dataDir, 'compile-cache'),
  }
  await (await startWorkers(1, env)).stop()
  const workers = await startWorkers(workerCount, env)
  cleanup.defer(() => workers.stop())
  return await work({ pool, blobs: createFilesystemStore(path.join(dataDir, 'blobs')), emulator, workers })
}
