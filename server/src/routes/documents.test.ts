import { type Document, DocumentDetails, DocumentList } from '@adp/contract/document.ts'
import { Job } from '@adp/contract/job.ts'
import { v4 as uuid } from 'uuid'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { useApi } from '../../test/api.ts'
import { emptyTables } from '../../test/jobs.ts'
import { upload } from '../../test/run-start.ts'
import * as queue from '../queue/job-queue.ts'
import * as liveness from '../queue/liveness.ts'
import * as provider from '../queue/provider.ts'

const api = useApi()
const PDF = Buffer.from('%PDF-1.7 not much of one')

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.url}${path}`, { headers })
const uploadOne = async (name = 'a.pdf') => (await upload(api.url, { [name]: PDF }))[0] as Document

async function claimNext(name = 'host/1') {
  const id = await liveness.registerWorker(api.pool, { name, version: '1', slots: 1 })
  const [job] = await queue.claim(api.pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  return job
}

beforeEach(async () => {
  await emptyTables(api.pool)
})

describe('GET /documents/{id}/status', () => {
  test('tells each state of a job, with Retry-After until it is finished', async () => {
    const { id } = await uploadOne()
    const status = async () => {
      const response = await get(`/documents/${id}/status`)
      return { retryAfter: response.headers.get('retry-after'), job: Job.parse(await response.json()) }
    }
    const queued = await status()
    expect(queued).toMatchObject({
      retryAfter: '1',
      job: { status: 'PENDING', phase: 'queued', phase_text: 'Waiting for a worker', attempts: 0 },
    })

    const first = await claimNext()
    expect((await status()).job).toMatchObject({
      status: 'PROCESSING',
      phase_text: 'Opening the document',
      attempts: 1,
      next_try_at: null,
    })
    await queue.recordPagesTotal(api.pool, first, 3, 'local')
    expect((await status()).job).toMatchObject({
      phase: 'extracting',
      phase_text: 'Reading page 1 of 3',
      pages_done: 0,
      pages_total: 3,
    })

    await queue.fail(api.pool, first, {
      code: 'parser_crashed',
      log: 'signal SIGSEGV',
      retryable: true,
      delayMs: 30_000,
    })
    const retrying = await status()
    expect(retrying.job).toMatchObject({
      status: 'PENDING',
      phase: 'retrying',
      phase_text: 'Waiting for attempt 2 of 3',
      finished_at: null,
    })
    expect(retrying.job.error).toMatchObject({ code: 'parser_crashed', detail: 'signal SIGSEGV', retryable: true })
    expect(Number(retrying.retryAfter)).toBeGreaterThan(25)
    expect(Number(retrying.retryAfter)).toBeLessThanOrEqual(30)
    expect(Date.parse(retrying.job.next_try_at ?? '')).toBeGreaterThan(Date.now())

    await api.pool.query('UPDATE document_processing_jobs SET due_at = now()')
    const second = await claimNext()
    await queue.fail(api.pool, second, { code: 'file_corrupt', log: 'no trailer', retryable: false, delayMs: 0 })
    const failed = await status()
    expect(failed).toMatchObject({
      retryAfter: null,
      job: { status: 'FAILED', phase: 'failed', next_try_at: null, attempts: 2 },
    })
    expect(failed.job.error).toMatchObject({
      code: 'file_corrupt',
      message: 'The file is damaged and cannot be read.',
      action: expect.stringContaining('save it anew'),
    })
  })

  test('says when the provider is asked again', async () => {
    const { id } = await uploadOne()
    await provider.waitForProvider(api.pool, await claimNext(), 'https://operation/1', new Date('2100-01-01T00:00:00Z'))
    const job = Job.parse(await (await get(`/documents/${id}/status`)).json())
    expect(job).toMatchObject({
      status: 'PROCESSING',
      phase: 'waiting_for_provider',
      next_try_at: '2100-01-01T00:00:00.000Z',
    })
  })

  test('answers 304 until something changes', async () => {
    const { id } = await uploadOne()
    const etag = (await get(`/documents/${id}/status`)).headers.get('etag') ?? ''
    expect(etag).not.toBe('')
    expect((await get(`/documents/${id}/status`)).headers.get('cache-control')).toBe('no-cache')
    const unchanged = await get(`/documents/${id}/status`, { 'if-none-match': etag })
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ''])
    await claimNext()
    expect((await get(`/documents/${id}/status`, { 'if-none-match': etag })).status).toBe(200)
  })

  test('with wait is held back until the job is finished, and no longer than asked', async () => {
    const { id } = await uploadOne()
    const started = performance.now()
    expect(await (await get(`/documents/${id}/status?wait=0.3`)).json()).toMatchObject({ status: 'PENDING' })
    expect(performance.now() - started).toBeGreaterThanOrEqual(290)

    const waiting = get(`/documents/${id}/status?wait=30`).then((response) => response.json())
    const first = await Promise.race([waiting, api.completeNext(['text']).then(() => 'the worker')])
    expect(first).toBe('the worker')
    expect(await waiting).toMatchObject({ status: 'COMPLETED' })
    expect((await get(`/documents/${id}/status?wait=31`)).status).toBe(400)
  })

  test.each([uuid(), 'not-an-id'])('of a document that is not there (%s) is a problem', async (id) => {
    const response = await get(`/documents/${id}/status`)
    expect(await response.json()).toMatchObject(
      id === 'not-an-id' ? { status: 400, code: 'invalid_request' } : { status: 404, code: 'document_not_found' },
    )
  })
})

describe('GET /documents', () => {
  const list = async (query: string) => DocumentList.parse(await (await get(`/documents?${query}`)).json())
  const names = (found: DocumentList) => found.documents.map((document) => document.filename)

  test('goes through all pages, newest first, each document once, while others arrive', async () => {
    for (let n = 1; n <= 5; n += 1) await uploadOne(`${n}.pdf`)
    const first = await list('limit=2')
    await uploadOne('6.pdf')
    const second = await list(`limit=2&cursor=${first.next_cursor}`)
    const third = await list(`limit=2&cursor=${second.next_cursor}`)
    expect([names(first), names(second), names(third), third.next_cursor]).toEqual([
      ['5.pdf', '4.pdf'],
      ['3.pdf', '2.pdf'],
      ['1.pdf'],
      null,
    ])
    expect((await list('limit=6')).next_cursor).toBeNull()
  })

  test('filters by status, name and date, together', async () => {
    await uploadOne('Invoice 100%.pdf')
    await uploadOne('Invoice 1000.pdf')
    await uploadOne('letter.pdf')
    await api.completeNext(['text'])
    expect(names(await list('status=COMPLETED'))).toEqual(['Invoice 100%.pdf'])
    expect(names(await list('status=PENDING,PROCESSING'))).toEqual(['letter.pdf', 'Invoice 1000.pdf'])
    expect(names(await list('filename=invoice'))).toEqual(['Invoice 1000.pdf', 'Invoice 100%.pdf'])
    expect(names(await list(`filename=${encodeURIComponent('100%')}`))).toEqual(['Invoice 100%.pdf'])
    expect(names(await list('filename=invoice&status=PENDING'))).toEqual(['Invoice 1000.pdf'])
    expect(names(await list('created_to=2020-01-01T00:00:00Z'))).toEqual([])
    expect(names(await list('created_from=2020-01-01T00:00:00Z'))).toHaveLength(3)
    expect(names(await list('created_from=2020-01-01'))).toHaveLength(3)
  })

  test.each([
    'limit=0',
    'limit=x',
    'status=DONE',
    'cursor=abc',
    'created_from=yesterday',
    'created_to=0000-01-01',
    'filename=%00',
    'state=FAILED',
  ])('refuses %s, naming it', async (query) => {
    const response = await get(`/documents?${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      detail: expect.stringContaining(query.split('=')[0] as string),
    })
  })
})

