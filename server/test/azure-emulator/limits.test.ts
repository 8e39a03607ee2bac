import { afterEach, expect, test } from 'vitest'
import { blankPdf } from '../fixtures.ts'
import { createPeakCounter, createTokenBucket } from './limits.ts'
import type { AzureEmulatorOptions } from './options.ts'
import { KEY, startTestEmulator, type TestEmulator } from './testing.ts'

let emulator: TestEmulator
const start = async (options: Partial<AzureEmulatorOptions>) => {
  emulator = await startTestEmulator(options)
  return emulator
}
afterEach(() => emulator.close())

const statuses = async (responses: Promise<Response>[]) => {
  const got = (await Promise.all(responses)).map((response) => response.status)
  return Object.fromEntries([...Map.groupBy(got, (status) => status)].map(([status, all]) => [status, all.length]))
}
const body = async (response: Response) => (await response.json()) as { status: string; analyzeResult?: unknown }

test('S0: 15 POST and 50 GET a second, each by itself; what is above gets the gateway’s 429 and is not billed', async () => {
  const { clock, analyze, get, submit, counts, ledger } = await start({ limits: undefined as never })
  const pdf = await blankPdf()
  const location = await submit(pdf)
  expect(await statuses(Array.from({ length: 20 }, () => analyze(pdf)))).toEqual({ 202: 14, 429: 6 })
  expect(await statuses(Array.from({ length: 60 }, () => get(location)))).toEqual({ 200: 50, 429: 10 })
  const refused = await analyze(pdf)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toEqual({
    error: { code: '429', message: expect.stringContaining('retry after 1 sec') },
  })
  clock.ms += 200
  expect(await statuses(Array.from({ length: 5 }, () => analyze(pdf)))).toEqual({ 202: 3, 429: 2 })
  expect(counts()).toMatchObject({
    exceeded: { post: 9, get: 10 },
    requests: { post: { 202: 18, 429: 9 }, get: { 200: 50, 429: 10 } },
    peakPerSecond: { post: 27, get: 60 },
    results: 50,
  })
  expect(ledger()).toMatchObject([{ accepted: 18, billedPages: 18 }])
})

test('a DELETE has no limit, and uses up nobody else’s', async () => {
  const limits = { post: { perSecond: 1, burst: 1 }, get: { perSecond: 1, burst: 1 } }
  const { get, submit } = await start({ limits })
  const location = await submit(await blankPdf())
  const remove = () => get(location, { method: 'DELETE', headers: { 'Ocp-Apim-Subscription-Key': KEY } })
  expect(await statuses([remove(), remove(), remove()])).toEqual({ 204: 1, 404: 2 })
  expect((await get(location)).status).toBe(404)
  expect((await get(location)).status).toBe(429)
})

test('F0: 1 a second, and of a long document the first two pages, without a word about the others', async () => {
  const { clock, analyze, get, submit, ledger } = await start({ tier: 'F0', limits: undefined as never })
  const pdf = await blankPdf(5)
  const location = await submit(pdf)
  expect((await analyze(pdf)).status).toBe(429)
  clock.ms += 999
  expect((await analyze(pdf)).status).toBe(429)
  clock.ms += 1
  expect((await analyze(pdf)).status).toBe(202)
  expect(await (await get(location)).json()).toMatchObject({
    status: 'succeeded',
    analyzeResult: { pages: [{ pageNumber: 1 }, { pageNumber: 2 }] },
  })
  expect((await get(location)).status).toBe(429)
  expect(ledger()).toMatchObject([{ accepted: 2, billedPages: 4 }])
})

test('Retry-After as a date', async () => {
  const limits = { post: { perSecond: 0.1, burst: 1 }, get: { perSecond: 1, burst: 1 } }
  const { clock, analyze, submit } = await start({ retryAfter: 'date', limits })
  const pdf = await blankPdf()
  await submit(pdf)
  clock.ms += 2_000
  const retryAfter = (await analyze(pdf)).headers.get('retry-after') as string
  expect(Date.parse(retryAfter) - clock.ms).toBe(8_000)
})

