import { createHash } from 'node:crypto'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { v4 as uuid, v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { emptyTables, makeFailedPage, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import { ExtractionError, type Extractor } from '../extraction/extractor.ts'
import { enqueue } from '../queue/enqueue.ts'
import { isLost, JobAborted } from '../queue/job-aborted.ts'
import * as queue from '../queue/job-queue.ts'
import * as liveness from '../queue/liveness.ts'
import { writeOutcome } from '../queue/outcome.ts'
import { type BlobStore, StorageError } from '../storage/blob-store.ts'
import { createFilesystemStore } from '../storage/filesystem.ts'
import { processDocument } from './process-document.ts'

const database = useDatabase()
const log = pino({ level: 'silent' })
const BYTES = Buffer.from('%PDF-1.7 whatever')
let root: string
let blobs: BlobStore
let worker: { id: number; name: string }

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'adp-process-'))
  blobs = createFilesystemStore(root)
})
beforeEach(async () => {
  await emptyTables(database.pool)
  worker = { id: await liveness.registerWorker(database.pool, { name: 'w', version: '1', slots: 1 }), name: 'w' }
})
afterAll(() => rm(root, { recursive: true }))

/** A document in the store and its claimed job. */
async function claimDocument(sha256 = createHash('sha256').update(BYTES).digest('hex')) {
  const [id, key] = [uuidv7(), uuid()]
  await blobs.put(key, Readable.from([BYTES]))
  await database.pool.query('INSERT INTO documents VALUES ($1, $2, $3, $4, $5, $6)', [
    id,
    'a.pdf',
    'application/pdf',
    BYTES.length,
    sha256,
    key,
  ])
  await enqueue(database.pool, { documentIds: [id], maxAttempts: 3 })
  const [job] = await queue.claim(database.pool, worker, 1)
  if (!job) throw new Error('no job is due')
  return { job, key }
}

type Begin = Extractor['begin']

async function run(job: queue.ClaimedJob, begin: Begin, signal = new AbortController().signal) {
  const extractor: Extractor = {
    provider: 'scripted',
    begin,
    resume: async (_, events, aborted) =>
      begin({ path: '', contentType: 'application/pdf', pagesDone: new Set() }, events, aborted),
  }
  const quota = { daily: null, monthly: null, whenUsedUp: 'wait' } as const
  const deps = {
    pool: database.pool,
    blobs,
    extractors: { local: extractor },
    defaultProvider: 'local',
    quota,
    log,
  } as const
  const outcome = await processDocument({ ...deps, random: () => 0.5 }, job, signal)
  if (!isLost(signal)) await writeOutcome(database.pool, job, outcome)
}

const twoPages: Begin = async ({ pagesDone }, events) => {
  await events.onOpened(2)
  for (const page of [1, 2]) if (!pagesDone.has(page)) await events.onPage(makePage(page))
  return { kind: 'done' }
}

describe('a claimed job', () => {
  test('gets a copy of its bytes, stores its pages and is COMPLETED; the copy is gone', async () => {
    const { job } = await claimDocument()
    let copy = ''
    await run(job, async (input, events, signal) => {
      copy = input.path
      await expect(access(copy)).resolves.toBeUndefined()
      return twoPages(input, events, signal)
    })
    expect(await readJob(database.pool, job.id)).toMatchObject({
      status: 'COMPLETED',
      pages_done: 2,
      pages_total: 2,
      provider: 'scripted',
    })
    await expect(access(path.dirname(copy))).rejects.toThrow('ENOENT')
  })

  test('that fails for a while is PENDING with its backoff, and goes on after the pages it has', async () => {
    const { job } = await claimDocument()
    await run(job, async (_, events) => {
      await events.onOpened(2)
      await events.onPage(makePage(1))
      throw new ExtractionError('parser_crashed', 'signal SIGSEGV')
    })
    const failed = await readJob(database.pool, job.id)
    expect(failed).toMatchObject({
      status: 'PENDING',
      error_code: 'parser_crashed',
      error_log: 'signal SIGSEGV',
      pages_done: 1,
    })
    // Half of the first ceiling of 2 s, as the random number says.
    expect(failed.due_at.getTime() - failed.updated_at.getTime()).toBe(1000)

    await database.pool.query('UPDATE document_processing_jobs SET due_at = now() WHERE id = $1', [job.id])
    const [again] = await queue.claim(database.pool, worker, 1)
    const read: number[] = []
    await run(again as queue.ClaimedJob, async (input, events, signal) => {
      read.push(...input.pagesDone)
      return twoPages(input, events, signal)
    })
    expect(read).toEqual([1])
    expect(await readJob(database.pool, job.id)).toMatchObject({ status: 'COMPLETED', attempts: 2, error_code: null })
  })

  test('that fails for good is FAILED at once', async () => {
    const { job } = await claimDocument()
    await run(job, async () => {
      throw new ExtractionError('file_encrypted', 'password required')
    })
    expect(await readJob(database.pool, job.id)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error_code: 'file_encrypted',
    })
  })

  test('whose extractor breaks in a way nobody thought of is tried again, and says so', async () => {
    const { job } = await claimDocument()
    await run(job, async () => {
      throw new TypeError('x is not a function\0')
    })
    expect(await readJob(database.pool, job.id)).toMatchObject({
      status: 'PENDING',
      error_code: 'internal_error',
      error_log: 'x is not a function',
    })
  })

  test('is never COMPLETED by an extractor that stops early', async () => {
    const { job } = await claimDocument()
    const stopEarly: Begin = async (_, events) => {
      await events.onOpened(2)
      await events.onPage(makePage(1))
      return { kind: 'done' }
    }
    await expect(run(job, stopEarly)).rejects.toThrow('completed_has_all_pages')
    expect(await readJob(database.pool, job.id)).toMatchObject({ status: 'PROCESSING', pages_done: 1 })
  })

  test('whose bytes are gone or damaged is FAILED with that reason', async () => {
    const gone = await claimDocument()
    await blobs.delete(gone.key)
    await run(gone.job, twoPages)
    expect(await readJob(database.pool, gone.job.id)).toMatchObject({ status: 'FAILED', error_code: 'content_missing' })

    const damaged = await claimDocument('0'.repeat(64))
    await run(damaged.job, twoPages)
    expect(await readJob(database.pool, damaged.job.id)).toMatchObject({
      status: 'FAILED',
      error_code: 'content_damaged',
    })
  })

  test('whose storage is away is tried again, with a code that says so', async () => {
    const { job } = await claimDocument()
    vi.spyOn(blobs, 'read').mockRejectedValueOnce(new StorageError('The bucket docs cannot be used: ECONNREFUSED'))
    await run(job, twoPages)
    expect(await readJob(database.pool, job.id)).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      error_code: 'unavailable',
      error_log: 'The bucket docs cannot be used: ECONNREFUSED',
    })
  })

  test('waits for its provider without being held, and goes on from the operation', async () => {
    const { job } = await claimDocument()
    const pollAt = new Date(Date.now() - 1000)
    await run(job, async () => ({ kind: 'wait', operation: 'https://operation/7', pollAt }))
    expect(await readJob(database.pool, job.id)).toMatchObject({
      status: 'PROCESSING',
      locked_by: null,
      due_at: pollAt,
    })
    const [polled] = await queue.claim(database.pool, worker, 1)
    expect(polled).toMatchObject({ id: job.id, operation: 'https://operation/7', attempts: 1 })
    await run(polled as queue.ClaimedJob, twoPages)
    expect(await readJob(database.pool, job.id)).toMatchObject({ status: 'COMPLETED', attempts: 1 })
  })
})

