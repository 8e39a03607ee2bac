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
  expect(() => readConfig(endpoint)).toThrow('plain http: set AZURE_DOCUMENT_INTELLIGENCE_KEY too')
  expect(readConfig({ ...endpoint, AZURE_DOCUMENT_INTELLIGENCE_KEY: 'k', EXTRACTION_PROVIDER: 'auto' })).toMatchObject({
    EXTRACTION_PROVIDER: 'auto',
  })
})