describe('GET /documents/{id}', () => {
  test('shows every attempt of every job: when, where, how it ended', async () => {
    const { id } = await uploadOne()
    await queue.release(api.pool, await claimNext('red/1'))
    await queue.fail(api.pool, await claimNext('blue/2'), {
      code: 'file_corrupt',
      log: 'no trailer',
      retryable: false,
      delayMs: 0,
    })
    await fetch(`${api.url}/documents/${id}/reprocess`, { method: 'POST' })
    await api.completeNext(['text'])
    const details = DocumentDetails.parse(await (await get(`/documents/${id}`)).json())
    expect(details).toMatchObject({
      filename: 'a.pdf',
      result: { job_id: expect.any(Number), pages: 1 },
      job: { status: 'COMPLETED', error: null },
    })
    expect(
      details.attempts.map((attempt) => [attempt.attempt, attempt.worker, attempt.outcome, attempt.error_code]),
    ).toEqual([
      [1, 'test worker', 'COMPLETED', null],
      [1, 'blue/2', 'FAILED', 'file_corrupt'],
      [1, 'red/1', 'RELEASED', null],
    ])
  })
})

describe('POST /documents/{id}/reprocess', () => {
  const reprocess = (id: string) => fetch(`${api.url}/documents/${id}/reprocess`, { method: 'POST' })

  test('makes a new job and keeps the result until that one has another', async () => {
    const document = await uploadOne()
    await api.completeNext(['old text'])
    const response = await reprocess(document.id)
    expect(response.status).toBe(202)
    const job = Job.parse(await response.json())
    expect(job.id).toBeGreaterThan(document.job.id)
    expect(job).toMatchObject({ status: 'PENDING', attempts: 0, pages_done: 0, error: null })
    const result = async () =>
      ((await (await get(`/documents/${document.id}/result`)).json()) as { content: string }).content
    expect(await result()).toBe('old text')
    await api.completeNext(['new text'])
    expect(await result()).toBe('new text')
  })

  test('asked for while a job is unfinished is refused, also by many at once', async () => {
    const { id } = await uploadOne()
    expect(await (await reprocess(id)).json()).toMatchObject({ status: 409, code: 'job_in_progress' })
    await api.completeNext(['text'])
    const answers = await Promise.all(Array.from({ length: 8 }, () => reprocess(id)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, ...Array(7).fill(409)])
  })
})

