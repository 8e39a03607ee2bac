import type { Document } from '@adp/contract/document.ts'
import type { Job } from '@adp/contract/job.ts'
import { expect, test } from 'vitest'
import { isNewer, matches, withDocument, withJob, withNextPage, withoutDocument } from './lists.ts'

const job = (document_id: string, changes: Partial<Job> = {}) =>
  ({ id: 1, document_id, status: 'PENDING', pages_done: 0, updated_at: '2026-01-01T00:00:00Z', ...changes }) as Job
const document = (id: string, changes: Partial<Job> = {}) =>
  ({ id, filename: `Invoice ${id}.pdf`, parent_document_id: null, job: job(id, changes) }) as Document
const list = (...ids: string[]) => ({ documents: ids.map((id) => document(id)), next_cursor: 'c' })
const ids = ({ documents }: { documents: Document[] }) => documents.map(({ id }) => id)

test('a newer job replaces the one in its row and leaves the other rows alone', () => {
  const before = list('a', 'b')
  const after = withJob(before, job('b', { status: 'COMPLETED', updated_at: '2026-01-01T00:00:05Z' }))
  expect(after.documents.map(({ job }) => job.status)).toEqual(['PENDING', 'COMPLETED'])
  expect(after.documents[0]).toBe(before.documents[0])
})

test('an older or an unchanged job, or one of a document that is not listed, changes nothing', () => {
  const before = list('a')
  expect(withJob(before, job('a', { status: 'PROCESSING', updated_at: '2025-12-31T23:59:59Z' }))).toBe(before)
  expect(withJob(before, job('a'))).toBe(before)
  expect(withJob(before, job('z'))).toBe(before)
})

test('a job with a higher id is newer whatever its time; progress within the same time is newer too', () => {
  expect(isNewer(job('a', { id: 2, updated_at: '2020-01-01T00:00:00Z' }), job('a'))).toBe(true)
  expect(isNewer(job('a'), job('a', { id: 2 }))).toBe(false)
  expect(isNewer(job('a', { pages_done: 3 }), job('a'))).toBe(true)
})

test('a new document comes on top, and once', () => {
  expect(ids(withDocument(list('a', 'b'), document('c')))).toEqual(['c', 'a', 'b'])
  expect(ids(withDocument(list('a', 'b'), document('b')))).toEqual(['b', 'a'])
})

test('the next page is appended without what is there already, and brings its cursor', () => {
  const both = withNextPage(list('a', 'b'), { documents: [document('b'), document('c')], next_cursor: null })
  expect(ids(both)).toEqual(['a', 'b', 'c'])
  expect(both.next_cursor).toBeNull()
})

test('a removed document is gone', () => {
  expect(ids(withoutDocument(list('a', 'b'), 'a'))).toEqual(['b'])
})

test('a document matches by status and by a part of its name in any case', () => {
  expect(matches(document('a'), { status: '', filename: '' })).toBe(true)
  expect(matches(document('a'), { status: 'PENDING,PROCESSING', filename: 'INVOICE' })).toBe(true)
  expect(matches(document('a'), { status: 'FAILED', filename: '' })).toBe(false)
  expect(matches(document('a'), { status: '', filename: 'invóice' })).toBe(true)
  expect(matches(document('a'), { status: '', filename: 'letter' })).toBe(false)
})

test('with a mail goes what came with it, and what came with that', () => {
  const attached = (id: string, parent: string) => ({ ...document(id), parent_document_id: parent })
  const documents = [attached('d', 'c'), attached('c', 'a'), document('b'), document('a')]
  expect(ids(withoutDocument({ documents, next_cursor: null }, 'a'))).toEqual(['b'])
  expect(ids(withoutDocument({ documents, next_cursor: null }, 'c'))).toEqual(['b', 'a'])
})
