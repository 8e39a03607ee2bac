import { type Document, DocumentList } from '@adp/contract/document.ts'
import { Job } from '@adp/contract/job.ts'
import { beforeEach, expect, test } from 'vitest'
import { useApi } from '../../test/api.ts'
import { emptyTables, makeFailedPage, makePage } from '../../test/jobs.ts'
import { upload } from '../../test/run-start.ts'
import * as queue from '../queue/job-queue.ts'
import * as liveness from '../queue/liveness.ts'

const api = useApi()

beforeEach(() => emptyTables(api.pool))

const get = (path: string) => fetch(`${api.url}${path}`)
const uploadOne = async () => (await upload(api.url, { 'a.pdf': Buffer.from('%PDF-1.7') }))[0] as Document

async function claimNext() {
  const id = await liveness.registerWorker(api.pool, { name: 'w', version: '1', slots: 1 })
  const [job] = await queue.claim(api.pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  return job
}

const again = (id: string, pages: string) =>
  fetch(`${api.url}/documents/${id}/reprocess?pages=${pages}`, { method: 'POST' })
const status = async (id: string) => Job.parse(await (await get(`/documents/${id}/status`)).json())
const contentOf = async (id: string, page: number) =>
  ((await (await get(`/documents/${id}/pages/${page}`)).json()) as { content: string }).content

test('pages that could not be read are named wherever the document is shown', async () => {
  const { id } = await uploadOne()
  await api.completeNext(['one', null, 'three'])
  const failed = { page_number: 2, code: 'page_timeout', detail: 'No progress', retryable: false }
  const told = { status: 'COMPLETED', pages_done: 3, pages_failed: 1, failed_pages: [failed] }
  expect(await status(id)).toMatchObject({
    ...{ ...told, phase_text: 'Done, 1 of 3 pages could not be read' },
  })
  expect((await (await get(`/documents/${id}`)).json()) as unknown).toMatchObject({ job: told })
  expect(DocumentList.parse(await (await get('/documents')).json()).documents[0]?.job).toMatchObject(told)
})

test('pages that could not be read are read again alone; the result stays until they are', async () => {
  const { id, job: first } = await uploadOne()
  await api.completeNext(['one', null, 'three', null])
  expect((await again(id, 'failed')).status).toBe(202)
  expect(await again(id, 'failed')).toMatchObject({ status: 409 })
  expect(await status(id)).toMatchObject({ status: 'PENDING', pages_done: 2, pages_total: 4, pages_failed: 0 })
  expect(await contentOf(id, 3)).toBe('three')

  const job = await claimNext()
  expect(job.id).toBeGreaterThan(first.id)
  expect((await queue.storedPages(api.pool, job.id)).sort()).toEqual([1, 3])
  await queue.storePage(api.pool, job, makePage(2, 'two'))
  await queue.storePage(api.pool, job, makeFailedPage(4))
  expect(await queue.complete(api.pool, job)).toBe(true)
  expect([await contentOf(id, 1), await contentOf(id, 2), await contentOf(id, 3)]).toEqual(['one', 'two', 'three'])
  expect(await status(id)).toMatchObject({ pages_failed: 1, failed_pages: [{ page_number: 4 }] })
})

test('pages that could not be read are read again by their numbers, the other failed ones stay as they are', async () => {
  const { id } = await uploadOne()
  await api.completeNext(['one', null, null, null])
  expect((await again(id, '3-9')).status).toBe(202)
  const job = await claimNext()
  expect((await queue.storedPages(api.pool, job.id)).sort()).toEqual([1, 2])
  expect(await status(id)).toMatchObject({ pages_failed: 1, failed_pages: [{ page_number: 2, detail: 'No progress' }] })
})

test('pages that could not be read are not there: a problem, and no job', async () => {
  const { id } = await uploadOne()
  await api.completeNext(['one', 'two', null])
  expect(await (await again(id, '1-2')).json()).toMatchObject({ status: 409, code: 'no_failed_page' })
  expect(await (await again(id, 'all')).json()).toMatchObject({ status: 400, code: 'invalid_request' })
  expect((await status(id)).status).toBe('COMPLETED')
})

test('pages that could not be read, of which there are many: the first twenty are told, and all are counted', async () => {
  const { id } = await uploadOne()
  await api.completeNext(['one', ...Array.from({ length: 30 }, () => null)])
  const { pages_failed, failed_pages } = await status(id)
  expect([pages_failed, failed_pages.length, failed_pages[0]?.page_number]).toEqual([30, 20, 2])
})
