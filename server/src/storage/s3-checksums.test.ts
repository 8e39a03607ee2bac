import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createS3Store } from './s3.ts'

/**
 * What Swift cannot tell: it checks the signature's SHA-256 of the bytes as well, and so refuses damaged ones without the MD5 too. A
 * server that takes everything, and remembers what it was sent.
 */
let server: Server
let sent: { part: string | null; md5: string | undefined; body: Buffer }[]
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await buffer(request)
    const url = new URL(request.url as string, 'http://localhost')
    if (request.method === 'PUT')
      sent.push({
        part: url.searchParams.get('partNumber'),
        md5: request.headers['content-md5'] as string | undefined,
        body,
      })
    response.setHeader('ETag', '"x"')
    const answer = url.searchParams.has('uploads') ? 'InitiateMultipartUploadResult' : 'CompleteMultipartUploadResult'
    response.end(request.method === 'POST' ? `<${answer}><UploadId>u</UploadId></${answer}>` : '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test.each([
  ['a small blob', 1_000, [null]],
  ['every block', 12_000_000, ['1', '2', '3']],
])('%s carries the MD5 of its bytes', async (_, length, parts) => {
  sent = []
  const store = createS3Store({
    bucket: 'docs',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forcePathStyle: true,
    credentials: { accessKeyId: 'k', secretAccessKey: 's' },
    blockBytes: 5 * 1024 * 1024,
  })
  await store.put(uuid(), Readable.from([Buffer.alloc(length, 'some bytes')]))
  expect(sent.map(({ part }) => part).sort()).toEqual(parts)
  for (const { md5, body } of sent) expect(md5).toBe(createHash('md5').update(body).digest('base64'))
  expect(sent.reduce((sum, { body }) => sum + body.length, 0)).toBe(length)
})
