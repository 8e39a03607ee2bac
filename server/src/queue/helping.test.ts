import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { emptyTables, makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import type { Pool } from '../db/client.ts'
import type { Help } from './helping.ts'
import * as queue from './job-queue.ts'
import { registerWorker } from './liveness.ts'
import { type Runner, startRunner } from './runner.ts'
import * as shared from './shared-pages.ts'

/** A runner that helps with a job that somebody else holds, with readers that do as the test says. */
const database = useDatabase()
const PAGES = 3
let runners: Runner[]
let session: pg.Client
let job: queue.ClaimedJob

beforeEach(async () => {
  await emptyTables(database.pool)
  runners = []
  const now = new Date()
  await makeJob(database.pool, now)
  // Holds its lock, as a session would: nobody sweeps it.
  session = new pg.Client({ connectionString: database.url })
  await session.connect()
  const holder = await registerWorker(session, { name: 'holder', version: '1', slots: 1 })
  const [claimed] = await queue.claim(database.pool, { id: holder }, 1)
  if (!claimed) throw new Error('nothing to claim')
  job = claimed
  await queue.recordPagesTotal(database.pool, job, PAGES, 'local')
})
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop(0)))
  await session.end()
})

function start(help: Help, slots = 1, pool: Pool = database.pool): Runner {
  const runner = startRunner({
    ...{ pool, databaseUrl: database.url, name: 'host/1', version: '1', slots, timeoutMs: 600_000 },
    log: pino({ level: 'silent' }),
    handle: async (one) => {
      await queue.recordPagesTotal(database.pool, one, 1, 'local')
      await queue.storePage(database.pool, one, makePage(1))
      return { kind: 'completed' }
    },
    help,
  })
  runners.push(runner)
  return runner
}

const offer = () => shared.offerPages(database.pool, job, [1, 2, 3])
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 20 })
const left = async () => (await database.pool.query('SELECT * FROM shared_pages ORDER BY page_number')).rows
const store = (reader: shared.PageReader, page: shared.TakenPage) =>
  shared.storeSharedPage(database.pool, page, reader.workerId, makePage(page.page_number))

const readAll: Help = async (reader, first, next) => {
  for (let page: shared.TakenPage | null = first; page; page = await next())
    expect(await store(reader, page)).toBe(true)
}

/** Holds its first page until it is aborted; says what for. */
const waiting =
  (begun: () => void, reasons: unknown[]): Help =>
  (_, __, ___, signal) =>
    new Promise((_resolve, reject) => {
      begun()
      signal.addEventListener('abort', () => {
        reasons.push((signal.reason as { reason: string }).reason)
        reject(signal.reason)
      })
    })

test('what is offered is read by a slot that has nothing to do, whether it was offered before or after the worker came', async () => {
  await offer()
  start(readAll)
  await until(async () => expect(await readJob(database.pool, job.id)).toMatchObject({ pages_done: PAGES }))
  expect(await left()).toEqual([])
  expect(await queue.complete(database.pool, job)).toBe(true)
  expect(await readAttempts(database.pool, job.id)).toHaveLength(1)
})

test('a slot that helps is none for jobs, and goes to the next job after its page', async () => {
  const small = Promise.withResolvers<number>()
  const read: number[] = []
  start(async (reader, first, next) => {
    for (let page: shared.TakenPage | null = first; page; page = await next()) {
      read.push(page.page_number)
      if (read.length === 1) {
        const id = await makeJob(database.pool, new Date())
        small.resolve(id)
        await database.pool.query("SELECT pg_notify('document_processing_jobs', '')")
        // Long enough for the runner to have claimed it, had it a slot.
        await new Promise((resolve) => setTimeout(resolve, 300))
        expect((await readJob(database.pool, id)).status).toBe('PENDING')
      } else expect((await readJob(database.pool, await small.promise)).status).toBe('COMPLETED')
      await store(reader, page)
    }
  })
  await offer()
  await until(async () => expect(await left()).toEqual([]))
  expect(read).toEqual([1, 2, 3])
})

test('a job that is canceled takes the page from its helper at once', async () => {
  const [begun, reasons] = [vi.fn(), [] as unknown[]]
  start(waiting(begun, reasons))
  await offer()
  await until(() => expect(begun).toHaveBeenCalled())
  await queue.cancel(database.pool, job.document_id, 'enough')
  await until(() => expect(reasons).toEqual(['lost']))
})

test('a job that its holder has lost takes the page from its helper, though nobody was told', async () => {
  const [begun, reasons] = [vi.fn(), [] as unknown[]]
  start(waiting(begun, reasons))
  await offer()
  await until(() => expect(begun).toHaveBeenCalled())
  await database.pool.query('DELETE FROM documents')
  await until(() => expect(reasons).toEqual(['lost']))
})

test('a worker that stops gives the page back', async () => {
  const [begun, reasons] = [vi.fn(), [] as unknown[]]
  const runner = start(waiting(begun, reasons))
  await offer()
  await until(() => expect(begun).toHaveBeenCalled())
  await runner.stop(0)
  expect(reasons).toEqual(['shutdown'])
  expect(await left()).toMatchObject([1, 2, 3].map(() => ({ taken_by: null, holder_only: false })))
})

test('a page that cannot be read here is the holder’s, and the worker takes no other for a while', async () => {
  let tries = 0
  start(async () => {
    tries += 1
    throw new Error('the storage is away')
  })
  await offer()
  await until(async () => expect(await left()).toMatchObject([{ holder_only: true }, {}, {}]))
  await offer()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(tries).toBe(1)
  expect((await shared.takeOwnPage(database.pool, job, randomUUID()))?.page).toBe(2)
})

test('a take whose answer is lost leaves no page with nobody', async () => {
  let losses = 0
  const pool: Pool = Object.create(database.pool, {
    query: {
      value: async (...args: [never]) => {
        const result: { rowCount: number | null } = await database.pool.query(...args)
        if (losses > 0 || !JSON.stringify(args).includes('take page') || result.rowCount === 0) return result
        losses += 1
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
      },
    },
  })
  start(readAll, 1, pool)
  await offer()
  await until(async () => {
    expect(losses).toBe(1)
    expect(await left()).toMatchObject([1, 2, 3].map(() => ({ taken_by: null })))
  })
})

test('nobody looks for shared pages while none are offered', async () => {
  let looks = 0
  const pool: Pool = Object.create(database.pool, {
    query: {
      value: (...args: [never]) => {
        if (JSON.stringify(args).includes('shared_pages')) looks += 1
        return database.pool.query(...args)
      },
    },
  })
  start(readAll, 2, pool)
  await until(() => expect(looks).toBe(2))
  const id = await makeJob(database.pool, new Date())
  await until(async () => expect((await readJob(database.pool, id)).status).toBe('COMPLETED'))
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(looks, 'one look, of two statements, when it came').toBe(2)
})
