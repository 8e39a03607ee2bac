import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { UploadResponse } from '@adp/contract/document.ts'
import { UploadResponse as UploadResponseSchema } from '@adp/contract/document.ts'
import type { Problem } from '@adp/contract/errors.ts'
import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { useApi } from '../../test/api.ts'
import { StorageError } from '../storage/blob-store.ts'

const api = useApi({ UPLOAD_IDLE_SECONDS: 1 })

const PDF = Buffer.from('%PDF-1.7\nnot much of one')
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(40)])

type Sent = { name: string; bytes: Buffer; field?: string }

async function send(files: Sent[], headers: Record<string, string> = {}) {
  const form = new FormData()
  for (const { name, bytes, field = 'files' } of files) form.append(field, new Blob([new Uint8Array(bytes)]), name)
  const response = await fetch(`${api.url}/documents`, { method: 'POST', body: form, headers })
  return { response, body: (await response.json()) as UploadResponse & Problem }
}

async function countRows() {
  const { rows } = await api.pool.query(
    `SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM document_processing_jobs) AS jobs,
            (SELECT count(*) FROM unowned_blobs) AS unowned`,
  )
  return { ...rows[0], blobs: await api.countBlobs() }
}

const NOTHING = { documents: 0, jobs: 0, unowned: 0, blobs: 0 }

beforeEach(async () => {
  const { rows } = await api.pool.query('DELETE FROM documents RETURNING blob_key')
  await Promise.all(rows.map((row) => api.blobs.delete(row.blob_key)))
  expect(await countRows()).toEqual(NOTHING)
})

