import { Readable } from 'node:stream'
import createClient, {
  type AnalyzeOperationOutput,
  type DocumentIntelligenceClient,
  getLongRunningPoller,
  isUnexpected,
  parseResultIdFromResponse,
} from '@azure-rest/ai-document-intelligence'
import { afterEach, expect, test } from 'vitest'
import { textImage, textPdf } from '../fixtures.ts'
import type { AzureEmulatorOptions } from './options.ts'
import { KEY, startTestEmulator, type TestEmulator } from './testing.ts'

/** The official client cannot tell the emulator from the service. */
let emulator: TestEmulator
afterEach(() => emulator.close())

async function connect(
  options: Partial<AzureEmulatorOptions> = {},
  maxRetries = 0,
): Promise<DocumentIntelligenceClient> {
  emulator = await startTestEmulator(options)
  return createClient(emulator.url, { key: KEY }, { allowInsecureConnection: true, retryOptions: { maxRetries } })
}

const ANALYZE = '/documentModels/{modelId}:analyze'
const raw = { contentType: 'application/octet-stream' } as const
const json = { contentType: 'application/json' } as const

test('submits a stream, polls with its own poller through notStarted and running, reads and deletes', async () => {
  const client = await connect({
    analysisMs: 1_000,
    onRequest: ({ kind }) => {
      if (kind === 'get') emulator.clock.ms += 400
    },
  })
  const pdf = await textPdf(['one', 'two'])
  const submitted = await client.path(ANALYZE, 'prebuilt-invoice').post({
    ...raw,
    body: Readable.from([pdf.subarray(0, 100), pdf.subarray(100)]),
    queryParameters: { stringIndexType: 'utf16CodeUnit', features: ['keyValuePairs'], pages: '1-2', locale: 'pt-PT' },
  })
  if (isUnexpected(submitted)) throw new Error(submitted.body.error.message)
  const statuses: unknown[] = []
  const poller = getLongRunningPoller(client, submitted, { intervalInMs: 1 })
  poller.onProgress((state) => statuses.push(state.status))
  const { analyzeResult } = (await poller.pollUntilDone()).body as AnalyzeOperationOutput
  expect(statuses).toEqual(['running', 'running', 'succeeded'])
  expect(analyzeResult).toMatchObject({ modelId: 'prebuilt-invoice', stringIndexType: 'utf16CodeUnit' })
  expect(analyzeResult?.pages.map(({ pageNumber, unit }) => [pageNumber, unit])).toEqual([
    [1, 'inch'],
    [2, 'inch'],
  ])

  const one = client.path(
    '/documentModels/{modelId}/analyzeResults/{resultId}',
    'prebuilt-invoice',
    parseResultIdFromResponse(submitted),
  )
  const read = await one.get()
  expect(isUnexpected(read)).toBe(false)
  expect((read.body as AnalyzeOperationOutput).analyzeResult).toEqual(analyzeResult)
  expect((await one.delete()).status).toBe('204')
  const gone = await one.get()
  if (!isUnexpected(gone)) throw new Error('still there')
  expect([gone.status, gone.body.error.innererror?.code]).toEqual(['404', 'OperationNotFound'])
})

test('submits a base64 source', async () => {
  const client = await connect()
  const base64Source = (await textImage('Hello', 'png')).toString('base64')
  const submitted = await client.path(ANALYZE, 'prebuilt-read').post({ ...json, body: { base64Source } })
  if (isUnexpected(submitted)) throw new Error(submitted.body.error.message)
  const { analyzeResult } = (await getLongRunningPoller(client, submitted).pollUntilDone())
    .body as AnalyzeOperationOutput
  expect(analyzeResult?.pages).toMatchObject([{ pageNumber: 1, width: 1240, height: 1754, unit: 'pixel' }])
})

const layoutOf = (client: DocumentIntelligenceClient) => client.path(ANALYZE, 'prebuilt-layout')
type Layout = ReturnType<typeof layoutOf>
const postRaw = (to: Layout, body: Uint8Array, locale = 'en') => to.post({ ...raw, body, queryParameters: { locale } })

test.each([
  ['no content', (to: Layout) => postRaw(to, new Uint8Array()), 'InvalidContent'],
  ['a broken file', (to: Layout) => postRaw(to, new Uint8Array(100)), 'InvalidContent'],
  ['a locale', (to: Layout) => postRaw(to, new Uint8Array(1), 'thisIsNotALocaleString'), 'InvalidParameter'],
  [
    'a URL, which is not fetched',
    (to: Layout) => to.post({ ...json, body: { urlSource: 'https://example.com/a.pdf' } }),
    'ContentSourceNotAccessible',
  ],
])('reads the error about %s', async (_, post, code) => {
  const response = await post(layoutOf(await connect()))
  if (!isUnexpected(response)) throw new Error('accepted')
  expect([response.status, response.body.error.innererror?.code]).toEqual(['400', code])
})

test('reads the gateway’s errors: no key, and too many requests', async () => {
  const client = await connect({ limits: { post: { perSecond: 1, burst: 0 }, get: { perSecond: 1, burst: 0 } } })
  const post = (of: DocumentIntelligenceClient) =>
    of.path(ANALYZE, 'prebuilt-layout').post({ ...raw, body: new Uint8Array(1) })
  const throttled = await post(client)
  if (!isUnexpected(throttled)) throw new Error('accepted')
  expect([throttled.status, throttled.body.error.code, throttled.headers['retry-after']]).toEqual(['429', '429', '1'])
  const stranger = createClient(emulator.url, { key: 'wrong' }, { allowInsecureConnection: true })
  const denied = await post(stranger)
  if (!isUnexpected(denied)) throw new Error('accepted')
  expect([denied.status, denied.body.error.code]).toEqual(['401', '401'])
})

test('its poller reports a failed analysis', async () => {
  const client = await connect({ faults: ({ kind }) => (kind === 'post' ? { kind: 'failed' } : null) })
  const submitted = await client.path(ANALYZE, 'prebuilt-read').post({ ...raw, body: await textPdf(['one']) })
  if (isUnexpected(submitted)) throw new Error(submitted.body.error.message)
  await expect(getLongRunningPoller(client, submitted).pollUntilDone()).rejects.toThrow(
    'InternalServerError. An unexpected error occurred.',
  )
})

test('its own retries get through a throttle and an error, and pay once', async () => {
  const client = await connect(
    {
      faults: ({ kind, n }) =>
        kind === 'post'
          ? ((
              [
                { kind: '429', retryAfter: 1 },
                { kind: 'status', status: 500 },
              ] as const
            )[n - 1] ?? null)
          : null,
    },
    3,
  )
  const submitted = await client.path(ANALYZE, 'prebuilt-read').post({ ...raw, body: await textPdf(['one']) })
  expect(submitted.status).toBe('202')
  expect(emulator.counts().requests.post).toEqual({ 429: 1, 500: 1, 202: 1 })
  expect(emulator.ledger()).toMatchObject([{ accepted: 1 }])
})
