import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { finish, mortal, useAzureDocuments } from '../../test/azure-documents.ts'
import { multiPageTiff, textImage, textPdf } from '../../test/fixtures.ts'
import { readAttempts, readJob } from '../../test/jobs.ts'
import { JobAborted } from '../queue/job-aborted.ts'
import type { ClaimedJob } from '../queue/job-queue.ts'
import { sweep } from '../queue/liveness.ts'
import { readDocument } from './read-documents.ts'
import { readPage, requireResult } from './read-result.ts'

/** The money's part: whatever happens on the way, a document is paid for once, and what is paid for arrives. */
const azure = useAzureDocuments()

const submissions = async () =>
  (await azure.pool.query('SELECT claim, outcome, pages FROM provider_submissions ORDER BY submitted_at')).rows
const job = async ({ id }: Pick<ClaimedJob, 'id'>) => readJob(azure.pool, id)

test('submits, waits without holding a slot, fetches, and stores pages and the result as it came', async () => {
  await azure.start()
  const id = await azure.upload(await textPdf(['one', 'two']))
  const first = await azure.claim()
  expect(await azure.work(first)).toMatchObject({ kind: 'wait', held: true })
  expect(await job(first)).toMatchObject({
    status: 'PROCESSING',
    locked_by: null,
    attempts: 1,
    pages_total: 2,
    provider: 'azure',
  })
  expect(await finish(azure)).toEqual(['completed'])
  expect(await job(first)).toMatchObject({ status: 'COMPLETED', pages_done: 2, attempts: 1, claim: 2 })
  expect(await submissions()).toEqual([{ claim: 1, outcome: 'ACCEPTED', pages: 2 }])
  expect(azure.billed()).toHaveLength(1)

  const found = await requireResult(azure.pool, id)
  const whole = JSON.parse(await text(await azure.blobs.read(found.result_blob_key ?? '')))
  for (const { words } of whole.pages)
    for (const { content, span } of words)
      expect(whole.content.slice(span.offset, span.offset + span.length)).toBe(content)
  expect((await readPage(azure.pool, found, 2)).content).toContain('👩‍👧 page 2')
})

test('the key is nowhere: not in the log, the database, an error or an answer', async () => {
  await azure.start({ faults: ({ kind, n }) => (kind === 'post' && n <= 2 ? { kind: 'reset' } : null) })
  const id = await azure.upload(await textPdf(['x']))
  for (let n = 0; n < 2; n += 1) await azure.work(await azure.claim())
  await azure.work(await azure.claim(), { key: `${azure.key}-wrong` })
  const { rows } = await azure.pool.query(
    `SELECT string_agg(t::text, '') AS text FROM (SELECT j::text AS t FROM document_processing_jobs j
     UNION ALL SELECT a::text FROM document_processing_attempts a UNION ALL SELECT s::text FROM provider_submissions s) AS all_rows`,
  )
  expect(rows[0].text).toContain('provider_unavailable')
  expect(azure.logged).toContain('attempt failed')
  for (const place of [rows[0].text, azure.logged, JSON.stringify(await readDocument(azure.pool, id))])
    expect(place).not.toContain(azure.key)
})

describe('a throttle', () => {
  test('of a submission uses up no attempt, holds everybody back as long as it says, and is no submission', async () => {
    await azure.start({
      faults: ({ kind, n }) => (kind === 'post' && n === 1 ? { kind: '429', retryAfter: 30 } : null),
    })
    await azure.upload(await textPdf(['x']))
    const first = await azure.claim()
    const { kind, dueAt } = await azure.work(first)
    expect(kind).toBe('postponed')
    expect(dueAt?.getTime()).toBeGreaterThan(Date.now() + 25_000)
    expect(await job(first)).toMatchObject({ status: 'PENDING', attempts: 0, error_code: 'provider_throttled' })
    expect(await readAttempts(azure.pool, first.id)).toEqual([])
    expect(await submissions()).toEqual([{ claim: 1, outcome: 'REFUSED', pages: 1 }])
    // Another document, another worker: not sent at all.
    await azure.upload(await textPdf(['y']))
    const other = await azure.register('other')
    expect((await azure.work(await azure.claim(other))).kind).toBe('postponed')
    expect(azure.asked()).toBe(1)
  })

  test('of a poll, however late, is over when the service says so, and not by the schedule of the polls', async () => {
    await azure.start({
      faults: ({ kind, n }) => (kind === 'get' && n === 1 ? { kind: '429', retryAfter: 3 } : null),
    })
    await azure.upload(await textPdf(['x']))
    await azure.work(await azure.claim())
    const before = Date.now()
    // A minute after the submission the next poll would be 34 s away.
    const { dueAt } = await azure.work(await azure.claim(), { now: () => before + 60_000 })
    expect(dueAt?.getTime()).toBeGreaterThanOrEqual(before + 3_000)
    expect(dueAt?.getTime()).toBeLessThan(before + 34_000)
  })

  test('of a poll keeps the operation', async () => {
    await azure.start({
      faults: ({ kind, n }) => (kind === 'get' && n === 1 ? { kind: '429', retryAfter: null } : null),
    })
    await azure.upload(await textPdf(['x']))
    expect(await finish(azure).then((steps) => steps.slice(0, 2))).toEqual(['wait', 'wait'])
    expect(azure.billed()).toHaveLength(1)
  })

  test('by our own budget sends nothing', async () => {
    await azure.start()
    for (const words of ['a', 'b', 'c']) await azure.upload(await textPdf([words]))
    const jobs = [await azure.claim(), await azure.claim(), await azure.claim()]
    const kinds = []
    for (const one of jobs) kinds.push((await azure.work(one, { posts: 0.1 })).kind)
    expect(kinds).toEqual(['wait', 'postponed', 'postponed'])
    expect(azure.billed().length).toBe(1)
  })

  test('and what has to wait for it is not fetched from the storage', async () => {
    await azure.start()
    for (const words of ['a', 'b']) await azure.upload(await textPdf([words]))
    const [first, waiting] = [await azure.claim(), await azure.claim()]
    await azure.work(first, { posts: 0.1 })
    const { rows } = await azure.pool.query('SELECT blob_key FROM documents WHERE id = $1', [waiting.document_id])
    await azure.blobs.delete(rows[0].blob_key)
    expect((await azure.work(waiting, { posts: 0.1 })).kind).toBe('postponed')
  })
})

