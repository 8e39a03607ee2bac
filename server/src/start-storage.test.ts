import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { Document, DocumentDetails } from '@adp/contract/document.ts'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textPdf } from '../test/fixtures.ts'
import { type Product, startProduct } from '../test/product.ts'
import { upload, waitForJob } from '../test/run-start.ts'
import { AZURITE_KEY, connectionString, startAzurite } from '../test/stores/azurite.ts'
import { type Damage, startDamagingProxy } from '../test/stores/damaging-proxy.ts'

/** The whole product with its documents in Azure Blob Storage, which goes away and comes back. */
let azurite: { port: number; stop(): Promise<void> }
let proxy: { port: number; damage: Damage; close(): void }
let product: Product
const storage = (port: number) => ({
  STORAGE: 'azure-blob',
  AZURE_STORAGE_CONTAINER: 'docs',
  AZURE_STORAGE_CONNECTION_STRING: connectionString(port),
})
const container = () =>
  BlobServiceClient.fromConnectionString(connectionString(azurite.port)).getContainerClient('docs')
const post = (path: string) => fetch(`${product.url}${path}`, { method: 'POST' })

beforeAll(async () => {
  azurite = await startAzurite()
  await container().create()
  proxy = await startDamagingProxy(azurite.port)
  product = await startProduct(storage(proxy.port))
})
afterAll(async () => {
  await product?.stop()
  proxy?.close()
  await azurite?.stop()
})

test('a document goes in, is read, and comes back byte for byte by a link of the storage', async () => {
  const original = await textPdf(['Kept in a container'])
  const [document] = await upload(product.url, { 'Größe 1.pdf': original })
  const { id } = document as Document
  expect(await waitForJob(product.url, id)).toMatchObject({ status: 'COMPLETED', attempts: 1 })
  const result = (await (await fetch(`${product.url}/documents/${id}/result`)).json()) as { content: string }
  expect(result.content).toContain('Kept in a container')

  const answer = await fetch(`${product.url}/documents/${id}/content`, { redirect: 'manual' })
  expect(answer.status).toBe(302)
  const link = answer.headers.get('location') as string
  expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${proxy.port}/devstoreaccount1/docs/`))
  const expiresIn = Date.parse(new URL(link).searchParams.get('se') as string) - Date.now()
  expect(expiresIn).toBeGreaterThan(0)
  expect(expiresIn).toBeLessThanOrEqual(300_000)
  const content = await fetch(link)
  expect(Buffer.from(await content.arrayBuffer()).equals(original)).toBe(true)
  expect(content.headers.get('content-disposition')).toContain("filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.pdf")

  expect((await fetch(`${product.url}/documents/${id}`, { method: 'DELETE' })).status).toBe(204)
  for await (const { name } of container().listBlobsFlat()) throw new Error(`${name} is still there`)
})

test('while the storage is away an upload is refused with 503, and a job gets another attempt', async () => {
  await post('/queue/pause')
  const [document] = await upload(product.url, { 'a.pdf': await textPdf(['Hello there']) })
  const { id } = document as Document
  proxy.damage = { refuse: true }

  const form = new FormData()
  form.append('files', new Blob([new Uint8Array(await textPdf(['x']))]), 'b.pdf')
  const refused = await fetch(`${product.url}/documents`, { method: 'POST', body: form })
  expect(refused.headers.get('retry-after')).toBe('2')
  expect([refused.status, await refused.json()]).toMatchObject([
    503,
    { code: 'unavailable', detail: 'The storage cannot be used.' },
  ])
  const ready = await fetch(`${product.url}/health/ready`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { code: 'unavailable' }])

  await post('/queue/resume')
  await waitForJob(product.url, id, (job) => job.error?.code === 'unavailable')
  proxy.damage = {}
  expect(await waitForJob(product.url, id)).toMatchObject({ status: 'COMPLETED' })
  const { attempts } = (await (await fetch(`${product.url}/documents/${id}`)).json()) as DocumentDetails
  expect(attempts.find((one) => one.attempt === 1)).toMatchObject({ outcome: 'FAILED', error_code: 'unavailable' })

  // Said in the log, without what opens the storage.
  expect(product.log()).toMatch(/The storage account devstoreaccount1 cannot be used/)
  for (const secret of [AZURITE_KEY, 'SharedKey', 'sig=']) expect(product.log()).not.toContain(secret)
})

test.each([
  ['a storage that is away', 1, {}, /The storage account devstoreaccount1 cannot be used: .*ECONNREFUSED/],
  ['a container that is not there', null, { AZURE_STORAGE_CONTAINER: 'none' }, /has no container none\. Create it/],
])('a worker on %s ends with one sentence that says so', async (_, port, env, expected) => {
  const worker = execFile(process.execPath, [new URL('worker.ts', import.meta.url).pathname], {
    env: { ...process.env, DATABASE_URL: product.databaseUrl, ...storage(port ?? azurite.port), ...env },
  })
  let said = ''
  worker.stderr?.on('data', (text) => {
    said += text
  })
  expect(await once(worker, 'close')).toEqual([1, null])
  expect(said.trim().split('\n')).toEqual([expect.stringMatching(expected)])
  expect(said).not.toContain(AZURITE_KEY)
})
