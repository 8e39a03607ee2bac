import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { addJob, makeDocument } from '../../test/jobs.ts'
import { useQueue } from '../../test/queue.ts'
import type { Pool } from '../db/client.ts'
import { claim, fail } from '../queue/job-queue.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { createFilesystemStore } from '../storage/filesystem.ts'
import { eraseTombstones, reprocessDocument } from './change-documents.ts'
import { expireDocuments } from './expire-documents.ts'
import { createHousekeeping, type HousekeepingOptions } from './housekeeping.ts'

/** What housekeeping removes because of its age. Without a clock of its own: the rows are made older. */
const database = useQueue()
let root: string
let blobs: BlobStore
let lines: Record<string, unknown>[]
const log = pino({}, { write: (line) => lines.push(JSON.parse(line)) })

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'adp-expire-'))
  blobs = createFilesystemStore(root)
})
afterAll(() => rm(root, { recursive: true }))
beforeEach(async () => {
  lines = []
  await database.pool.query('UPDATE workers SET beat_at = now()')
})
afterEach(() => vi.restoreAllMocks())

/** A document with bytes, under its own id, and a job that failed so many days ago. */
async function makeOld(days: number, documentId?: string): Promise<string> {
  const { pool } = database
  const id = documentId ?? (await makeDocument(pool))
  await blobs.put(id, Readable.from(['bytes']))
  const jobId = await addJob(pool, id, new Date())
  const [job] = await claim(pool, database.alice, 1)
  if (job?.id !== jobId) throw new Error('another job was due')
  await fail(pool, job, { code: 'file_corrupt', log: 'x', retryable: false, delayMs: 0 })
  await pool.query(
    'UPDATE document_processing_jobs SET finished_at = now() - make_interval(days => $2) WHERE id = $1',
    [jobId, days],
  )
  return id
}

const isThere = async (id: string) =>
  (await database.pool.query('SELECT FROM documents WHERE id = $1', [id])).rowCount === 1
const jobs = async (id: string) =>
  (await database.pool.query('SELECT FROM document_processing_jobs WHERE document_id = $1', [id])).rowCount
const bytes = async (id: string) => (await blobs.head(id)) !== null
const expire = (ids: string[], days = 30, signal = new AbortController().signal, pool: Pool = database.pool) =>
  expireDocuments(pool, blobs, ids, { days, signal })
const housekeeping = (options: Partial<HousekeepingOptions> = {}) =>
  createHousekeeping({
    pool: database.pool,
    blobs,
    log,
    workerName: 'alice',
    timeoutMs: 15_000,
    jobRetentionDays: 30,
    documentRetentionDays: 30,
    ...options,
  })
const said = (text: string) => lines.filter((line) => String(line.msg).includes(text))

test('an expired document goes with its bytes, jobs and all; one that is not stays, even when it is named', async () => {
  const [old, recent, unfinished] = [await makeOld(31), await makeOld(29), await makeOld(31)]
  await addJob(database.pool, unfinished, new Date())
  expect(await expire([old, recent, unfinished])).toEqual([old])
  expect([await isThere(old), await bytes(old), await jobs(old)]).toEqual([false, false, 0])
  expect([await isThere(recent), await bytes(recent), await jobs(recent)]).toEqual([true, true, 1])
  expect([await isThere(unfinished), await bytes(unfinished), await jobs(unfinished)]).toEqual([true, true, 2])
})

test('one that is processed again at the same moment is either not found or kept', async () => {
  const ids: string[] = []
  for (let n = 0; n < 20; n += 1) ids.push(await makeOld(31))
  const again = ids.map((id) =>
    reprocessDocument(database.pool, id, 3).then(
      () => 'kept',
      (error) => error.code,
    ),
  )
  const erased = await expire(ids)
  const answers = await Promise.all(again)
  for (const [n, id] of ids.entries()) {
    const kept = !erased.includes(id)
    expect([answers[n], await isThere(id), await bytes(id), await jobs(id)]).toEqual(
      kept ? ['kept', true, true, 2] : ['document_not_found', false, false, 0],
    )
  }
})

test('a job that is made after the document was found old keeps it', async () => {
  const id = await makeOld(31)
  // Between the statement that locks and the one that looks there is no way in; before the lock there is.
  const connect = async () => {
    await reprocessDocument(database.pool, id, 3)
    return database.pool.connect()
  }
  const late = Object.create(database.pool, { connect: { value: connect } })
  expect(await expire([id], 30, undefined, late)).toEqual([])
  expect([await isThere(id), await jobs(id)]).toEqual([true, 2])
})

