import { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { Document } from '@adp/contract/document.ts'
import { ERRORS } from '@adp/contract/errors.ts'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { useApi } from '../../test/api.ts'
import { upload } from '../../test/run-start.ts'
import { StorageError } from '../storage/blob-store.ts'

const api = useApi()
const PDF = Buffer.from('%PDF-1.7 0123456789')

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.url}${path}`, { headers })
const uploadOne = async (name = 'a.pdf') => (await upload(api.url, { [name]: PDF }))[0] as Document

test('the result is one AnalyzeResult whose spans fit, whatever the text', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 45 }),
      async (texts) => {
        // PostgreSQL takes neither in text nor in jsonb what extraction strips.
        const pages = texts.map((text) => text.replaceAll('\0', '').toWellFormed())
        const { id } = await uploadOne()
        await api.completeNext(pages)
        const response = await get(`/documents/${id}/result`)
        expect(response.headers.get('content-type')).toContain('application/json')
        const result = AnalyzeResult.parse(await response.json())
        expect(result.content).toBe(pages.join('\n'))
        expect(result.pages.map((page) => page.pageNumber)).toEqual(pages.map((_, index) => index + 1))
        for (const page of result.pages) {
          for (const word of page.words ?? []) {
            expect(result.content.slice(word.span.offset, word.span.offset + word.span.length)).toBe(word.content)
          }
          for (const line of page.lines ?? []) {
            const text = line.spans.map((span) => result.content.slice(span.offset, span.offset + span.length)).join('')
            expect(text).toBe(line.content)
          }
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('a page stands alone, and pages that are not there are problems', async () => {
  const { id } = await uploadOne()
  await api.completeNext(['one', 'two'])
  const page = AnalyzeResult.parse(await (await get(`/documents/${id}/pages/2`)).json())
  expect(page.content).toBe('two')
  expect(page.pages[0]?.words?.[0]).toMatchObject({ content: 'two', span: { offset: 0, length: 3 } })
  expect(await (await get(`/documents/${id}/pages/3`)).json()).toMatchObject({
    status: 404,
    code: 'page_not_found',
    detail: 'The document has 2 pages; there is no page 3.',
  })
  expect(await (await get(`/documents/${id}/pages/0`)).json()).toMatchObject({ status: 400, code: 'invalid_request' })
})

test('a page that could not be read is empty, and a warning says why', async () => {
  const { id } = await uploadOne()
  await api.completeNext(['one', null, 'three'])
  const warning = { code: 'page_timeout', message: ERRORS.page_timeout.message }
  const result = AnalyzeResult.parse(await (await get(`/documents/${id}/result`)).json())
  expect(result.content).toBe('one\n\nthree')
  expect(result.warnings).toEqual([{ ...warning, target: '/pages/1' }])
  const page = async (n: number) => AnalyzeResult.parse(await (await get(`/documents/${id}/pages/${n}`)).json())
  expect((await page(2)).warnings).toEqual([{ ...warning, target: '/pages/0' }])
  expect((await page(3)).warnings).toBeUndefined()
})

test('there is no result before the job is COMPLETED', async () => {
  const { id } = await uploadOne()
  const problem = { status: 409, code: 'result_not_ready', detail: 'The document is PENDING: Waiting for a worker' }
  expect(await (await get(`/documents/${id}/result`)).json()).toMatchObject(problem)
  expect(await (await get(`/documents/${id}/pages/1`)).json()).toMatchObject(problem)
})

test.each([
  ['bytes=0-4', 206, '%PDF-', 'bytes 0-4/19'],
  ['bytes=9-', 206, '0123456789', 'bytes 9-18/19'],
  ['bytes=-3', 206, '789', 'bytes 16-18/19'],
  ['bytes=5-1000', 206, '1.7 0123456789', 'bytes 5-18/19'],
  ['bytes=0-1,3-4', 200, '%PDF-1.7 0123456789', null],
  ['lines=0-1', 200, '%PDF-1.7 0123456789', null],
])('content answers the range %s with %i', async (range, status, text, contentRange) => {
  const { id } = await uploadOne()
  const response = await get(`/documents/${id}/content`, { range })
  expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
    status,
    text,
    contentRange,
  ])
  expect(response.headers.get('content-length')).toBe(String(text.length))
})

test('content is not sent again to whom has it, nor opened for a HEAD', async () => {
  const { id } = await uploadOne()
  const read = vi.spyOn(api.blobs, 'read')
  const head = await fetch(`${api.url}/documents/${id}/content`, { method: 'HEAD' })
  const etag = head.headers.get('etag') as string
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '19'])
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    expect((await get(`/documents/${id}/content`, { 'if-none-match': known })).status).toBe(304)
  }
  expect(read).not.toHaveBeenCalled()
  read.mockRestore()
  expect((await get(`/documents/${id}/content`, { range: 'bytes=0-4', 'if-range': etag })).status).toBe(206)
  expect((await get(`/documents/${id}/content`, { range: 'bytes=0-4', 'if-range': '"older"' })).status).toBe(200)
})

test('content refuses a range beyond the end', async () => {
  const { id } = await uploadOne()
  const response = await get(`/documents/${id}/content`, { range: 'bytes=50-60' })
  expect(await response.json()).toMatchObject({ status: 416, code: 'range_not_satisfiable' })
})

test('content is a download under its own name, of its sniffed type, and nothing a browser would run', async () => {
  const { id } = await uploadOne('relatório "final" 日本.pdf')
  const response = await get(`/documents/${id}/content`)
  expect(response.headers.get('content-type')).toBe('application/pdf')
  expect(response.headers.get('content-disposition')).toMatch(/^attachment;.*filename\*=UTF-8''relat%C3%B3rio/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test('content is a redirection to a link of a store that has such, except for HEAD and who has it', async () => {
  const { id } = await uploadOne('relatório.pdf')
  const presign = vi.spyOn(api.blobs, 'presign').mockResolvedValue('https://storage.example/blob?signature')
  try {
    const url = `${api.url}/documents/${id}/content`
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('https://storage.example/blob?signature')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const link = { filename: 'relatório.pdf', contentType: 'application/pdf', expiresInMs: 300_000 }
    expect(presign.mock.calls).toEqual([[expect.stringMatching(/^[0-9a-f-]{36}$/), link]])
    const head = await fetch(url, { method: 'HEAD', redirect: 'manual' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '19'])
    expect(
      (await get(`/documents/${id}/content`, { 'if-none-match': head.headers.get('etag') as string })).status,
    ).toBe(304)
    expect(presign).toHaveBeenCalledOnce()
  } finally {
    presign.mockRestore()
  }
})

test('content while the storage is away is a 503 that asks to come again, and keeps the reason to itself', async () => {
  const { id } = await uploadOne()
  const reason = 'The bucket docs cannot be used: connect ECONNREFUSED 10.1.2.3:443'
  const read = vi.spyOn(api.blobs, 'read').mockRejectedValueOnce(new StorageError(reason))
  try {
    const response = await get(`/documents/${id}/content`)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await response.json()).toMatchObject({ code: 'unavailable', detail: 'The storage cannot be used.' })
  } finally {
    read.mockRestore()
  }
})

test('content whose bytes are gone from the storage is a clear error', async () => {
  const { id } = await uploadOne()
  const { rows } = await api.pool.query('SELECT blob_key FROM documents WHERE id = $1', [id])
  await api.blobs.delete(rows[0].blob_key)
  expect(await (await get(`/documents/${id}/content`)).json()).toMatchObject({
    status: 500,
    code: 'internal_error',
    detail: 'The stored bytes of the document are gone.',
  })
})
