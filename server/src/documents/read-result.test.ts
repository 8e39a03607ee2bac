import { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { Document } from '@adp/contract/document.ts'
import type { DocumentField } from '@adp/contract/result-fields.ts'
import fc from 'fast-check'
import { v4 as uuid } from 'uuid'
import { expect, test } from 'vitest'
import { useApi } from '../../test/api.ts'
import { someResult, toAnswer } from '../../test/azure-results.ts'
import { upload } from '../../test/run-start.ts'
import { storeAnswer } from '../../test/store-result.ts'
import { moveBy, moveSpans } from '../extraction/spans.ts'
import * as queue from '../queue/job-queue.ts'
import * as liveness from '../queue/liveness.ts'
import { deleteDocument } from './change-documents.ts'
import { deleteStaleBlobs } from './unowned-blobs.ts'

const api = useApi()

const uploadOne = async () => (await upload(api.url, { 'a.pdf': Buffer.from('%PDF-1.7') }))[0] as Document
const get = (path: string) => fetch(`${api.url}${path}`)

test("a provider's result comes back as it came, and each page with what begins on it", async () => {
  await fc.assert(
    fc.asyncProperty(someResult, fc.nat(1000), async (result, order) => {
      const { id } = await uploadOne()
      const answer = toAnswer(result, order)
      const { pages } = await storeAnswer(api, answer, uuid())
      expect(await (await get(`/documents/${id}/result`)).text()).toBe(JSON.stringify(JSON.parse(answer).analyzeResult))
      for (const { content, page, parts } of pages) {
        const found = await (await get(`/documents/${id}/pages/${page.pageNumber}`)).json()
        const { apiVersion, modelId, stringIndexType, contentFormat, warnings, newerValue } = result
        const header = { apiVersion, modelId, stringIndexType, contentFormat, warnings, newerValue }
        expect(found).toEqual({ ...header, content, pages: [page], ...parts })
      }
    }),
    { numRuns: 40 },
  )
})

test('a result without a blob is put together from its pages: every list of them, its spans moved', async () => {
  await fc.assert(
    fc.asyncProperty(someResult, async (result) => {
      const { id } = await uploadOne()
      const { pages } = await storeAnswer(api, toAnswer(result), null)
      const whole = AnalyzeResult.parse(await (await get(`/documents/${id}/result`)).json())
      expect(whole.content).toBe(pages.map(({ content }) => content).join('\n'))
      expect(whole).toMatchObject({
        modelId: result.modelId,
        contentFormat: result.contentFormat,
        warnings: result.warnings,
      })
      const offsets = pages.map((_, index) =>
        pages.slice(0, index).reduce((sum, page) => sum + page.content.length + 1, 0),
      )
      const moved = pages.map((page, index) => moveSpans(page, moveBy(offsets[index] ?? 0)))
      expect(whole.pages).toEqual(moved.map(({ page }) => page))
      const keys = new Set(pages.flatMap(({ parts }) => Object.keys(parts ?? {})))
      for (const key of keys) expect(whole[key], key).toEqual(moved.flatMap(({ parts }) => parts?.[key] ?? []))
      const known = [
        'apiVersion',
        'modelId',
        'stringIndexType',
        'contentFormat',
        'warnings',
        'newerValue',
        'content',
        'pages',
      ]
      expect(Object.keys(whole).toSorted()).toEqual([...known, ...keys].toSorted())
    }),
    { numRuns: 40 },
  )
})

test('a result of more pages than are read at a time', async () => {
  const { id } = await uploadOne()
  const word = (n: number) => ({ content: 'ab', span: { offset: n * 3, length: 2 }, confidence: 1 })
  const numbers = Array.from({ length: 45 }, (_, index) => index)
  const pages = numbers.map((n) => ({ pageNumber: n + 1, words: [word(n)], spans: [word(n).span] }))
  const paragraphs = numbers.map((n) => ({ content: `paragraph ${n}`, spans: [word(n).span] }))
  const header = { apiVersion: '2024-11-30', modelId: 'm', stringIndexType: 'utf16CodeUnit' }
  const result = { ...header, content: numbers.map(() => 'ab').join('\n'), pages, paragraphs }
  await storeAnswer(api, toAnswer(result), null)
  expect(await (await get(`/documents/${id}/result`)).json()).toEqual(result)
})

// ---------------------------------------------------------------------------------------------------- the life of its bytes

const RESULT = {
  apiVersion: '2024-11-30',
  modelId: 'm',
  stringIndexType: 'utf16CodeUnit',
  content: '',
  pages: [{ pageNumber: 1, spans: [] }],
}

/** A completed document with a result in the storage. */
async function storeOne() {
  const { id } = await uploadOne()
  const key = uuid()
  const { jobId } = await storeAnswer(api, toAnswer(RESULT), key)
  return { id, jobId, key }
}

test('the bytes of a result stay while its job has them', async () => {
  const { key } = await storeOne()
  await deleteStaleBlobs(api.pool, api.blobs)
  expect(await api.blobs.head(key)).not.toBeNull()
})

test.each<[string, (stored: { id: string; jobId: number }) => Promise<unknown>]>([
  ['its document is deleted', ({ id }) => deleteDocument(api.pool, api.blobs, id)],
  ['its job is deleted', ({ jobId }) => api.pool.query('DELETE FROM document_processing_jobs WHERE id = $1', [jobId])],
  ['its job has another', ({ jobId }) => setKey(jobId, uuid())],
  ['its job has none any more', ({ jobId }) => setKey(jobId, null)],
])('the bytes of a result go when %s', async (_, change) => {
  const stored = await storeOne()
  await change(stored)
  expect(await deleteStaleBlobs(api.pool, api.blobs)).toBe(1)
  expect(await api.blobs.head(stored.key)).toBeNull()
})

const setKey = (jobId: number, key: string | null) =>
  api.pool.query('UPDATE document_processing_jobs SET result_blob_key = $2 WHERE id = $1', [jobId, key])

test('the bytes of a result go when its job ends badly', async () => {
  const { id } = await uploadOne()
  const key = uuid()
  const { rows } = await api.pool.query(
    'UPDATE document_processing_jobs SET result_blob_key = $2 WHERE document_id = $1 RETURNING id',
    [id, key],
  )
  expect(rows).toHaveLength(1)
  await queue.cancel(api.pool, id, 'Canceled on request.')
  expect(await deleteStaleBlobs(api.pool, api.blobs)).toBe(1)
})

test('a result whose bytes are gone is a problem, and no empty answer', async () => {
  const { id, key } = await storeOne()
  await api.blobs.delete(key)
  expect(await (await get(`/documents/${id}/result`)).json()).toMatchObject({ status: 500, code: 'internal_error' })
})

/** A page as the local engine stores it, with what it shows of an invoice: its number, on the first page, and a line with its amount. */
const invoicePage = (pageNumber: number, content: string, fields: Record<string, DocumentField>) => ({
  content,
  page: { pageNumber, spans: [{ offset: 0, length: content.length }] },
  parts: {
    documents: [
      { docType: 'invoice', fields, confidence: 0.9, isPagePart: true, spans: [{ offset: 0, length: content.length }] },
    ],
  },
})

const textAt = (content: string, text: string): DocumentField => ({
  ...{ type: 'string', valueString: text, content: text, confidence: 0.9 },
  spans: [{ offset: content.indexOf(text), length: text.length }],
})

test('an invoice of several pages is one document of the result, and each page shows its own part of it', async () => {
  const { id } = await uploadOne()
  const contents = ['Invoice No. A-1 carried forward 10', 'A-1 Total 12'] as const
  await storeLocalPages([
    invoicePage(1, contents[0], { InvoiceId: textAt(contents[0], 'A-1'), InvoiceTotal: textAt(contents[0], '10') }),
    invoicePage(2, contents[1], { InvoiceId: textAt(contents[1], 'A-1'), InvoiceTotal: textAt(contents[1], '12') }),
  ])
  const whole = AnalyzeResult.parse(await (await get(`/documents/${id}/result`)).json())
  expect(whole.documents).toHaveLength(1)
  const [invoice] = whole.documents ?? []
  const textOf = (field: DocumentField | undefined) =>
    field?.spans?.map(({ offset, length }) => whole.content.slice(offset, offset + length))
  expect(textOf(invoice?.fields?.InvoiceId)).toEqual(['A-1'])
  expect(invoice?.fields?.InvoiceId?.spans?.[0]?.offset).toBe(contents[0].indexOf('A-1'))
  expect(textOf(invoice?.fields?.InvoiceTotal)).toEqual(['12'])
  expect(invoice?.isPagePart).toBeUndefined()
  const first = AnalyzeResult.parse(await (await get(`/documents/${id}/pages/1`)).json())
  expect(first.documents?.map(({ fields }) => fields?.InvoiceTotal?.content)).toEqual(['10'])
})

async function storeLocalPages(pages: Parameters<typeof queue.storePage>[2][]) {
  const worker = { id: await liveness.registerWorker(api.pool, { name: 'local worker', version: '1', slots: 1 }) }
  const [job] = await queue.claim(api.pool, worker, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(api.pool, job, pages.length, 'local')
  for (const page of pages) await queue.storePage(api.pool, job, page)
  await queue.complete(api.pool, job)
}
