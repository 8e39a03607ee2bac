import { afterAll, beforeAll, expect, test } from 'vitest'
import { blankPdf, corruptJpeg, corruptPdf, encryptedPdf, pngOfSize, textPdf } from '../fixtures.ts'
import { TIERS } from './limits.ts'
import { KEY, startTestEmulator, type TestEmulator } from './testing.ts'

let emulator: TestEmulator
let pdf: Buffer
beforeAll(async () => {
  emulator = await startTestEmulator()
  pdf = await textPdf(['one', 'two', 'three'])
})
afterAll(() => emulator.close())

const refusal = async (response: Response) => {
  const { error } = (await response.json()) as {
    error: { code: string; innererror?: { code: string; message: string } }
  }
  return [response.status, error.code, error.innererror?.code, error.innererror?.message].filter(Boolean)
}

test('accepts with an empty 202, an absolute Operation-Location and no Retry-After', async () => {
  const response = await emulator.analyze(pdf)
  expect(response.status).toBe(202)
  expect(await response.text()).toBe('')
  expect(response.headers.get('retry-after')).toBeNull()
  expect(response.headers.get('operation-location')).toMatch(
    new RegExp(
      `^${emulator.url}/documentintelligence/documentModels/prebuilt-layout/analyzeResults/[0-9a-f-]{36}\\?api-version=2024-11-30$`,
    ),
  )
})

test.each([
  ['a wrong key', { key: 'wrong' }, [401, '401']],
  ['another api-version', { apiVersion: '2023-07-31' }, [404, '404']],
  ['an unknown model', { model: 'prebuilt-nothing' }, [404, 'NotFound', 'ModelNotFound']],
  ['a model id that is none', { model: '-' }, [400, 'InvalidArgument', 'InvalidParameter']],
  ['an unknown media type', { type: 'text/plain' }, [415, 'UnsupportedMediaType']],
])('refuses %s', async (_, request, expected) => {
  expect((await refusal(await emulator.analyze(pdf, request))).slice(0, 3)).toEqual(expected)
})

test.each([
  ['locale', 'thisIsNotALocaleString', 'The language code is invalid or not supported.'],
  ['locale', 'qq', 'The language code is invalid or not supported.'],
  ['pages', '3-1', 'The page range is invalid.'],
  ['pages', '0', 'The page range is invalid.'],
  ['pages', '1;2', 'The page range is invalid.'],
  ['pages', '2-4', 'The page range is beyond the pages of the document.'],
  ['features', 'barcodes,telepathy', 'The feature telepathy is invalid or not supported.'],
  ['stringIndexType', 'bytes', 'The value must be one of textElements, unicodeCodePoint, utf16CodeUnit.'],
  ['outputContentFormat', 'html', 'The value must be one of text, markdown.'],
  ['queryFields', 'Total', 'The feature queryFields is required.'],
])('refuses %s=%s', async (name, value, details) => {
  const parameter = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  expect(await refusal(await emulator.analyze(pdf, { query: { [name]: value } }))).toEqual([
    400,
    'InvalidArgument',
    'InvalidParameter',
    `The parameter ${parameter} is invalid: ${details}`,
  ])
})

test.each([
  [{ model: 'prebuilt-read', query: { features: 'keyValuePairs' } }],
  [{ query: { features: 'queryFields', queryFields: 'not a name' } }],
  [{ query: { features: 'queryFields', queryFields: Array.from({ length: 21 }, (_, n) => `f${n}`).join() } }],
])('refuses what does not go together: %o', async (request) => {
  expect((await refusal(await emulator.analyze(pdf, request))).slice(0, 3)).toEqual([
    400,
    'InvalidArgument',
    'InvalidParameter',
  ])
})

test('takes what is written as the service has it', async () => {
  for (const locale of ['en', 'pt-PT', 'zh-Hans']) await emulator.submit(pdf, { query: { locale } })
  await emulator.submit(pdf, { query: { pages: '1-2,3' }, type: 'application/pdf; charset=binary' })
  await emulator.submit(pdf, { query: { features: 'queryFields', queryFields: 'Größe,Total_2' } })
})

test.each([
  ['nothing', () => Buffer.alloc(0), 'InvalidContent'],
  ['a text', () => Buffer.from('plain text'), 'InvalidContent'],
  ['a broken PDF', corruptPdf, 'InvalidContent'],
  ['a PDF with a password', encryptedPdf, 'InvalidContent'],
  ['a broken picture', corruptJpegHead, 'InvalidContent'],
  ['a BMP that ends in its head', () => Buffer.from(`BM${'.'.repeat(23)}`), 'InvalidContent'],
  ['a picture of 49 px', () => pngOfSize(49, 500), 'InvalidContentDimensions'],
  ['a picture of 10,001 px', () => pngOfSize(500, 10_001), 'InvalidContentDimensions'],
])('refuses %s', async (_, content, code) => {
  expect((await refusal(await emulator.analyze(await content()))).slice(0, 3)).toEqual([400, 'InvalidRequest', code])
})