test('one that somebody is just giving a job is left alone', async () => {
  const { pool } = database
  const id = await makeOld(31)
  const other = await pool.connect()
  await other.query('BEGIN')
  await other.query('SELECT FROM documents WHERE id = $1 FOR UPDATE', [id])
  await addJob(other, id, new Date())
  let settled = false
  const expiring = expire([id]).finally(() => {
    settled = true
  })
  const isBlocked = async () =>
    (await pool.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`))
      .rowCount !== 0
  while (!settled && !(await isBlocked()));
  await other.query('COMMIT')
  other.release()
  expect(await expiring).toEqual([])
  expect([await isThere(id), await jobs(id)]).toEqual([true, 2])
})

test('while bytes cannot be deleted the rows stay, out of sight, and a later round ends it', async () => {
  const id = await makeOld(31)
  const failing = vi.spyOn(blobs, 'delete').mockRejectedValueOnce(new Error('the disk is away'))
  await expect(expire([id])).rejects.toThrow('the disk is away')
  failing.mockRestore()
  expect([await isThere(id), await bytes(id)]).toEqual([true, true])
  await database.pool.query(`UPDATE documents SET deleted_at = deleted_at - interval '2 minutes'`)
  expect(await eraseTombstones(database.pool, blobs)).toBe(1)
  expect([await isThere(id), await bytes(id)]).toEqual([false, false])
})

test('a process that stops erases no more', async () => {
  const [first, second] = [await makeOld(31), await makeOld(31)]
  const stopping = new AbortController()
  vi.spyOn(blobs, 'delete').mockImplementationOnce(async () => stopping.abort())
  expect(await expire([first, second], 30, stopping.signal)).toHaveLength(1)
})

test('housekeeping deletes what is older than it is to be kept, and says so', async () => {
  const [old, kept] = [await makeOld(31), await makeOld(31)]
  await makeOld(2, kept)
  await housekeeping().run()
  expect([await isThere(old), await isThere(kept), await jobs(kept)]).toEqual([false, true, 1])
  expect(said('JOB_RETENTION_DAYS')).toMatchObject([{ level: 30, jobs: 1, days: 30 }])
  expect(said('DOCUMENT_RETENTION_DAYS')).toMatchObject([{ level: 30, document_ids: [old], days: 30 }])
})

test('0 days keep for ever', async () => {
  const old = await makeOld(10_000)
  await makeOld(9_000, old)
  await housekeeping({ jobRetentionDays: 0, documentRetentionDays: 0 }).run()
  expect([await isThere(old), await jobs(old)]).toEqual([true, 2])
  expect(lines).toEqual([])
})

test('it is the oldest living worker that keeps house', async () => {
  const old = await makeOld(31)
  const bob = housekeeping({ workerName: 'bob' })
  await bob.run()
  expect(await isThere(old)).toBe(true)
  await database.pool.query(`UPDATE workers SET beat_at = now() - interval '16 seconds' WHERE name = 'alice'`)
  await bob.run()
  expect(await isThere(old)).toBe(false)
})

test('and never two at once, nor one that stops', async () => {
  const old = await makeOld(31)
  const slow = housekeeping()
  const gate = Promise.withResolvers<void>()
  const reached = new Promise<void>((resolve) => {
    vi.spyOn(blobs, 'delete').mockImplementationOnce(async () => {
      resolve()
      await gate.promise
    })
  })
  const first = slow.run()
  await reached
  const another = await makeOld(31)
  await Promise.all([slow.run(), housekeeping().run()])
  expect(await isThere(another)).toBe(true)
  gate.resolve()
  await first
  expect([await isThere(old), await isThere(another)]).toEqual([false, true])
  // Locks of two keys are those of workers.
  const locks = await database.pool.query(
    `SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
     WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 1`,
  )
  expect(locks.rowCount, 'the lock is free for whoever is next').toBe(0)
  slow.stop()
  await slow.run()
  expect(await isThere(another)).toBe(true)
  await housekeeping().run()
  expect(await isThere(another)).toBe(false)
})

test('a round that fails is logged, and the next one tries again', async () => {
  const old = await makeOld(31)
  vi.spyOn(blobs, 'delete').mockRejectedValueOnce(new Error('the disk is away'))
  const keeper = housekeeping()
  await keeper.run()
  expect(said('housekeeping failed')).toMatchObject([{ level: 40, err: { message: 'the disk is away' } }])
  await database.pool.query(
    `UPDATE documents SET deleted_at = deleted_at - interval '2 minutes' WHERE deleted_at IS NOT NULL`,
  )
  await keeper.run()
  expect(await isThere(old)).toBe(false)
})

test('an old transaction is in the log once when it begins to matter and once when it is over', async () => {
  let old = true
  const query = async (...args: [string]) => {
    if (!args[0].includes('pg_prepared_xacts')) return database.pool.query(...args)
    const since = new Date(0)
    const row = { kind: 'prepared transaction', name: 'x', owner: 'me', application: null, address: null, state: null }
    return { rows: old ? [{ ...row, started: since, since }] : [] }
  }
  const keeper = housekeeping({ pool: Object.create(database.pool, { query: { value: query } }) })
  await keeper.run()
  await keeper.run()
  old = false
  await keeper.run()
  expect(lines.map(({ level, who, msg }) => [level, who, msg])).toEqual([
    [40, 'prepared transaction x of me', expect.stringContaining('keeps dead rows')],
    [30, 'prepared transaction x of me', expect.stringContaining('is over')],
  ])
})

test('a mail stays as long as what is attached to it, and what is attached goes before it', async () => {
  const mail = await makeOld(40)
  const [recent, old] = [await makeOld(20), await makeOld(35)]
  const attach = 'UPDATE documents SET parent_document_id = $1, parent_position = $3 WHERE id = $2'
  await database.pool.query(attach, [mail, recent, 1])
  await database.pool.query(attach, [mail, old, 2])
  expect(await expire([mail, recent, old])).toEqual([old])
  expect(await expire([mail, recent])).toEqual([])
  expect(await expire([mail, recent], 10)).toEqual([recent])
  expect(await expire([mail], 10)).toEqual([mail])
})