describe('when a worker dies', () => {
  const FAR = new Date('2099-01-01T00:00:00Z')
  /** The dead worker's jobs are due again. */
  const recover = () => sweep(azure.pool, 1_000, new Set(), FAR)

  async function dieAt(moment: 'before accepting' | 'accepted' | 'before result', rounds = 1) {
    const dying = mortal(azure.pool)
    let alive = true
    const die = (now: boolean) => {
      if (alive && now) dying.die()
    }
    await azure.start({
      onRequest: ({ kind }) => die(kind === 'post' && moment === 'before accepting'),
      onAccepted: () => die(moment === 'accepted'),
      onAnswering: (_, part) => die(moment === 'before result' && part === 'before'),
    })
    await azure.upload(await textPdf(['x']))
    for (let n = 0; n < rounds; n += 1) await azure.work(await azure.claim())
    void azure.work(await azure.claim(), { pool: dying.pool })
    await expect.poll(() => azure.asked()).toBe(rounds + 1)
    alive = false
    await recover()
    azure.worker = await azure.register('next')
    await finish(azure)
  }

  test('before the service has accepted it, it is submitted by the next, and that may be twice: recorded', async () => {
    await dieAt('before accepting', 0)
    expect(await submissions()).toMatchObject([{ outcome: 'UNKNOWN' }, { outcome: 'ACCEPTED' }])
    expect(azure.billed()).toHaveLength(2)
    expect(azure.logged).toContain('submitted again: whether it was accepted before is unknown')
  })

  test('after that and before our commit, at most twice, and recorded', async () => {
    await dieAt('accepted', 0)
    expect(await submissions()).toMatchObject([{ outcome: 'UNKNOWN' }, { outcome: 'ACCEPTED' }])
    expect(azure.billed()).toHaveLength(2)
  })

  test('while the result is read, it is fetched by the next, and paid for once', async () => {
    await dieAt('before result', 1)
    expect(azure.billed()).toHaveLength(1)
    expect(await submissions()).toMatchObject([{ outcome: 'ACCEPTED' }])
  })

  test('who has lost the job to another while it submitted tells what it knows, and nobody submits again', async () => {
    const lost = new AbortController()
    await azure.start({
      async onAccepted() {
        if (lost.signal.aborted) return
        lost.abort(new JobAborted('lost'))
        await recover()
      },
    })
    await azure.upload(await textPdf(['x']))
    await azure.work(await azure.claim(), { signal: lost.signal })
    azure.worker = await azure.register('next')
    expect(await finish(azure)).toEqual(['wait', 'completed'])
    expect(azure.billed()).toHaveLength(1)
  })

  test('nor is it paid for twice when the worker stops in order at that moment', async () => {
    const stop = new AbortController()
    await azure.start({
      onAccepted() {
        stop.abort(new JobAborted('shutdown'))
      },
    })
    await azure.upload(await textPdf(['x']))
    expect((await azure.work(await azure.claim(), { signal: stop.signal })).kind).toBe('wait')
    expect(await finish(azure)).toEqual(['completed'])
    expect(azure.billed()).toHaveLength(1)
  })
})

