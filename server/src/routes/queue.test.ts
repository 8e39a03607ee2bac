import { JobStatusAnswer } from '@adp/contract/job.ts'
import { DeadLetterList, Queue } from '@adp/contract/queue.ts'
import pg from 'pg'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { useApi } from '../../test/api.ts'
import { emptyTables } from '../../test/jobs.ts'
import { upload } from '../../test/run-start.ts'
import * as queue from '../queue/job-queue.ts'
import * as liveness from '../queue/liveness.ts'
import { JOBS_CHANNEL } from '../queue/sql.ts'

const api = useApi()
const PDF = Buffer.from('%PDF-1.7 not much of one')

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.url}${path}`, { headers })
const read = async () => Queue.parse(await (await get('/queue')).json())
const post = (path: string, body?: unknown) =>
  fetch(`${api.url}${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  })
const uploadOne = async (name = 'a.pdf') => {
  const [document] = await upload(api.url, { [name]: PDF })
  if (!document) throw new Error('no document in the answer')
  return document
}
const registerWorker = async (slots = 1) => ({
  id: await liveness.registerWorker(api.pool, { name: 'host/1', version: '1', slots }),
})
async function failOne(code: queue.Failure['code'] = 'file_corrupt') {
  const document = await uploadOne()
  const [job] = await queue.claim(api.pool, await registerWorker(), 1)
  if (!job) throw new Error('no job is due')
  await queue.fail(api.pool, job, { code, log: 'no trailer', retryable: false, delayMs: 0 })
  return document
}

beforeEach(() => emptyTables(api.pool))

test('GET /queue tells where it stands', async () => {
  expect(await read()).toMatchObject({ paused: null, waiting: 0, dead_letters: 0, workers: [], oldest_due_at: null })
  await failOne()
  const { job } = await uploadOne()
  expect(await read()).toMatchObject({
    waiting: 1,
    dead_letters: 1,
    running: 0,
    finished_per_minute: 1,
    oldest_due_at: job.next_try_at,
    workers: [{ name: 'host/1', slots: 1 }],
    old_transaction: null,
  })
})

describe('pause and resume', () => {
  test('answer with the queue, say why, and can be asked for twice', async () => {
    await uploadOne()
    const paused = await post('/queue/pause', { reason: '  the bill  ' })
    expect(paused.status).toBe(200)
    expect(Queue.parse(await paused.json())).toMatchObject({ paused: { reason: 'the bill' }, waiting: 1 })
    expect(await queue.claim(api.pool, await registerWorker(), 1)).toEqual([])
    expect(await (await post('/queue/pause', { reason: 'later' })).json()).toMatchObject({
      paused: { reason: 'later' },
    })
    expect(await (await post('/queue/resume')).json()).toMatchObject({ paused: null })
    expect((await post('/queue/resume')).status).toBe(200)
    expect(await queue.claim(api.pool, await registerWorker(), 1)).toHaveLength(1)
  })

  test('need no body, and refuse one that is wrong', async () => {
    expect(await (await post('/queue/pause')).json()).toMatchObject({ paused: { reason: '' } })
    expect(await (await post('/queue/pause', {})).json()).toMatchObject({ paused: { reason: '' } })
    for (const body of [{ reason: 'x'.repeat(501) }, { why: 'x' }, { reason: 1 }]) {
      expect(await (await post('/queue/pause', body)).json()).toMatchObject({ status: 400, code: 'invalid_request' })
    }
  })
})

describe('dead letters', () => {
  const list = async (query = '') => DeadLetterList.parse(await (await get(`/queue/dead-letters${query}`)).json())

  test('are listed by page, newest first, and by code', async () => {
    const documents = [await failOne(), await failOne('too_many_pages'), await failOne()]
    const ids = documents.map((document) => document.id)
    const first = await list('?limit=2')
    expect(first.dead_letters.map((letter) => letter.document_id)).toEqual([ids[2], ids[1]])
    const second = await list(`?limit=2&cursor=${first.next_cursor}`)
    expect(second).toMatchObject({
      dead_letters: [{ document_id: ids[0], filename: 'a.pdf', error_code: 'file_corrupt', error_log: 'no trailer' }],
      next_cursor: null,
    })
    expect((await list('?error_code=too_many_pages')).dead_letters).toHaveLength(1)
  })

  test.each(['limit=0', 'limit=201', 'cursor=abc', 'cursor=-1', 'error_code=none', 'status=FAILED'])(
    'refuse %s, naming it',
    async (query) => {
      const response = await get(`/queue/dead-letters?${query}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        code: 'invalid_request',
        detail: expect.stringContaining(query.split('=')[0] as string),
      })
    },
  )

  test('are all processed again, or those with one code, and the workers hear of it', async () => {
    await failOne()
    await failOne('too_many_pages')
    const listener = new pg.Client({ connectionString: api.pool.options.connectionString })
    await listener.connect()
    let heard = 0
    listener.on('notification', () => {
      heard += 1
    })
    await listener.query(`LISTEN ${JOBS_CHANNEL}`)
    const some = await post('/queue/dead-letters/retry', { error_code: 'too_many_pages' })
    expect([some.status, await some.json()]).toEqual([202, { jobs: 1 }])
    await vi.waitFor(() => expect(heard).toBeGreaterThan(0))
    expect(await (await post('/queue/dead-letters/retry')).json()).toEqual({ jobs: 1 })
    expect(await (await post('/queue/dead-letters/retry', {})).json()).toEqual({ jobs: 0 })
    expect(await read()).toMatchObject({ waiting: 2, dead_letters: 0 })
    expect(await (await post('/queue/dead-letters/retry', { code: 'x' })).json()).toMatchObject({ status: 400 })
    await listener.end()
  })
})

describe('the status of a document that waits', () => {
  const status = async (id: string) => JobStatusAnswer.parse(await (await get(`/documents/${id}/status`)).json())

  test('has its position and, once there is something to tell it from, when it will start', async () => {
    const [first, second] = [await uploadOne('1.pdf'), await uploadOne('2.pdf')]
    expect(await status(second.id)).toMatchObject({ position: 2, estimated_start_at: null })
    expect(await status(first.id)).toMatchObject({ position: 1, estimated_start_at: null })

    await registerWorker(1)
    // Read anew every two seconds.
    await vi.waitFor(async () => expect((await status(first.id)).estimated_start_at).not.toBeNull(), 10_000)
    const soon = await status(first.id)
    expect(Math.abs(Date.parse(soon.estimated_start_at ?? '') - Date.now())).toBeLessThan(2_000)
    // One slot is free and nothing has finished yet: of the second nothing can be said.
    expect(await status(second.id)).toMatchObject({ position: 2, estimated_start_at: null })

    await api.completeNext(['text'])
    expect(await status(first.id)).toMatchObject({ status: 'COMPLETED', position: null, estimated_start_at: null })
    expect(await status(second.id)).toMatchObject({ position: 1 })
  })

  test('changes its ETag when the position does, and not before', async () => {
    await uploadOne('1.pdf')
    const { id } = await uploadOne('2.pdf')
    const etag = (await get(`/documents/${id}/status`)).headers.get('etag') ?? ''
    expect((await get(`/documents/${id}/status`, { 'If-None-Match': etag })).status).toBe(304)
    await api.completeNext(['text'])
    const changed = await get(`/documents/${id}/status`, { 'If-None-Match': etag })
    expect([changed.status, (await changed.json()) as object]).toEqual([200, expect.objectContaining({ position: 1 })])
  })
})
