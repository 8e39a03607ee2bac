import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { PDFDocument } from 'pdf-lib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AzureEmulator, startAzureEmulator } from '../../server/test/azure-emulator/emulator.ts'
import { generateAnswer } from '../../server/test/azure-emulator/generated-answer.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import { readShownPage } from '../../test/shown-result.ts'
import { contextOf, expectFine, looks, openPage } from './driver.ts'

/** An answer of the service with everything in it that the API has, from the emulator through the whole product to its page. */
let emulator: AzureEmulator
let product: Product
let browser: Browser
let id: string

/** Two pages of one shape, of which the service has made a picture of the second. */
const sizes = [
  { width: 8.5, height: 11, unit: 'inch' },
  { width: 1700, height: 2200, unit: 'pixel' },
] as const
const answer = generateAnswer({
  sha256: 'a'.repeat(64),
  pages: [...sizes],
  pageNumbers: [1, 2],
  options: {
    modelId: 'prebuilt-invoice',
    stringIndexType: 'utf16CodeUnit',
    contentFormat: 'text',
    features: new Set(['keyValuePairs', 'queryFields']),
    queryFields: ['Größe'],
  },
}) as unknown as AnalyzeResult

beforeAll(async () => {
  const files: string[] = []
  emulator = await startAzureEmulator({ key: 'the-key', answers: () => files[0] })
  product = await startProduct({
    AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: emulator.url,
    AZURE_DOCUMENT_INTELLIGENCE_KEY: 'the-key',
  })
  browser = await launchBrowser()
  files.push(path.join(product.dataDir, 'answer.json'))
  await writeFile(files[0] as string, JSON.stringify({ status: 'succeeded', analyzeResult: answer }))
  const pdf = await PDFDocument.create()
  for (let page = 0; page < 2; page += 1) pdf.addPage([8.5 * 72, 11 * 72])
  const options = { provider: 'azure', model: 'prebuilt-invoice' }
  id = (await upload(product.url, { 'invoice.pdf': Buffer.from(await pdf.save()) }, options))[0]?.id as string
  expect(await waitForJob(product.url, id)).toMatchObject({ status: 'COMPLETED', error: null })
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await emulator?.close()
})

const get = async (what: string) =>
  (await (await fetch(`${product.url}/documents/${id}/${what}`)).json()) as AnalyzeResult

test('the result is the answer’s, and every word is where its span says, in the document and on its page', async () => {
  const result = await get('result')
  expect(result).toEqual(answer)
  expect(result.pages.map(({ width, height, unit }) => ({ width, height, unit }))).toEqual(sizes)
  expect(result.content).toMatch(/[\u{10000}-\u{10FFFF}]/u)
  for (const { content, pages } of [result, await get('pages/1'), await get('pages/2')])
    for (const { content: word, span } of pages.flatMap((page) => page.words ?? []))
      expect(content.slice(span.offset, span.offset + span.length)).toBe(word)
})

const openResult = async (pageNumber: number, look = {}) => {
  const opened = await openPage(browser, product.url, look, `#/documents/${id}/pages/${pageNumber}`)
  return { ...opened, shown: await readShownPage(opened.page) }
}

/** By name, as the page has them; a line for each type of field that the API has, and what is asked for by name. */
const fields = (words: Record<string, string>) => [
  ['Copies', '3'],
  ['CountryOfOrigin', 'PRT'],
  ['Größe', 'answer-to-Größe'],
  ['InvoiceDate', words.date],
  ['InvoiceTotal', words.total],
  ['Items.0.Amount', words.amount],
  ['Items.0.Description', 'Widget'],
  ['Paid', words.yes],
  ['Quantity', words.quantity],
  ['ServiceTime', '14:05:00'],
  ['Signature', words.signed],
  ['Terms', 'net30'],
  ['Urgent', words.selected],
  ['VendorAddress', 'Lisboa'],
  ['VendorName', 'Contoso😀'],
  ['VendorPhone', '+351211234567'],
]

test.each([
  [
    'en-US',
    'Keys and values',
    {
      ...{ date: 'Jun 24, 2017', total: '$1,234.50', amount: '$12.50', quantity: '2.5' },
      ...{ yes: 'Yes', signed: 'signed', selected: 'selected' },
    },
  ],
  [
    'pt-BR',
    'Chaves e valores',
    {
      ...{ date: '24 de jun. de 2017', total: 'US$\u00A01.234,50', amount: 'US$\u00A012,50', quantity: '2,5' },
      ...{ yes: 'Sim', signed: 'assinado', selected: 'marcado' },
    },
  ],
])(
  'the page shows all of it in %s: words, marks, the table with its spans, fields of every type',
  async (locale, pairs, words) => {
    const { shown, faults, close } = await openResult(1, { locale })
    const [page] = answer.pages
    expect(shown.text).toBe((await get('pages/1')).content)
    expect(shown.words).toEqual(page?.words?.map(({ content }) => content))
    expect(shown.words.length).toBeGreaterThan(40)
    expect(shown.marks).toEqual([true, false, true])
    expect(shown.tables).toEqual([['0/0 1×2 Both 😀 columns', '1/0 2×1 Widget', '1/1 1×1 12.50', '2/1 1×1 13.75']])
    expect(shown.fields).toEqual([
      { of: 'invoice', fields: fields(words) },
      { of: pairs, fields: [['Reference:', 'R-aaaaaaaa-1']] },
    ])
    expect(faults).toEqual([])
    await close()
  },
)

test('the page in pixels is drawn as the one in inches is', async () => {
  const first = await openResult(1)
  const boxOf = (page: typeof first.page) => page.locator('.page-drawing g').first().boundingBox()
  const inInches = await boxOf(first.page)
  await first.close()
  const { page, shown, close } = await openResult(2)
  expect(shown.words).toEqual(answer.pages[1]?.words?.map(({ content }) => content))
  expect(shown.marks).toEqual([true, false])
  expect(shown.fields).toEqual([{ of: 'Keys and values', fields: [['Reference:', 'R-aaaaaaaa-2']] }])
  const inPixels = await boxOf(page)
  for (const side of ['x', 'y', 'width', 'height'] as const)
    expect(Math.abs((inPixels?.[side] ?? 0) - (inInches?.[side] ?? 0))).toBeLessThan(1)
  await close()
})

// The other looks add no rule: result-parts.test.ts has them all.
test.each([looks[0], { ...looks[3], width: 360 } as const])(
  'axe finds nothing in it, and nothing sticks out: $locale, $colorScheme, $width pixels wide',
  async (look) => {
    const { page, close } = await openResult(1, contextOf(look))
    await expectFine(page, 'a result of the service')
    await close()
  },
)