describe('POST /documents', () => {
  test('answers 202 with every document and its PENDING job, and has the bytes', async () => {
    const { response, body } = await send([
      { name: 'a.pdf', bytes: PDF },
      { name: 'b.png', bytes: PNG },
    ])
    expect(response.status).toBe(202)
    expect(UploadResponseSchema.parse(body)).toEqual(body)
    expect(
      body.documents.map((document) => [
        document.filename,
        document.content_type,
        document.size_bytes,
        document.job.status,
      ]),
    ).toEqual([
      ['a.pdf', 'application/pdf', PDF.length, 'PENDING'],
      ['b.png', 'image/png', PNG.length, 'PENDING'],
    ])
    expect(await countRows()).toEqual({ documents: 2, jobs: 2, unowned: 0, blobs: 2 })
    const content = await fetch(`${api.url}/documents/${body.documents[0]?.id}/content`)
    expect(Buffer.from(await content.arrayBuffer())).toEqual(PDF)
  })

  test('goes by the bytes, not by the name', async () => {
    const { body } = await send([{ name: 'invoice.exe', bytes: PNG }])
    expect(body.documents[0]).toMatchObject({ filename: 'invoice.exe', content_type: 'image/png' })
    const { response, body: problem } = await send([
      { name: 'invoice.pdf', bytes: Buffer.from('MZ\x90\0nothing of the kind') },
    ])
    expect(response.status).toBe(415)
    expect(problem).toMatchObject({
      code: 'unsupported_type',
      detail: 'invoice.pdf is of no type that can be processed.',
    })
  })

  test('takes a PDF with something before its header', async () => {
    const { response } = await send([{ name: 'mailed.pdf', bytes: Buffer.concat([Buffer.alloc(1000, 32), PDF]) }])
    expect(response.status).toBe(202)
  })

  test.each<[string, Sent[], number, string]>([
    ['an empty file', [{ name: 'a.pdf', bytes: Buffer.alloc(0) }], 422, 'file_empty'],
    ['no file', [], 400, 'no_file'],
    ['another field', [{ name: 'a.pdf', bytes: PDF, field: 'file' }], 400, 'malformed_upload'],
    [
      'a file over the limit',
      [{ name: 'a.pdf', bytes: Buffer.concat([PDF, Buffer.alloc(1_000_000)]) }],
      413,
      'file_too_large',
    ],
    ['too many files', Array.from({ length: 6 }, (_, n) => ({ name: `${n}.pdf`, bytes: PDF })), 413, 'too_many_files'],
    [
      'one bad file among good ones',
      [
        { name: 'a.pdf', bytes: PDF },
        { name: 'b.pdf', bytes: Buffer.from('no\0') },
        { name: 'c.pdf', bytes: PDF },
      ],
      415,
      'unsupported_type',
    ],
  ])('refuses %s with a problem, and keeps nothing', async (_, files, status, code) => {
    if (files.length === 0) files.push({ name: '', bytes: Buffer.alloc(0), field: 'note' })
    const form = code === 'no_file' ? new FormData() : null
    form?.append('note', 'only text')
    const answer = form
      ? await fetch(`${api.url}/documents`, { method: 'POST', body: form }).then(async (response) => ({
          response,
          body: await response.json(),
        }))
      : await send(files)
    expect(answer.response.status).toBe(status)
    expect(answer.response.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body).toMatchObject({
      code,
      status,
      action: expect.stringMatching(/\w/),
      detail: expect.stringMatching(/\w/),
    })
    expect(await countRows()).toEqual(NOTHING)
  })

  test('takes exactly as much as the limit', async () => {
    const bytes = Buffer.concat([PDF, Buffer.alloc(1_000_000 - PDF.length)])
    expect((await send([{ name: 'a.pdf', bytes }])).response.status).toBe(202)
  })

  test.each([
    ['application/json', '{}'],
    ['multipart/form-data', 'no boundary'],
    ['multipart/form-data; boundary=x', 'nonsense'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7 cut off',
    ],
  ])('refuses a body that is no multipart (%s) with a problem', async (type, body) => {
    const response = await fetch(`${api.url}/documents`, { method: 'POST', body, headers: { 'content-type': type } })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(await response.json()).toMatchObject({
      code: expect.stringMatching(/malformed_upload|unsupported_media_type|upload_interrupted/),
    })
    expect(await countRows()).toEqual(NOTHING)
  })

  test('any bytes under any name: a document that is whole, or a problem and nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            name: fc.string({ unit: 'grapheme', maxLength: 300 }),
            bytes: fc.uint8Array({ maxLength: 9000 }).map((tail) => Buffer.from(tail)),
            isPdf: fc.boolean(),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        async (files) => {
          const sent = files.map(({ name, bytes, isPdf }) => ({
            name,
            bytes: isPdf ? Buffer.concat([PDF, bytes]) : bytes,
          }))
          const before = await countRows()
          const { response, body } = await send(sent)
          const after = await countRows()
          if (response.status !== 202) {
            expect(body.code).toMatch(/unsupported_type|file_empty|malformed_upload|no_file/)
            expect(after).toEqual(before)
            return
          }
          expect(after.documents).toBe(before.documents + sent.length)
          expect(after.blobs).toBe(before.blobs + sent.length)
          for (const [n, document] of body.documents.entries()) {
            const content = await fetch(`${api.url}/documents/${document.id}/content`)
            expect(Buffer.from(await content.arrayBuffer()).equals(sent[n]?.bytes as Buffer)).toBe(true)
            expect(document.filename).toMatch(/^[^/\\\p{Cc}]{1,255}$/u)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('an upload that the storage does not take is answered 503, without the reason, and leaves nothing', async () => {
  const reason = 'The bucket docs refuses the key'
  const put = vi.spyOn(api.blobs, 'put').mockRejectedValueOnce(new StorageError(reason))
  try {
    const { response, body } = await send([{ name: 'a.pdf', bytes: PDF }])
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
    expect(body).toMatchObject({ code: 'unavailable', detail: 'The storage cannot be used.' })
    expect(JSON.stringify(body)).not.toContain(reason)
    expect(await countRows()).toEqual(NOTHING)
  } finally {
    put.mockRestore()
  }
})

test('an upload that fails after its documents were made keeps their bytes', async () => {
  const query = api.pool.query.bind(api.pool)
  const failing = vi.spyOn(api.pool, 'query').mockImplementation(((...args: [never]) => {
    if (JSON.stringify(args).includes('AS wanted'))
      return Promise.reject(new Error('Connection terminated unexpectedly'))
    return query(...args)
  }) as never)
  const { response, body } = await send([{ name: 'a.pdf', bytes: PDF }])
  failing.mockRestore()
  expect([response.status, body.code]).toEqual([503, 'unavailable'])
  expect(await countRows()).toEqual({ documents: 1, jobs: 1, unowned: 0, blobs: 1 })
})

describe('an upload that breaks off', () => {
  async function begin(): Promise<Socket> {
    const { hostname, port } = new URL(api.url)
    const socket = connect(Number(port), hostname)
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.on('error', () => {})
    socket.write(
      `POST /documents HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n` +
        `--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n${PDF}`,
    )
    socket.write(randomBytes(200_000))
    await vi.waitFor(async () => expect(await api.countBlobs()).toBe(1), { timeout: 60_000 })
    return socket
  }

  test('because the client went away leaves no row and no bytes', async () => {
    const socket = await begin()
    socket.destroy()
    await vi.waitFor(async () => expect(await countRows()).toEqual(NOTHING), { timeout: 60_000 })
  })

  test('because nothing moves any more is closed, and leaves no row and no bytes', async () => {
    const socket = await begin()
    await new Promise((resolve) => socket.once('close', resolve))
    await vi.waitFor(async () => expect(await countRows()).toEqual(NOTHING), { timeout: 60_000 })
  })
})

describe('Idempotency-Key', () => {
  const key = () => ({ 'idempotency-key': randomBytes(8).toString('hex') })

  test('sent again with the same files returns the same documents and makes nothing', async () => {
    const headers = key()
    const first = await send([{ name: 'a.pdf', bytes: PDF }], headers)
    const again = await send([{ name: 'a.pdf', bytes: PDF }], headers)
    expect(again.response.status).toBe(202)
    expect(again.response.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    expect(await countRows()).toEqual({ documents: 1, jobs: 1, unowned: 0, blobs: 1 })
  })

  test('sent by many at once makes one document', async () => {
    const headers = key()
    const answers = await Promise.all(Array.from({ length: 8 }, () => send([{ name: 'a.pdf', bytes: PDF }], headers)))
    expect(new Set(answers.map(({ body }) => body.documents[0]?.id)).size).toBe(1)
    expect(await countRows()).toEqual({ documents: 1, jobs: 1, unowned: 0, blobs: 1 })
  })

  test('whose documents were deleted since is a problem, not an empty answer', async () => {
    const headers = key()
    const first = await send([{ name: 'a.pdf', bytes: PDF }], headers)
    await fetch(`${api.url}/documents/${first.body.documents[0]?.id}`, { method: 'DELETE' })
    const { response, body } = await send([{ name: 'a.pdf', bytes: PDF }], headers)
    expect([response.status, body.code]).toEqual([404, 'document_not_found'])
    expect(await countRows()).toEqual(NOTHING)
  })

  test('used for other files is refused', async () => {
    const headers = key()
    await send([{ name: 'a.pdf', bytes: PDF }], headers)
    const { response, body } = await send([{ name: 'b.pdf', bytes: PDF }], headers)
    expect(response.status).toBe(422)
    expect(body.code).toBe('idempotency_key_reused')
    expect(await countRows()).toMatchObject({ documents: 1, blobs: 1 })
  })
})