/** Its head alone says that it is a JPEG. */
async function corruptJpegHead(): Promise<Buffer> {
  return (await corruptJpeg()).subarray(0, 12)
}

test('takes pictures of 50 and 10,000 px', async () => {
  await emulator.submit(pngOfSize(50, 10_000))
})

test('a model of one’s own is known when it is named beforehand', async () => {
  const other = await startTestEmulator({ customModels: ['my-model'] })
  await other.submit(pdf, { model: 'my-model' })
  expect((await refusal(await emulator.analyze(pdf, { model: 'my-model' }))).slice(0, 3)).toEqual([
    404,
    'NotFound',
    'ModelNotFound',
  ])
  await other.close()
})

test('Office and HTML: only by the models that read them', async () => {
  const html = '<!DOCTYPE html><p>Hello'
  const location = await emulator.submit(html, { type: 'text/html' })
  expect(await (await emulator.get(location)).json()).toMatchObject({ status: 'succeeded' })
  const refused = await refusal(await emulator.analyze(html, { model: 'prebuilt-invoice', type: 'text/html' }))
  expect(refused.slice(0, 3)).toEqual([400, 'InvalidRequest', 'UnsupportedContent'])
})

test.each([
  ['{}', 'InvalidArgument', 'ParameterMissing'],
  ['null', 'InvalidArgument', 'InvalidContentSourceFormat'],
  ['{', 'InvalidArgument', 'InvalidContentSourceFormat'],
  ['{"urlSource":"https://example.com/a.pdf"}', 'InvalidRequest', 'ContentSourceNotAccessible'],
  ['{"urlSource":"https://example.com/a.pdf","base64Source":"AA=="}', 'InvalidArgument', 'InvalidContentSourceFormat'],
  ['{"base64Source":"not base64"}', 'InvalidArgument', 'InvalidParameter'],
  ['{"base64Source":""}', 'InvalidRequest', 'InvalidContent'],
])('refuses the JSON %s', async (json, top, inner) => {
  const refused = await refusal(await emulator.analyze(json, { type: 'application/json' }))
  expect(refused.slice(0, 3)).toEqual([400, top, inner])
})

test('a Bearer token is as good as a key; without either, 401', async () => {
  const location = await emulator.submit(pdf)
  expect((await fetch(location, { headers: { authorization: `Bearer ${KEY}` } })).status).toBe(200)
  expect((await fetch(location, { headers: { authorization: 'Bearer other' } })).status).toBe(401)
  expect(await refusal(await fetch(location))).toEqual([401, '401'])
})

test('other paths and methods', async () => {
  const location = await emulator.submit(pdf)
  expect(await refusal(await emulator.get(`${emulator.url}/formrecognizer/v2.1/layout/analyze`))).toEqual([404, '404'])
  expect(await refusal(await emulator.get(location.replace('2024-11-30', '2022-08-31')))).toEqual([404, '404'])
  const info = `${emulator.url}/documentintelligence/info?api-version=2024-11-30`
  expect(await refusal(await emulator.get(info))).toEqual([404, '404'])
  const put = await emulator.get(location, { method: 'PUT', headers: { 'Ocp-Apim-Subscription-Key': KEY } })
  expect(await refusal(put)).toEqual([405, 'MethodNotAllowed'])
})

test('a result is there under its model and its id only, and not after it was deleted', async () => {
  const location = await emulator.submit(pdf)
  const notFound = [404, 'NotFound', 'OperationNotFound']
  const other = (url: string) => emulator.get(url).then(refusal)
  expect((await other(location.replace('prebuilt-layout', 'prebuilt-read'))).slice(0, 3)).toEqual(notFound)
  expect((await other(location.replace(/[0-9a-f-]{36}/, crypto.randomUUID()))).slice(0, 3)).toEqual(notFound)
  expect((await emulator.get(location)).status).toBe(200)
  const init = { method: 'DELETE', headers: { 'Ocp-Apim-Subscription-Key': KEY } }
  expect((await emulator.get(location, init)).status).toBe(204)
  expect((await other(location)).slice(0, 3)).toEqual(notFound)
})

test('a megabyte above the limit of the tier is refused, as raw bytes and as base64', async () => {
  const f0 = await startTestEmulator({ tier: 'F0' })
  const over = Buffer.concat([await blankPdf(), Buffer.alloc(TIERS.F0.bytes, ' ')])
  const expected = [400, 'InvalidRequest', 'InvalidContentLength']
  expect((await refusal(await f0.analyze(over))).slice(0, 3)).toEqual(expected)
  const json = JSON.stringify({ base64Source: over.toString('base64') })
  expect((await refusal(await f0.analyze(json, { type: 'application/json' }))).slice(0, 3)).toEqual(expected)
  await f0.submit(over.subarray(0, TIERS.F0.bytes))
  expect(f0.ledger()).toHaveLength(1)
  await f0.close()
})
