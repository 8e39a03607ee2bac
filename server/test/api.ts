import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { type AppDeps, buildApp } from '../src/app.ts'
import type { Pool } from '../src/db/client.ts'
import { createPageDrawer, type PageDrawer } from '../src/extraction/local/page-drawer.ts'
import * as queue from '../src/queue/job-queue.ts'
import * as liveness from '../src/queue/liveness.ts'
import { createFilesystemStore } from '../src/storage/filesystem.ts'
import { useDatabase } from './database.ts'
import { makeFailedPage, makePage } from './jobs.ts'

export type Api = {
  url: string
  app: FastifyInstance
  pool: Pool
  blobs: AppDeps['blobs']
  /** Files in the store, half-written ones included. */
  countBlobs(): Promise<number>
  /** Does a worker's part for a document: claims its job and completes it with these pages; null: one that could not be read. */
  completeNext(pages: (string | null)[]): Promise<void>
}

/** The API listening on a port of its own, on a database and a store of its own, without a worker. */
export function useApi(config: Partial<AppDeps['config']> = {}): Api {
  const database = useDatabase()
  const api = {} as Api
  let root: string
  let drawer: PageDrawer | undefined
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'adp-api-'))
    api.pool = database.pool
    api.blobs = createFilesystemStore(root)
    const all = {
      MAX_UPLOAD_BYTES: 1_000_000,
      MAX_UPLOAD_FILES: 5,
      UPLOAD_IDLE_SECONDS: 60,
      JOB_MAX_ATTEMPTS: 3,
      WORKER_TIMEOUT_SECONDS: 15,
      ...config,
    }
    const log = pino({ level: 'silent' })
    drawer = createPageDrawer({ maxChildren: 1, memoryBytes: 512 * 2 ** 20, timeoutMs: 60_000, log })
    api.app = await buildApp({ pool: api.pool, blobs: api.blobs, drawer, config: all }, log)
    await api.app.listen({ port: 0, host: '127.0.0.1' })
    api.url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`
    api.countBlobs = async () =>
      (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length
    api.completeNext = (pages) => completeNext(api.pool, pages)
  })
  afterAll(async () => {
    await api.app?.close()
    await drawer?.close()
    if (root) await rm(root, { recursive: true, force: true })
  })
  return api
}

async function completeNext(pool: Pool, pages: (string | null)[]): Promise<void> {
  const name = 'test worker'
  const id = await liveness.registerWorker(pool, { name, version: '1', slots: 1 })
  const [job] = await queue.claim(pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(pool, job, pages.length, 'local')
  for (const [index, content] of pages.entries()) {
    const page = content === null ? makeFailedPage(index + 1) : makePage(index + 1, content)
    await queue.storePage(pool, job, page)
  }
  if (!(await queue.complete(pool, job))) throw new Error('the claim is stale')
}
