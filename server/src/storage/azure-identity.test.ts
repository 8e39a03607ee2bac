import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { BlobServiceClient } from '@azure/storage-blob'
import { v4 as uuid } from 'uuid'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { connectionString, startAzurite } from '../../test/stores/azurite.ts'
import { type IdentityEndpoint, makeCertificate, startIdentityEndpoint } from '../../test/stores/identity.ts'
import { readConfig } from '../config.ts'
import { createAzureBlobStore } from './azure-blob.ts'
import { StorageError } from './blob-store.ts'
import { createStore } from './create-store.ts'

/** AZURE_STORAGE_ACCOUNT_URL: a managed identity's token by https, and links by a key that the account lends it. */
let folder: string
let azurite: { port: number; stop(): Promise<void> }
let identity: IdentityEndpoint
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-identity-'))
  await makeCertificate(folder)
  azurite = await startAzurite(folder)
  // One for all: the SDK looks for it once in a process.
  identity = await startIdentityEndpoint()
  const byKey = connectionString(azurite.port).replaceAll(/http(?=:|;)/g, 'https')
  await BlobServiceClient.fromConnectionString(byKey).getContainerClient('docs').create()
})
afterEach(() => {
  Object.assign(identity, { asked: [], lifeSeconds: 3600, refuses: false })
  vi.unstubAllEnvs()
})
afterAll(async () => {
  identity?.close()
  await azurite?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function connect() {
  for (const [name, value] of Object.entries(identity.env)) vi.stubEnv(name, value)
  // Tokens are remembered for the whole process, for each identity.
  vi.stubEnv('AZURE_CLIENT_ID', uuid())
  const AZURE_STORAGE_ACCOUNT_URL = `https://127.0.0.1:${azurite.port}/devstoreaccount1`
  const env = { STORAGE: 'azure-blob', AZURE_STORAGE_CONTAINER: 'docs', AZURE_STORAGE_ACCOUNT_URL }
  return createStore(readConfig(env))
}

const refusal = async (work: Promise<unknown>) => {
  const error = await work.catch((error: Error) => error)
  expect(error).toBeInstanceOf(StorageError)
  const text = inspect(error, { depth: 10, showHidden: true })
  const secrets = [identity.token, identity.env.IDENTITY_HEADER].filter(Boolean) as string[]
  for (const secret of secrets) expect(text).not.toContain(secret)
  return (error as Error).message
}

test('an identity is all that it takes, and one token for many requests', async () => {
  const store = await connect()
  await store.check()
  const key = uuid()
  const bytes = Buffer.alloc(20_000_000, 'abcdefg')
  await store.put(key, Readable.from([bytes]))
  expect((await buffer(await store.read(key))).equals(bytes)).toBe(true)
  expect(await store.head(key)).toEqual({ sizeBytes: bytes.length })
  await store.delete(key)
  expect(await store.head(key)).toBeNull()
  expect(identity.asked).toEqual(['https://storage.azure.com'])
})

test('a link is signed with a lent key: it opens its own blob and no other, and has no token in it', async () => {
  const store = await connect()
  const [key, other] = [uuid(), uuid()]
  for (const one of [key, other]) await store.put(one, Readable.from([Buffer.from(one)]))
  const link = { filename: 'a b.pdf', contentType: 'application/pdf', expiresInMs: 2_000 }
  const url = (await store.presign(key, link)) as string
  expect(new URL(url).searchParams.get('skoid')).toBeTruthy()
  expect(url).not.toContain(identity.token)
  const response = await fetch(url)
  expect([response.status, await response.text()]).toEqual([200, key])
  expect((await fetch(url.replace(key, other))).status).toBe(403)
  await expect.poll(async () => (await fetch(url)).status, { interval: 200 }).toBe(403)
})

test('a token that the account refuses is no secret in the error', async () => {
  identity.lifeSeconds = -60
  const store = await connect()
  expect(await refusal(store.check())).toMatch(/refuses the key or the identity it is given: AuthenticationFailed/)
  expect(await refusal(store.presign(uuid(), { filename: 'a', contentType: 'a/b', expiresInMs: 1_000 }))).toMatch(
    /refuses/,
  )
})

test('an identity that is not there is said, and what was asked for it is not', async () => {
  const store = await connect()
  identity.refuses = true
  expect(await refusal(store.check())).toMatch(
    /^The storage account devstoreaccount1 cannot be used: .*ManagedIdentityCredential/,
  )
})

test('a token is never sent by plain http, whatever the settings let through', async () => {
  await connect()
  const url = `http://127.0.0.1:${azurite.port}/devstoreaccount1`
  const store = await createAzureBlobStore({ container: 'docs', account: { url } })
  expect(await refusal(store.check())).toMatch(/not permitted for non-TLS/)
  expect(identity.asked).toEqual([])
})
