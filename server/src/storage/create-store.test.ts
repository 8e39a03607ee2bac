import { execFileSync } from 'node:child_process'
import { v4 as uuid } from 'uuid'
import { expect, test } from 'vitest'
import { connectionString } from '../../test/stores/azurite.ts'
import { readConfig } from '../config.ts'
import { createStore } from './create-store.ts'

const AZURE = {
  STORAGE: 'azure-blob',
  AZURE_STORAGE_CONTAINER: 'c',
  AZURE_STORAGE_CONNECTION_STRING: connectionString(1),
}
const S3 = {
  STORAGE: 's3',
  S3_BUCKET: 'docs',
  S3_REGION: 'eu-west-1',
  S3_ACCESS_KEY_ID: 'k',
  S3_SECRET_ACCESS_KEY: 's',
}
const link = { filename: 'a.pdf', contentType: 'application/pdf', expiresInMs: 60_000 }

test.each([
  ['filesystem', {}, /^null$/],
  ['azure-blob', AZURE, /^http:\/\/127\.0\.0\.1:1\/devstoreaccount1\/c\/.*sig=/],
  ['azure-blob without links', { ...AZURE, STORAGE_LINKS: 'false' }, /^null$/],
  ['s3', S3, /^https:\/\/docs\.s3\.eu-west-1\.amazonaws\.com\/.*X-Amz-Signature=/],
  [
    's3 elsewhere',
    { ...S3, S3_ENDPOINT: 'https://s3.example', S3_FORCE_PATH_STYLE: 'true' },
    /^https:\/\/s3\.example\/docs\//,
  ],
  ['s3 without links', { ...S3, STORAGE_LINKS: 'false' }, /^null$/],
])('%s has the links of its store', async (_, env, expected) => {
  const store = await createStore(readConfig(env))
  expect(String(await store.presign(uuid(), link))).toMatch(expected)
})

test('a connection string that is none is an error without it', async () => {
  const config = readConfig({ ...AZURE, AZURE_STORAGE_CONNECTION_STRING: 'AccountName=x;AccountKey=c2VjcmV0' })
  const error = await createStore(config).catch((error: Error) => error)
  expect(String(error)).toMatch(/AZURE_STORAGE_CONNECTION_STRING/)
  expect(String(error)).not.toMatch(/c2VjcmV0/)
})

test('a filesystem user loads no SDK', () => {
  const script = `
    const { registerHooks } = await import('node:module')
    const loaded = []
    registerHooks({ resolve: (name, context, next) => { loaded.push(name); return next(name, context) } })
    const { createStore } = await import('./server/src/storage/create-store.ts')
    await createStore({ STORAGE: 'filesystem', DATA_DIR: '.', STORAGE_LINKS: true })
    console.log(JSON.stringify(loaded))`
  const root = new URL('../../..', import.meta.url)
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
  expect(loaded).toContain('filesystem.ts')
  expect(loaded).not.toMatch(/@aws-sdk|@azure|s3\.ts|azure-blob\.ts/)
})