describe('pages that cannot be read', () => {
  const withPages =
    (...pages: ReturnType<typeof makeFailedPage | typeof makePage>[]): Begin =>
    async ({ pagesDone }, events) => {
      await events.onOpened(pages.length)
      for (const page of pages) if (!pagesDone.has(page.page.pageNumber)) await events.onPage(page)
      return { kind: 'done' }
    }

  test('are stored with the reason, and the job is COMPLETED without them', async () => {
    const { job } = await claimDocument()
    await run(job, withPages(makePage(1), makeFailedPage(2, 'memory_exceeded', '1,100 MB\0 used'), makePage(3)))
    expect(await readJob(database.pool, job.id)).toMatchObject({ status: 'COMPLETED', pages_done: 3 })
    const failed = 'SELECT page_number, content, error_code, error_log FROM document_pages WHERE error_code IS NOT NULL'
    const { rows } = await database.pool.query(failed)
    expect(rows).toEqual([{ page_number: 2, content: '', error_code: 'memory_exceeded', error_log: '1,100 MB used' }])
  })

  test.each([
    ['page_timeout', 'page_timeout', 'page_timeout'],
    ['file_corrupt', 'file_corrupt', 'no_readable_page'],
    ['page_timeout', 'memory_exceeded', 'no_readable_page'],
  ] as const)('and are all there are, %s and %s: the job fails as %s', async (first, second, code) => {
    const { job } = await claimDocument()
    await run(job, withPages(makeFailedPage(1, first, 'the first'), makeFailedPage(2, second, 'the second')))
    const { status, error_code, error_log } = await readJob(database.pool, job.id)
    expect([status, error_code, error_log]).toEqual(['FAILED', code, 'the first'])
    expect(await queue.storedPages(database.pool, job.id)).toEqual([])
  })

  test('count with those that an earlier attempt could read', async () => {
    const { job } = await claimDocument()
    await queue.storePage(database.pool, job, makePage(1))
    await run(job, withPages(makePage(1), makeFailedPage(2)))
    expect(await readJob(database.pool, job.id)).toMatchObject({ status: 'COMPLETED', pages_done: 2 })
  })
})

describe('a job that is broken off', () => {
  /** Opens the document and then waits for its abort. */
  const hanging =
    (onStarted: () => void): Begin =>
    async (_, events, signal) => {
      await events.onOpened(2)
      await events.onPage(makePage(1))
      onStarted()
      return new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason)
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    }

  test('because the worker stops is given back, and no attempt is used up', async () => {
    const { job } = await claimDocument()
    const abort = new AbortController()
    await run(
      job,
      hanging(() => abort.abort(new JobAborted('shutdown'))),
      abort.signal,
    )
    expect(await readJob(database.pool, job.id)).toMatchObject({
      status: 'PENDING',
      attempts: 0,
      pages_done: 1,
      error_code: null,
    })
    expect(await readAttempts(database.pool, job.id)).toMatchObject([{ outcome: 'RELEASED' }])
  })

  test('because it was lost is left as it is', async () => {
    const { job } = await claimDocument()
    const abort = new AbortController()
    await run(
      job,
      hanging(() => abort.abort(new JobAborted('lost'))),
      abort.signal,
    )
    expect(await readJob(database.pool, job.id)).toMatchObject({ status: 'PROCESSING', locked_by: worker.id })
  })

  test('because its claim is stale stops at the next page and writes nothing', async () => {
    const { job } = await claimDocument()
    let after = false
    await run(job, async (_, events) => {
      await events.onOpened(2)
      await queue.release(database.pool, job)
      await events.onPage(makePage(1))
      after = true
      return { kind: 'done' }
    })
    expect(after).toBe(false)
    expect(await readJob(database.pool, job.id)).toMatchObject({ status: 'PENDING', pages_done: 0 })
  })
})
