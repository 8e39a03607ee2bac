import { expect, test, vi } from 'vitest'
import { useApi } from '../../test/api.ts'
import { listen, openTransaction } from '../../test/locks.ts'
import { JOBS_CHANNEL } from '../queue/sql.ts'

/** Workers are woken when a job is there for them: not before it is committed, and not never. */
const api = useApi()

/**
 * Makes the requests while the jobs' table is locked, and says how often workers were woken before the commit. Waits for so many calls
 * after it.
 */
async function callsAround(calls: number, ...requests: (() => Promise<Response>)[]) {
  const url = api.pool.options.connectionString ?? ''
  await using listener = await listen(url, JOBS_CHANNEL)
  await using blocking = await openTransaction(url)
  await blocking.client.query('LOCK TABLE document_processing_jobs IN SHARE MODE')
  const answers = requests.map((request) => request())
  await blocking.isAwaited()
  // Nothing else is under way, so what was to be sent before has been.
  await vi.waitFor(() => expect(api.pool.totalCount - api.pool.idleCount).toBe(requests.length), 60_000)
  const before = (await listener.heard()).length
  await blocking.commit()
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  await vi.waitFor(async () => expect((await listener.heard()).length).toBeGreaterThanOrEqual(calls), 60_000)
  return { statuses, before }
}

async function upload(): Promise<Response> {
  const form = new FormData()
  form.append('files', new Blob(['%PDF-1.7\nnot much of one']), 'a.pdf')
  return fetch(`${api.url}/documents`, { method: 'POST', body: form })
}

test('an upload wakes the workers once its job is there', async () => {
  expect(await callsAround(1, upload)).toEqual({ statuses: [202], before: 0 })
})

test('so do uploads beside others: the first with its commit, the others with one that they share', async () => {
  expect(await callsAround(2, upload, upload, upload)).toEqual({ statuses: [202, 202, 202], before: 0 })
})

test('so does a reprocess', async () => {
  await upload()
  await api.completeNext(['done'])
  const { rows } = await api.pool.query(
    'SELECT document_id FROM document_processing_jobs WHERE finished_at IS NOT NULL',
  )
  const reprocess = () => fetch(`${api.url}/documents/${rows[0].document_id}/reprocess`, { method: 'POST' })
  expect(await callsAround(1, reprocess)).toEqual({ statuses: [202], before: 0 })
})
