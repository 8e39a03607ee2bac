import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createService } from './service.ts'

/** What a gateway before the service may answer, and the emulator, which is the service, does not. */
let folder: string
let file: string
let gateway: Server
let asked = 0

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-service-'))
  file = path.join(folder, 'a.pdf')
  await writeFile(file, '%PDF-1.7 whatever')
})
afterEach(() => gateway.close())
afterAll(() => rm(folder, { recursive: true }))

async function serve(answer: RequestListener) {
  asked = 0
  gateway = createServer((request, response) => {
    asked += 1
    void text(request).then(() => answer(request, response))
  }).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  return createService(`http://127.0.0.1:${(gateway.address() as AddressInfo).port}`, { key: 'the key' })
}

const submission = () => ({ path: file, contentType: 'application/pdf', model: 'prebuilt-read', options: {} })
const { signal } = new AbortController()

test.each([
  [{ 'Retry-After': '90' }, 90_000],
  [{}, 60 * 60_000],
])(
  'a quota of the gateway that is over (%j) is a throttle, and no refusal of the key',
  async (headers, retryAfterMs) => {
    const service = await serve((_, response) =>
      response
        .writeHead(403, { 'Content-Type': 'application/json', ...headers })
        .end('{"error":{"code":"403","message":"Out of call volume quota. Quota will be replenished in 01:30:00."}}'),
    )
    expect(await service.submit(submission(), signal)).toMatchObject({ kind: 'throttled', retryAfterMs })
  },
)

test('another 403 is a refusal of the key', async () => {
  const service = await serve((_, response) => response.writeHead(403).end('{"error":{"code":"403","message":"No."}}'))
  expect(await service.submit(submission(), signal)).toMatchObject({
    kind: 'refused',
    error: { code: 'credentials_refused' },
  })
})

test('who is to stop before anything is sent sends nothing', async () => {
  const service = await serve((_, response) => response.writeHead(202).end())
  const submitted = await service.submit(submission(), AbortSignal.abort(new Error('the worker stops')))
  expect([submitted.kind, asked]).toEqual(['refused', 0])
})

test('who is to stop after that waits for the answer, which is paid for', async () => {
  const stop = new AbortController()
  const service = await serve((request, response) => {
    stop.abort(new Error('the worker stops'))
    const location = `http://${request.headers.host}/documentintelligence/documentModels/prebuilt-read/analyzeResults/1`
    response.writeHead(202, { 'Operation-Location': location }).end()
  })
  expect(await service.submit(submission(), stop.signal)).toMatchObject({ kind: 'accepted' })
})
