import { afterEach, beforeAll, expect, test } from 'vitest'
import { blankPdf, textPdf } from '../fixtures.ts'
import type { Fault, FaultRequest } from './faults.ts'
import type { AzureEmulatorOptions } from './options.ts'
import { startTestEmulator, type TestEmulator } from './testing.ts'

let emulator: TestEmulator
let pdf: Buffer
beforeAll(async () => {
  pdf = await textPdf(['one', 'two'])
})
afterEach(() => emulator.close())

/** The fault is dealt to the first request of the kind. */
async function startWith(kind: FaultRequest['kind'], fault: Fault, options: Partial<AzureEmulatorOptions> = {}) {
  const faults = (request: FaultRequest) => (request.kind === kind && request.n === 1 ? fault : null)
  emulator = await startTestEmulator({ faults, ...options })
  return emulator
}
const accepted = () => emulator.ledger().reduce((sum, entry) => sum + entry.accepted, 0)
type Result = { content: string; pages: object[]; readResults?: object[] }
const resultOf = async (response: Response) => ((await response.json()) as { analyzeResult: Result }).analyzeResult

test.each([
  ['before accepting', 0],
  ['after accepting', 1],
] as const)('a status, a reset, an HTML page %s: %i billed', async (when, billed) => {
  for (const [fault, status] of [
    [{ kind: 'status', status: 503, when }, 503],
    [{ kind: 'html502', when }, 502],
    [{ kind: 'reset', when }, 'reset'],
  ] as const) {
    const { analyze, counts, close } = await startWith('post', fault)
    if (status === 'reset') await expect(analyze(pdf)).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } })
    else {
      const response = await analyze(pdf)
      expect([response.status, response.headers.get('content-type')]).toEqual([
        status,
        fault.kind === 'html502' ? 'text/html' : 'application/json; charset=utf-8',
      ])
      await response.text()
    }
    expect(accepted()).toBe(billed)
    expect((await analyze(pdf)).status).toBe(202)
    expect(counts()).toMatchObject({ faults: { [fault.kind]: 1 }, requests: { post: { [status]: 1, 202: 1 } } })
    if (fault.kind !== 'reset') await close()
  }
})

test('a connection destroyed before the body was read', async () => {
  emulator = await startTestEmulator({ resetUnread: (n) => n === 1 })
  const large = Buffer.concat([pdf, Buffer.alloc(50_000_000, ' ')])
  await expect(emulator.analyze(large)).rejects.toThrow('fetch failed')
  expect(emulator.ledger()).toEqual([])
  expect(emulator.counts()).toMatchObject({ faults: { 'reset unread': 1 }, requests: { post: { reset: 1 } } })
  expect((await emulator.analyze(large)).status).toBe(202)
})

test('what hangs has no answer until the emulator is closed, and is accepted or not', async () => {
  const { analyze, close, counts } = await startWith('post', { kind: 'hang', when: 'after accepting' })
  const hanging = analyze(pdf).then(
    () => 'answered',
    () => 'broken',
  )
  await expect.poll(accepted).toBe(1)
  expect(counts().requests.post).toEqual({ hang: 1 })
  await close()
  expect(await hanging).toBe('broken')
  await startWith('post', { kind: 'hang' })
})

test.each(['post', 'get'] as const)('a 429 of a %s, with Retry-After and without', async (kind) => {
  for (const retryAfter of [7, null]) {
    const { analyze, get, submit, counts, close } = await startWith(kind, { kind: '429', retryAfter })
    const response = kind === 'post' ? await analyze(pdf) : await get(await submit(pdf))
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe(retryAfter === null ? null : '7')
    expect(await response.json()).toMatchObject({ error: { code: '429' } })
    expect(counts()).toMatchObject({ faults: { 429: 1 }, exceeded: { post: 0, get: 0 } })
    if (retryAfter !== null) await close()
  }
})

test.each(['post', 'get'] as const)(
  'failed, told to a %s, is reported with 200, for good, and costs nothing',
  async (kind) => {
    const { get, submit, ledger, clock } = await startWith(kind, { kind: 'failed' }, { analysisMs: 5_000 })
    const location = await submit(pdf)
    if (kind === 'post') {
      expect(await (await get(location)).json()).toMatchObject({ status: 'notStarted' })
      clock.ms += 5_000
    }
    for (let look = 0; look < 2; look += 1) {
      const response = await get(location)
      expect(response.status).toBe(200)
      expect(response.headers.get('retry-after')).toBeNull()
      expect(await response.json()).toEqual({
        status: 'failed',
        createdDateTime: '2026-01-01T00:00:00Z',
        lastUpdatedDateTime: kind === 'post' ? '2026-01-01T00:00:05Z' : '2026-01-01T00:00:00Z',
        error: {
          code: 'InternalServerError',
          message: 'An unexpected error occurred.',
          details: [expect.objectContaining({ code: 'FailedToSerializeAnalyzeResult' })],
        },
      })
    }
    expect(ledger()).toMatchObject([{ accepted: 1, billedPages: 0, submissions: [{ failed: true }] }])
  },
)