test('notStarted, running, succeeded by the clock alone; Retry-After until it is done; gone after 24 hours', async () => {
  const { clock, get, submit } = await start({ analysisMs: ({ pages }) => pages * 1_000 })
  const location = await submit(await blankPdf(2))
  const created = { createdDateTime: '2026-01-01T00:00:00Z' }
  const look = async () => {
    const response = await get(location)
    return [response.headers.get('retry-after'), await body(response)]
  }
  expect(await look()).toEqual(['1', { status: 'notStarted', ...created, lastUpdatedDateTime: '2026-01-01T00:00:00Z' }])
  clock.ms += 1_000
  expect(await look()).toEqual(['1', { status: 'running', ...created, lastUpdatedDateTime: '2026-01-01T00:00:01Z' }])
  clock.ms += 999
  expect(await look()).toMatchObject(['1', { status: 'running' }])
  clock.ms += 1
  expect(await look()).toMatchObject([null, { status: 'succeeded', lastUpdatedDateTime: '2026-01-01T00:00:02Z' }])
  clock.ms += 24 * 3_600_000 - 1
  expect(await look()).toMatchObject([null, { status: 'succeeded' }])
  clock.ms += 1
  const gone = await get(location)
  expect(gone.status).toBe(404)
  expect(await gone.json()).toMatchObject({ error: { innererror: { code: 'OperationNotFound' } } })
})

test('the ledger: by content, with what was accepted when, as what, and for how many pages', async () => {
  const { clock, analyze, submit, ledger, url } = await start({})
  const [one, two] = [await blankPdf(1), await blankPdf(3)]
  const first = await submit(one, { model: 'prebuilt-read' })
  clock.ms += 5
  await submit(one)
  await submit(two, { query: { pages: '2-3' } })
  await analyze(two, { query: { pages: '9' } })
  const entries = ledger()
  const { createHash } = await import('node:crypto')
  const sha256 = createHash('sha256').update(one).digest('hex')
  expect(entries).toMatchObject([
    { sha256, accepted: 2, billedPages: 2 },
    { accepted: 1, billedPages: 2 },
  ])
  expect(first).toContain(`${url}/documentintelligence/documentModels/prebuilt-read/`)
  expect(entries[0]?.submissions).toEqual([
    {
      operationId: /[0-9a-f-]{36}/.exec(first)?.[0],
      modelId: 'prebuilt-read',
      sha256,
      bytes: one.length,
      pages: 1,
      acceptedAtMs: clock.ms - 5,
      failed: false,
    },
    expect.objectContaining({ modelId: 'prebuilt-layout', acceptedAtMs: clock.ms }),
  ])
})

test('the hooks are awaited: before accepting, after it, and around a result', async () => {
  const seen: string[] = []
  const later = async (what: string) => {
    await new Promise(setImmediate)
    seen.push(`${what}, billed ${emulator.ledger().length}`)
  }
  const { get, submit } = await start({
    onRequest: ({ kind, n, sha256 }) => later(`${kind} ${n} ${sha256?.length}`),
    onAccepted: ({ pages }) => later(`accepted ${pages}`),
    onAnswering: (_, moment) => later(moment),
  })
  const location = await submit(await blankPdf())
  seen.push('202')
  await (await get(location)).text()
  await (await get(location, { method: 'DELETE', headers: { 'Ocp-Apim-Subscription-Key': KEY } })).text()
  expect(seen).toEqual([
    'post 1 64, billed 0',
    'accepted 1, billed 1',
    '202',
    'get 1 64, billed 1',
    'before, billed 1',
    'middle, billed 1',
    'delete 1 64, billed 1',
  ])
})

test('a bucket holds no more than its burst, and says when the next token comes', () => {
  const bucket = createTokenBucket({ perSecond: 3, burst: 2 })
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, expect.closeTo(333.3, 1)])
  expect([bucket.take(60_000), bucket.take(60_000)]).toEqual([0, 0])
  expect(bucket.take(60_000)).toBeGreaterThan(0)
})

test('the peak is that of any second, not of the calendar’s', () => {
  const counter = createPeakCounter()
  for (const ms of [0, 900, 950, 1_000, 1_899, 1_900]) counter.add(ms)
  expect(counter.peak).toBe(4)
})