describe('an answer that never comes', () => {
  test('twice, and nobody submits it again without being asked', async () => {
    await azure.start({ faults: ({ kind }) => (kind === 'post' ? { kind: 'reset', when: 'after accepting' } : null) })
    await azure.upload(await textPdf(['x']))
    const first = await azure.claim()
    await azure.work(first)
    await azure.work(await azure.claim())
    await azure.work(await azure.claim())
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'submission_uncertain' })
    expect(azure.billed()).toHaveLength(2)
    expect((await submissions()).map((row) => row.outcome)).toEqual(['UNKNOWN', 'UNKNOWN'])
  })

  test('of a gateway is as uncertain; a plain 503 is not', async () => {
    const faults = [{ kind: 'html502' }, { kind: 'status', status: 503 }] as const
    await azure.start({
      faults: ({ kind, n }) => (kind === 'post' ? (faults[n - 1] ?? null) : null),
    })
    await azure.upload(await textPdf(['x']))
    await azure.work(await azure.claim())
    await azure.work(await azure.claim())
    expect((await submissions()).map((row) => row.outcome)).toEqual(['UNKNOWN', 'REFUSED'])
    expect(await finish(azure)).toEqual(['wait', 'completed'])
  })
})

describe('a result', () => {
  test.each([
    ['is cut short', { kind: 'truncated' }],
    ['breaks off', { kind: 'cut' }],
    ['is a gateway’s page', { kind: 'html502' }],
    ['is a reset', { kind: 'reset' }],
    ['is a 404 of something between', { kind: 'status', status: 404 }],
  ] as const)('that %s is fetched again, since it is paid for; no attempt is used up', async (_, fault) => {
    await azure.start({ faults: ({ kind, n }) => (kind === 'get' && n <= 8 ? fault : null) })
    await azure.upload(await textPdf(['x']))
    const first = await azure.claim()
    await azure.work(first)
    expect(await finish(azure)).toEqual([...Array.from({ length: 8 }, () => 'wait'), 'completed'])
    expect(await job(first)).toMatchObject({ status: 'COMPLETED', attempts: 1 })
    expect(azure.billed()).toHaveLength(1)
  })

  test.each([
    ['of fewer pages than were sent', { kind: 'fewer pages' }, 'result_incomplete'],
    ['of another model', { kind: 'other model' }, 'result_mismatch'],
    ['in the shape of version 2.1', { kind: 'old shape', shape: 'v2' }, 'result_outdated_shape'],
    ['in the shape of a preview', { kind: 'old shape', shape: 'preview' }, 'result_outdated_shape'],
  ] as const)('%s is never a success', async (_, fault, code) => {
    await azure.start({ faults: ({ kind }) => (kind === 'get' ? fault : null) })
    await azure.upload(await textPdf(['one', 'two']))
    const first = await azure.claim()
    await azure.work(first)
    await finish(azure)
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: code, pages_done: 0 })
  })

  test('that the service failed to make is not paid for, and is asked for anew', async () => {
    await azure.start({ faults: ({ kind, n }) => (kind === 'post' && n === 1 ? { kind: 'failed' } : null) })
    await azure.upload(await textPdf(['x']))
    const first = await azure.claim()
    await azure.work(first)
    await azure.work(await azure.claim())
    expect(await job(first)).toMatchObject({ status: 'PENDING', error_code: 'provider_failed', operation: null })
    expect(await finish(azure)).toEqual(['wait', 'completed'])
    expect((await submissions()).map((row) => row.outcome)).toEqual(['FAILED', 'ACCEPTED'])
    expect(azure.billed()).toHaveLength(1)
  })

  test('that is gone after a day ends the job, and says what that means', async () => {
    let day = 0
    await azure.start({ now: () => Date.now() + day })
    await azure.upload(await textPdf(['x']))
    const first = await azure.claim()
    await azure.work(first)
    day = 25 * 60 * 60 * 1000
    await finish(azure, { now: () => Date.now() + day })
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'operation_expired' })
  })
})

test('an Operation-Location of another host is asked for at the endpoint: the key goes there alone, and nobody pays twice', async () => {
  await azure.start({ faults: ({ kind }) => (kind === 'post' ? { kind: 'foreign host' } : null) })
  await azure.upload(await textPdf(['x']))
  const first = await azure.claim()
  await azure.work(first)
  expect((await job(first)).operation).toContain('document-intelligence.invalid')
  expect(await finish(azure)).toEqual(['completed'])
  expect(azure.billed()).toHaveLength(1)
})

test('pictures and the pages of a TIFF are measured in pixels, and fit', async () => {
  await azure.start()
  await azure.upload(await textImage('hello', 'png'))
  await azure.work(await azure.claim())
  expect(await finish(azure)).toEqual(['completed'])
  await azure.upload(await multiPageTiff(['one', 'two']))
  await azure.work(await azure.claim())
  expect(await finish(azure)).toEqual(['completed'])
})
