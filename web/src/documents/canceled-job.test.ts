import { Job } from '@adp/contract/job.ts'
import { expect, test } from 'vitest'
import { expectCanceled } from './canceled-job.ts'
import { isNewer } from './lists.ts'

const job = Job.parse({
  id: 1,
  document_id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  status: 'PENDING',
  phase: 'queued',
  phase_text: 'Waiting for a worker',
  priority: 'normal',
  submitter: null,
  attempts: 0,
  max_attempts: 3,
  pages_done: 0,
  pages_total: null,
  provider: null,
  pages_billed: 0,
  pages_failed: 0,
  failed_pages: [],
  has_text: null,
  next_try_at: '2026-01-01T00:00:00.000Z',
  error: null,
  created_at: '2026-01-01T00:00:00.000Z',
  started_at: null,
  finished_at: null,
  updated_at: '2026-01-01T00:00:00.000Z',
})

test('what is expected is a job as the server could send it, but has no end yet', () => {
  const expected = expectCanceled(job)
  expect(Job.parse(expected)).toEqual(expected)
  expect(expected).toMatchObject({ status: 'FAILED', phase: 'canceled', next_try_at: null, finished_at: null })
})

test('it takes the place of the job, and the job its place again when it did not work', () => {
  const expected = expectCanceled(job)
  expect(isNewer(expected, job)).toBe(true)
  expect(isNewer(job, expected)).toBe(true)
  expect(isNewer(job, { ...expected, updated_at: '2026-01-01T00:00:01.000Z' })).toBe(false)
})