test('a foreign host in Operation-Location', async () => {
  const { submit, url } = await startWith('post', { kind: 'foreign host' })
  expect(new URL(await submit(pdf)).origin).not.toBe(url)
  expect(new URL(await submit(pdf)).origin).toBe(url)
})

test('half of the JSON, as a complete answer', async () => {
  const { get, submit } = await startWith('get', { kind: 'truncated' })
  const location = await submit(pdf)
  const half = await (await get(location)).text()
  const whole = await (await get(location)).text()
  expect(whole.startsWith(half)).toBe(true)
  expect(() => JSON.parse(half)).toThrow(SyntaxError)
})

test('half of the JSON, and the connection is gone', async () => {
  const { get, submit, counts } = await startWith('get', { kind: 'cut' })
  const location = await submit(pdf)
  const response = await get(location)
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
  expect(counts()).toMatchObject({ results: 1, requests: { get: { cut: 1 } } })
  expect((await resultOf(await get(location))).pages).toHaveLength(2)
})

test('the result of another document, of one that was analyzed where there is one', async () => {
  emulator = await startTestEmulator({ faults: ({ kind }) => (kind === 'get' ? { kind: 'other document' } : null) })
  const location = await emulator.submit(pdf)
  expect(await resultOf(await emulator.get(location))).toMatchObject({ content: 'Somebody else' })
  const other = await emulator.submit(await blankPdf())
  const sha256 = emulator.ledger().at(-1)?.sha256 as string
  expect((await resultOf(await emulator.get(location))).content).toContain(`Document ${sha256.slice(0, 16)}`)
  expect((await resultOf(await emulator.get(other))).content).not.toContain(`Document ${sha256.slice(0, 16)}`)
})

test('the last page is missing', async () => {
  const { get, submit } = await startWith('get', { kind: 'fewer pages' })
  const location = await submit(pdf)
  expect((await resultOf(await get(location))).pages).toHaveLength(1)
  expect((await resultOf(await get(location))).pages).toHaveLength(2)
})

test('shapes of other versions', async () => {
  const v2 = await startWith('get', { kind: 'old shape', shape: 'v2' })
  const old = await resultOf(await v2.get(await v2.submit(pdf)))
  expect(old.pages).toBeUndefined()
  expect(old.readResults).toMatchObject([
    { page: 1, lines: expect.arrayContaining([{ text: expect.anything(), boundingBox: expect.anything() }]) },
    { page: 2 },
  ])
  await v2.close()
  const preview = await startWith('get', { kind: 'old shape', shape: 'preview' })
  const json = await (await preview.get(await preview.submit(pdf))).text()
  expect(json).toContain('"boundingBox":[')
  expect(json).not.toContain('polygon')
})

test('what spoils a result does nothing before there is one, and is not counted; the script is told', async () => {
  const asked: FaultRequest[] = []
  emulator = await startTestEmulator({
    analysisMs: 10,
    faults: (request) => {
      asked.push(request)
      return request.kind === 'get' ? { kind: 'truncated' } : null
    },
  })
  const location = await emulator.submit(pdf)
  expect(await (await emulator.get(location)).json()).toMatchObject({ status: 'notStarted' })
  expect(emulator.counts().faults).toEqual({})
  emulator.clock.ms += 10
  await expect(emulator.get(location).then((response) => response.json())).rejects.toThrow(SyntaxError)
  expect(emulator.counts().faults).toEqual({ truncated: 1 })
  const sha256 = emulator.ledger()[0]?.sha256
  const operationId = /[0-9a-f-]{36}/.exec(location)?.[0]
  expect(asked).toEqual([
    { kind: 'post', n: 1, atMs: 0, sha256 },
    { kind: 'get', n: 1, atMs: 0, sha256, operationId, status: 'notStarted' },
    { kind: 'get', n: 2, atMs: 10, sha256, operationId, status: 'succeeded' },
  ])
})

test('a fault that the kind of request cannot have is an error, not silence', async () => {
  const { analyze } = await startWith('post', { kind: 'truncated' })
  const response = await analyze(pdf)
  expect(await response.json()).toEqual({
    error: { code: 'EmulatorBroken', message: 'Error: a post cannot have the fault truncated' },
  })
})
