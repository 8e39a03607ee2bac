import { writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { ExportList } from '@adp/contract/export.ts'
import { beforeEach, expect, test, vi } from 'vitest'
import { addResult, completeWith, flowPage } from '../../test/add-result.ts'
import { useApi } from '../../test/api.ts'
import { corruptPdf, scannedPdf, textPdf } from '../../test/fixtures.ts'
import { emptyTables } from '../../test/jobs.ts'
import { readPdfWords } from '../../test/pdf-words.ts'
import type { Pool } from '../db/client.ts'
import { type ContentRow, createSearchablePdfs } from '../documents/export/searchable-pdfs.ts'
import { readContentRow } from '../documents/read-documents.ts'
import { requireResult } from '../documents/read-result.ts'
import { deleteStaleBlobs } from '../documents/unowned-blobs.ts'
import { ExtractionError } from '../extraction/extractor.ts'

const api = useApi()
beforeEach(() => emptyTables(api.pool))

const SCAN = await scannedPdf('Invoice 4711')

const polygon = [1, 1, 3, 1, 3, 1.3, 1, 1.3]
/** One line of one word, which somebody had to guess, or not. */
const page = (content: string, confidence: number) => {
  const span = { offset: 0, length: content.length }
  const words = [{ content, polygon, span, confidence }]
  const size = { width: 8.2677, height: 11.6929, unit: 'inch' as const, angle: 0 }
  return flowPage(content, null, { ...size, words, lines: [{ content, polygon, spans: [span] }] })
}

const get = (id: string, method = 'GET') => fetch(`${api.url}/documents/${id}/exports/pdf`, { method })
const count = async (sql: string) => Number((await api.pool.query(`SELECT count(*) FROM ${sql}`)).rows[0].count)

test('a scan can be searched: it is made once, kept, and goes with its document', async () => {
  const before = await api.countBlobs()
  const id = await addResult(api, 'scan.pdf', SCAN, [page('Invoice', 0.9)])
  const answers = await Promise.all([get(id), get(id, 'HEAD'), get(id)])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(answers[0]?.headers.get('content-disposition')).toBe('attachment; filename=scan.searchable.pdf')
  const pdf = Buffer.from((await answers[0]?.arrayBuffer()) ?? [])
  expect((await readPdfWords(pdf))[0]?.words.map((word) => word.text)).toEqual(['Invoice'])
  expect(pdf.subarray(0, SCAN.length).equals(SCAN)).toBe(true)
  expect([await api.countBlobs(), await count('unowned_blobs')]).toEqual([before + 2, 0])
  expect((await fetch(`${api.url}/documents/${id}`, { method: 'DELETE' })).status).toBe(204)
  expect([(await get(id)).status, await count('searchable_pdfs')]).toEqual([404, 0])
  await deleteStaleBlobs(api.pool, api.blobs)
  expect(await api.countBlobs()).toBe(before)
})

test('a PDF whose text is its own is the original, and nothing is kept', async () => {
  const own = await textPdf(['All its own'])
  const id = await addResult(api, 'own.pdf', own, [page('Own', 1)])
  const before = await api.countBlobs()
  expect(Buffer.from(await (await get(id)).arrayBuffer()).equals(own)).toBe(true)
  expect([await api.countBlobs(), await count('searchable_pdfs WHERE blob_key IS NULL')]).toEqual([before, 1])
})

test('a document that was processed again has the text of its newest result, and the older file goes', async () => {
  const id = await addResult(api, 'scan.pdf', SCAN, [page('older', 0.9)])
  await (await get(id)).arrayBuffer()
  expect((await fetch(`${api.url}/documents/${id}/reprocess`, { method: 'POST' })).status).toBe(202)
  await completeWith(api, [page('newer', 0.9)])
  const [found] = await readPdfWords(Buffer.from(await (await get(id)).arrayBuffer()))
  expect(found?.words.map((word) => word.text)).toEqual(['newer'])
  expect([await count('searchable_pdfs'), await deleteStaleBlobs(api.pool, api.blobs)]).toEqual([1, 1])
})

test('a file that no PDF can be made of has a code, and leaves nothing behind', async () => {
  const id = await addResult(api, 'damaged.pdf', corruptPdf(), [page('Invoice', 0.9)])
  const before = await api.countBlobs()
  const problem = {
    status: 422,
    code: 'export_unavailable',
    detail: 'No PDF can be made of the document: file_corrupt.',
  }
  expect(await (await get(id)).json()).toMatchObject(problem)
  expect([await api.countBlobs(), await count('unowned_blobs'), await count('searchable_pdfs')]).toEqual([before, 0, 0])
  const list = (await (await fetch(`${api.url}/documents/${id}/exports`)).json()) as ExportList
  expect(list.exports.find(({ format }) => format === 'pdf')?.available).toBe(true)
})

/** A process of its own, whose children do this. */
function processWith(makeSearchable: (output: string) => Promise<void>, waitMs = 60_000) {
  const drawer = { makeSearchable: (_: unknown, { output }: { output: string }) => makeSearchable(output) }
  const pdfs = createSearchablePdfs({ pool: api.pool, blobs: api.blobs, drawer, log: { warn: () => {} }, waitMs })
  const open = async (id: string) => {
    const document: ContentRow = { id, ...(await readContentRow(api.pool, id)) }
    return text(await pdfs.open(document, await requireResult(api.pool, id)))
  }
  return { open, close: pdfs.close }
}

test('who asks for one that takes long is told to come again, and it is there then', async () => {
  const id = await addResult(api, 'scan.pdf', SCAN, [page('Invoice', 0.9)])
  const release = Promise.withResolvers<void>()
  const making = vi.fn(async (output: string) => {
    await release.promise
    await writeFile(output, 'a PDF')
  })
  const { open } = processWith(making, 10)
  await expect(open(id)).rejects.toMatchObject({ code: 'export_in_progress', status: 503 })
  await expect(open(id)).rejects.toMatchObject({ code: 'export_in_progress' })
  release.resolve()
  await expect.poll(() => open(id).catch(() => null), { timeout: 30_000 }).toBe('a PDF')
  expect(making).toHaveBeenCalledTimes(1)
})

test('of two processes one keeps its file; a document that is deleted meanwhile gets none', async () => {
  const id = await addResult(api, 'scan.pdf', SCAN, [page('Invoice', 0.9)])
  const both = Promise.withResolvers<void>()
  let waiting = 0
  const make = async (output: string) => {
    waiting += 1
    if (waiting === 2) both.resolve()
    await both.promise
    await writeFile(output, 'a PDF')
  }
  const before = await api.countBlobs()
  expect(await Promise.all([processWith(make).open(id), processWith(make).open(id)])).toEqual(['a PDF', 'a PDF'])
  expect([await count('unowned_blobs'), await api.countBlobs()]).toEqual([0, before + 1])

  const other = await addResult(api, 'b.pdf', SCAN, [page('Invoice', 0.9)])
  const deleting = processWith(async (output) => {
    await writeFile(output, 'a PDF')
    await api.pool.query('UPDATE documents SET deleted_at = now() WHERE id = $1', [other])
  })
  await expect(deleting.open(other)).rejects.toMatchObject({ code: 'document_not_found' })
  expect(await count('unowned_blobs')).toBe(0)
})

test('what failed once is not tried again by this process', async () => {
  const id = await addResult(api, 'scan.pdf', SCAN, [page('Invoice', 0.9)])
  const failing = vi.fn(async () => {
    throw new ExtractionError('memory_exceeded', 'too much')
  })
  const { open } = processWith(failing)
  for (let time = 0; time < 3; time += 1)
    await expect(open(id)).rejects.toMatchObject({
      code: 'export_unavailable',
      message: expect.stringContaining('memory_exceeded'),
    })
  expect(failing).toHaveBeenCalledTimes(1)
})

test.each(['parser_crashed', 'page_timeout', 'internal_error'] as const)(
  'what may go well the next time is tried again: %s',
  async (code) => {
    const id = await addResult(api, 'scan.pdf', SCAN, [page('Invoice', 0.9)])
    const making = vi
      .fn((output: string) => writeFile(output, 'a PDF'))
      .mockRejectedValueOnce(new ExtractionError(code, 'this time'))
    const { open } = processWith(making)
    await expect(open(id)).rejects.toMatchObject({
      ...{ code: 'unavailable', status: 503, message: expect.stringContaining(code) },
    })
    expect(await open(id)).toBe('a PDF')
  },
)

test('a request that fails leaves no timer behind', async () => {
  const id = await addResult(api, 'scan.pdf', SCAN, [page('Invoice', 0.9)])
  const document: ContentRow = { id, ...(await readContentRow(api.pool, id)) }
  const job = await requireResult(api.pool, id)
  const pool = { query: () => Promise.reject(new Error('the database is away')) } as unknown as Pool
  const drawer = { makeSearchable: async () => {} }
  const pdfs = createSearchablePdfs({ pool, blobs: api.blobs, drawer, log: { warn: () => {} } })
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  await expect(pdfs.open(document, job)).rejects.toThrow('the database is away')
  expect(timers()).toBeLessThanOrEqual(before)
})
