import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { Environment, readConfig } from './config.ts'

test('nothing set gives the documented defaults', () => {
  expect(readConfig({})).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 3000,
    DATA_DIR: path.resolve('.data'),
    WORKER_TIMEOUT_SECONDS: 15,
    JOB_MAX_ATTEMPTS: 5,
    JOB_RETENTION_DAYS: 30,
    DOCUMENT_RETENTION_DAYS: 0,
    MAX_UPLOAD_BYTES: 524_288_000,
    OCR_LANGUAGES: ['eng', 'por'],
  })
})

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}))
})

test('every wrong variable is named at once', () => {
  const wrong = { PORT: '99999', DATABASE_URL: 'mysql://x', WORKER_CONCURRENCY: '0', JOB_MAX_ATTEMPTS: 'five' }
  expect(() => readConfig(wrong)).toThrow(
    /PORT="99999": [\s\S]*DATABASE_URL: [\s\S]*WORKER_CONCURRENCY="0": [\s\S]*JOB_MAX_ATTEMPTS="five": not a number/,
  )
})

const SECRET = 'c2VjcmV0'
test.each<[Record<string, string>, string]>([
  [{ STORAGE: 'ftp' }, 'STORAGE="ftp"'],
  [{ STORAGE_LINKS: 'maybe' }, 'STORAGE_LINKS="maybe": neither true nor false'],
  [{ STORAGE: 'azure-blob', AZURE_STORAGE_CONNECTION_STRING: SECRET }, 'AZURE_STORAGE_CONTAINER: needed'],
  [{ STORAGE: 'azure-blob', AZURE_STORAGE_CONTAINER: 'c' }, 'AZURE_STORAGE_CONNECTION_STRING: this or'],
  [
    {
      STORAGE: 'azure-blob',
      AZURE_STORAGE_CONTAINER: 'c',
      AZURE_STORAGE_ACCOUNT_URL: 'https://x.y',
      AZURE_STORAGE_CONNECTION_STRING: SECRET,
    },
    'AZURE_STORAGE_ACCOUNT_URL: names an account beside',
  ],
  [
    { STORAGE: 'azure-blob', AZURE_STORAGE_CONTAINER: 'c', AZURE_STORAGE_ACCOUNT_URL: `x:${SECRET}` },
    'AZURE_STORAGE_ACCOUNT_URL: has to be https',
  ],
  [
    { STORAGE: 'azure-blob', AZURE_STORAGE_CONTAINER: 'c', AZURE_STORAGE_ACCOUNT_URL: `http://x.y?sig=${SECRET}` },
    'AZURE_STORAGE_ACCOUNT_URL: has to be https',
  ],
  [{ STORAGE: 's3', S3_REGION: 'r' }, 'S3_BUCKET: needed'],
  [{ STORAGE: 's3', S3_BUCKET: 'b' }, 'S3_REGION: needed'],
  [{ STORAGE: 's3', S3_BUCKET: 'b', S3_REGION: 'r', S3_ACCESS_KEY_ID: 'k' }, 'S3_SECRET_ACCESS_KEY: needed'],
  [{ STORAGE: 's3', S3_BUCKET: 'b', S3_REGION: 'r', S3_SECRET_ACCESS_KEY: SECRET }, 'S3_ACCESS_KEY_ID: needed'],
  [
    { STORAGE: 's3', S3_BUCKET: 'b', S3_REGION: 'r', MAX_UPLOAD_BYTES: '83886080001' },
    'MAX_UPLOAD_BYTES: STORAGE=s3 takes at most 83886080000',
  ],
  [{ S3_BUCKET: 'b' }, 'S3_BUCKET: is set, but STORAGE is not'],
])('%j is refused with one line, and no secret in it', (env, line) => {
  let message = ''
  try {
    readConfig(env)
  } catch (error) {
    message = (error as Error).message
  }
  const lines = message.split('\n').slice(1)
  expect(lines).toEqual([expect.stringContaining(line)])
  expect(message).not.toContain(SECRET)
})

test('each storage has the settings it needs', () => {
  const azure = {
    STORAGE: 'azure-blob',
    AZURE_STORAGE_CONTAINER: 'c',
    AZURE_STORAGE_ACCOUNT_URL: 'https://x.blob.core.windows.net',
  }
  expect(readConfig({ ...azure, MAX_UPLOAD_BYTES: '83886080001' })).toMatchObject({ ...azure, STORAGE_LINKS: true })
  const s3 = { STORAGE: 's3', S3_BUCKET: 'b', S3_ENDPOINT: 'http://127.0.0.1:9000' }
  expect(readConfig({ ...s3, STORAGE_LINKS: 'false' })).toMatchObject({
    ...s3,
    STORAGE_LINKS: false,
    S3_FORCE_PATH_STYLE: false,
  })
})

test('a wrong value is told from no number, and an address without its protocol from one', () => {
  const message = (env: NodeJS.ProcessEnv) => {
    expect(() => readConfig(env)).toThrow()
    try {
      readConfig(env)
    } catch (error) {
      return String(error)
    }
  }
  expect(message({ AZURE_DAILY_PAGES: '-1' })).toMatch(/AZURE_DAILY_PAGES="-1": .*>=0/)
  expect(message({ JOB_MAX_ATTEMPTS: '0' })).toMatch(/JOB_MAX_ATTEMPTS="0": .*>=1/)
  expect(message({ JOB_MAX_ATTEMPTS: 'five' })).toMatch(/not a number/)
  expect(message({ AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: 'name.cognitiveservices.azure.com' })).toMatch(
    /has to be an address like https:/,
  )
})

test.each(['README.md', 'docker-compose.yml'])('every setting is in %s', (file) => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8')
  // In a container these three are the image's own business.
  const own = file === 'README.md' ? [] : ['HOST', 'PORT', 'DATA_DIR']
  const missing = Object.keys(Environment.shape).filter(
    (name) => !own.includes(name) && !new RegExp(`\\b${name}\\b`).test(text),
  )
  expect(missing).toEqual([])
})

test('a provider without an endpoint, and a token over plain http, are refused at the start', () => {
  const endpoint = { AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: 'http://127.0.0.1:8080' }
  for (const provider of ['azure', 'auto'])
    expect(() => readConfig({ EXTRACTION_PROVIDER: provider })).toThrow(
      `EXTRACTION_PROVIDER is ${provider}: set AZURE_`,
    )
  expect(() => readConfig({ AZURE_DOCUMENT_INTELLIGENCE_KEY: 'k' })).toThrow(
    'set AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT too',
  )
  expect(() => readConfig(endpoint)).toThrow('plain http: set AZURE_DOCUMENT_INTELLIGENCE_KEY too')
  expect(readConfig({ ...endpoint, AZURE_DOCUMENT_INTELLIGENCE_KEY: 'k', EXTRACTION_PROVIDER: 'auto' })).toMatchObject({
    EXTRACTION_PROVIDER: 'auto',
  })
})
