import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { inspect } from 'node:util'
import { CredentialUnavailableError } from '@azure/identity'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AzureEmulator, startAzureEmulator } from '../../../test/azure-emulator/emulator.ts'
import { textPdf } from '../../../test/fixtures.ts'
import { createService } from './service.ts'

/** A token instead of a key, which the SDK sends over https only: the emulator behind a certificate of its own. */
const TOKEN = 'the-token-that-nobody-may-see'
const trusted = tls.getCACertificates()
let emulator: AzureEmulator
let front: Server
let endpoint: string
let folder: string
let file: string

beforeAll(async () => {
  emulator = await startAzureEmulator({ key: TOKEN, limits: null })
  const names = [{ name: 'commonName', value: 'localhost' }]
  const certificate = await generate(names, {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  tls.setDefaultCACertificates([...trusted, certificate.cert])
  front = createServer({ key: certificate.private, cert: certificate.cert }, (incoming, response) => {
    const onward = request(
      `${emulator.url}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        const location = answer.headers['operation-location']
        const headers = { ...answer.headers }
        if (location) headers['operation-location'] = String(location).replace(emulator.url, endpoint)
        response.writeHead(answer.statusCode ?? 500, headers)
        answer.pipe(response)
      },
    )
    incoming.pipe(onward)
  }).listen(0)
  await once(front, 'listening')
  endpoint = `https://localhost:${(front.address() as AddressInfo).port}`
  folder = await mkdtemp(path.join(tmpdir(), 'adp-token-'))
  file = path.join(folder, 'a.pdf')
  await writeFile(file, await textPdf(['x']))
})

afterAll(async () => {
  tls.setDefaultCACertificates(trusted)
  front?.close()
  front?.closeAllConnections()
  await emulator?.close()
  await rm(folder, { recursive: true })
})

const withToken = (getToken: () => Promise<string>, at = endpoint) =>
  createService(at, {
    getToken: async () => ({ token: await getToken(), expiresOnTimestamp: Date.now() + 60 * 60 * 1000 }),
  })
const { signal } = new AbortController()
const submission = () => ({ path: file, contentType: 'application/pdf', model: 'prebuilt-read', options: {} })

test('a token submits and polls', async () => {
  const service = withToken(async () => TOKEN)
  const submitted = await service.submit(submission(), signal)
  if (submitted.kind !== 'accepted') throw new Error(JSON.stringify(submitted))
  const answer = path.join(folder, 'answer.json')
  expect(await service.poll(submitted.location, answer, signal)).toMatchObject({ kind: 'answer' })
  expect(JSON.parse(await readFile(answer, 'utf8')).status).toBe('succeeded')
})

test('one that is refused, and none at all, are errors of their own, and nothing is sent twice', async () => {
  const before = emulator.ledger().length
  const refused = await withToken(async () => `${TOKEN}-old`).submit(submission(), signal)
  expect(refused).toMatchObject({ kind: 'refused', error: { code: 'credentials_refused' } })
  const none = withToken(() => Promise.reject(new CredentialUnavailableError('az login was never run')))
  const submitted = await none.submit(submission(), signal)
  expect(submitted).toMatchObject({ kind: 'refused', error: { code: 'credentials_unavailable' } })
  expect(inspect([refused, submitted], { depth: null })).not.toContain(TOKEN)
  expect(emulator.ledger().length).toBe(before)
})

test('a certificate for another name is seen before anything is sent: it was not accepted', async () => {
  const before = emulator.ledger().length
  const elsewhere = withToken(async () => TOKEN, endpoint.replace('localhost', '127.0.0.1'))
  const submitted = await elsewhere.submit(submission(), signal)
  expect(submitted).toMatchObject({ kind: 'refused', error: { code: 'provider_unavailable' } })
  expect(emulator.ledger().length).toBe(before)
})
