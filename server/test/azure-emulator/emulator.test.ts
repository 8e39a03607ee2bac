import createClient, { getLongRunningPoller, isUnexpected } from '@azure-rest/ai-document-intelligence'
import { afterEach, describe, expect, test } from 'vitest'
import { corruptPdf, multiPageTiff, textPdf } from '../fixtures.ts'
import { type EmulatorOptions, startAzureEmulator } from './emulator.ts'

/** The official SDK, pointed at the emulator: it has to be served as by the service. */
type Emulator = Awaited<ReturnType<typeof startAzureEmulator>>
let emulator: Emulator
let now = 0
afterEach(() => emulator.close())

async function start(options: Partial<EmulatorOptions> = {}, key = 'right') {
  now = Date.parse('2030-01-01T00:00:00Z')
  emulator = await startAzureEmulator({ key: 'right', now: () => now, ...options })
  const client = createClient(emulator.url, { key }, { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } })
  return client
}
type Client = Awaited<ReturnType<typeof start>>

const analyze = (client: Client, body: Buffer, query: Record<string, string> = {}, model = 'prebuilt-read') =>
  client.path('/documentModels/{modelId}:analyze', model).post({
    contentType: 'application/octet-stream',
    body,
    queryParameters: { stringIndexType: 'utf16CodeUnit', ...query },
  })
const idOf = (response: { headers: { 'operation-location'?: string } }) =>
  new URL(response.headers['operation-location'] ?? '').pathname.split('/').at(-1) ?? ''
const result = (client: Client, id: string) =>
  client.path('/documentModels/{modelId}/analyzeResults/{resultId}', 'prebuilt-read', id)

async function refusal(sent: ReturnType<typeof analyze>) {
  const response = await sent
  if (!isUnexpected(response)) throw new Error(`it was accepted: ${response.status}`)
  const { code, innererror } = response.body.error
  return [Number(response.status), code, innererror?.code]
}

test('the SDK submits, polls with its own poller, reads and deletes', async () => {
  const client = await start({ now: Date.now, analysisMs: 50 })
  const initial = await analyze(client, await textPdf(['one', 'two']))
  expect([initial.status, initial.headers['retry-after']]).toEqual(['202', undefined])
  if (isUnexpected(initial)) throw initial.body.error
  const done = (await getLongRunningPoller(client, initial, { intervalInMs: 20 }).pollUntilDone()).body as {
    analyzeResult: {
      content: string
      pages: { pageNumber: number; words: { content: string; span: { offset: number; length: number } }[] }[]
    }
  }
  const { content, pages } = done.analyzeResult
  expect(pages.map((page) => page.pageNumber)).toEqual([1, 2])
  for (const { content: word, span } of pages.flatMap((page) => page.words))
    expect(content.slice(span.offset, span.offset + span.length)).toBe(word)
  const id = idOf(initial)
  expect((await result(client, id).delete()).status).toBe('204')
  expect((await result(client, id).get()).status).toBe('404')
})

test('goes from notStarted over running to succeeded by its clock, and keeps a result for a day', async () => {
  const client = await start({ analysisMs: 10_000 })
  const id = idOf(await analyze(client, await textPdf(['x'])))
  const status = async () => ((await result(client, id).get()).body as { status?: string }).status
  const seen = []
  for (const ms of [0, 2_499, 1, 7_499, 1]) {
    now += ms
    seen.push(await status())
  }
  expect(seen).toEqual(['notStarted', 'notStarted', 'running', 'running', 'succeeded'])
  now += 24 * 60 * 60 * 1000 - 10_000
  expect(await status()).toBe('succeeded')
  now += 1
  const gone = await result(client, id).get()
  expect(isUnexpected(gone) && gone.body.error.innererror?.code).toBe('OperationNotFound')
})

describe('refuses', () => {
  test.each([
    ['an unknown model', {}, 'custom-1', [404, 'NotFound', 'ModelNotFound']],
    ['a locale that is none', { locale: 'nowhere' }, 'prebuilt-read', [400, 'InvalidArgument', 'InvalidParameter']],
    ['pages that are none', { pages: 'all' }, 'prebuilt-read', [400, 'InvalidArgument', 'InvalidParameter']],
    ['a parameter it does not know', { wish: '1' }, 'prebuilt-read', [400, 'InvalidArgument', 'InvalidParameter']],
  ])('%s', async (_, query, model, expected) => {
    const client = await start()
    expect(await refusal(analyze(client, await textPdf(['x']), query, model))).toEqual(expected)
    expect(emulator.billed).toEqual([])
  })

  test('a wrong key, an empty body, and what is no document', async () => {
    const client = await start({}, 'wrong')
    expect(await refusal(analyze(client, await textPdf(['x'])))).toEqual([401, '401', undefined])
    await emulator.close()
    const other = await start()
    expect(await refusal(analyze(other, Buffer.from('hello')))).toEqual([400, 'InvalidRequest', 'InvalidContent'])
    expect(emulator.billed).toEqual([])
  })

  test('more requests than its limits, until a token is there again', async () => {
    const limits = { post: { perSecond: 2, burst: 2 }, get: { perSecond: 1, burst: 1 } }
    const client = await start({ limits })
    const pdf = await textPdf(['x'])
    const statuses = async () => [
      (await analyze(client, pdf)).status,
      (await analyze(client, pdf)).status,
      (await analyze(client, pdf)).status,
    ]
    expect(await statuses()).toEqual(['202', '202', '429'])
    now += 499
    expect((await analyze(client, pdf)).status).toBe('429')
    now += 1
    expect((await analyze(client, pdf)).status).toBe('202')
    expect(emulator.exceeded).toEqual({ POST: 2, GET: 0 })
  })
})

test('bills what it accepts, by content, with the pages asked for, and not what fails', async () => {
  const client = await start({ fault: ({ n }) => (n === 1 ? { kind: 'analysis fails' } : null) })
  const tiff = await multiPageTiff(['one', 'two', 'three'])
  await analyze(client, tiff, { pages: '2-3' })
  const id = idOf(await analyze(client, tiff))
  await analyze(client, corruptPdf())
  expect(emulator.billed.map(({ model, pages }) => [model, pages])).toEqual([
    ['prebuilt-read', 2],
    ['prebuilt-read', 0],
  ])
  now += 60_000
  const failed = await result(client, id).get()
  expect([failed.status, (failed.body as { status: string }).status]).toEqual(['200', 'failed'])
})