describe('DELETE /documents/{id}', () => {
  test('that is cut short leaves nothing to be seen, and the rows until the bytes are gone', async () => {
    const { id } = await uploadOne()
    const failing = vi.spyOn(api.blobs, 'delete').mockRejectedValueOnce(new Error('the disk is away'))
    expect((await remove(id)).status).toBe(500)
    failing.mockRestore()
    expect((await get(`/documents/${id}/status`)).status).toBe(404)
    expect(DocumentList.parse(await (await get('/documents')).json()).documents).toEqual([])
    expect((await api.pool.query('SELECT FROM documents WHERE id = $1', [id])).rowCount).toBe(1)
  })

  const remove = (id: string) => fetch(`${api.url}/documents/${id}`, { method: 'DELETE' })

  test('takes the document, its bytes, its jobs and its pages away', async () => {
    const { id } = await uploadOne()
    await api.completeNext(['text'])
    const before = await api.countBlobs()
    expect((await remove(id)).status).toBe(204)
    expect(await api.countBlobs()).toBe(before - 1)
    for (const path of ['', '/status', '/result', '/pages/1', '/content']) {
      expect(await (await get(`/documents/${id}${path}`)).json()).toMatchObject({
        status: 404,
        code: 'document_not_found',
      })
    }
    expect((await remove(id)).status).toBe(404)
    const { rows } = await api.pool.query(
      'SELECT (SELECT count(*) FROM document_pages) + (SELECT count(*) FROM document_processing_attempts) AS n',
    )
    expect(rows[0].n).toBe(0)
  })

  test('while a worker has it makes that worker’s claim stale', async () => {
    const { id } = await uploadOne()
    const job = await claimNext()
    expect((await remove(id)).status).toBe(204)
    expect(await queue.recordPagesTotal(api.pool, job, 1, 'local')).toBe(false)
  })
})
