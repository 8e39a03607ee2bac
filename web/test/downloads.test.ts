import { readFile } from 'node:fs/promises'
import type { Document } from '@adp/contract/document.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scannedPdf, textPdf } from '../../server/test/fixtures.ts'
import { readPdfWords } from '../../server/test/pdf-words.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import { contextOf, eventually, expectFine, looks, openPage } from './driver.ts'

let product: Product
let browser: Browser
let scan: Document
let prices: Document

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
  const files = { 'scan.pdf': await scannedPdf('Invoice 4711'), 'prices.csv': Buffer.from('Item,Price\nTea,12\n') }
  const documents = (await upload(product.url, files)) as Document[]
  for (const { id } of documents) await waitForJob(product.url, id)
  scan = documents.find(({ filename }) => filename === 'scan.pdf') as Document
  prices = documents.find(({ filename }) => filename === 'prices.csv') as Document
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const openMenu = async (page: Page) => {
  await page.getByRole('button', { name: /^(Download|Baixar)$/ }).click()
  await page.locator('.download-panel li').nth(6).waitFor()
}

test.each(looks)(
  'axe finds nothing in the menu, and it does not stick out: $locale, $colorScheme, $width',
  async (look) => {
    const { page, faults, close } = await openPage(browser, product.url, contextOf(look), `#/documents/${prices.id}`)
    await page.locator('.found-table').first().waitFor()
    await openMenu(page)
    await expectFine(page, 'the menu')
    const box = await page.locator('.download-panel').boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= look.width).toBe(true)
    expect(faults).toEqual([])
    await close()
  },
)

async function downloadOf(page: Page, name: string) {
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name, exact: true }).click()
  const done = await download
  return { name: done.suggestedFilename(), bytes: await readFile(await done.path()) }
}

test('a document is downloaded as whatever it can be, under its name', async () => {
  const { page, close } = await openPage(browser, product.url, { acceptDownloads: true }, `#/documents/${prices.id}`)
  await openMenu(page)
  const found = []
  for (const link of ['Original', 'Markdown', 'Text', 'Tables and fields (Excel)', 'Tables (CSV)', 'Result (JSON)']) {
    const { name, bytes } = await downloadOf(page, link)
    found.push([name, bytes.subarray(0, 8).toString('latin1')])
  }
  expect(found).toEqual([
    ['prices.csv', 'Item,Pri'],
    ['prices.md', '<table>\n'],
    ['prices.txt', 'Item\tPri'],
    ['prices.xlsx', expect.stringMatching(/^PK/)],
    ['prices.csv', '\u00ef\u00bb\u00bfItem,'],
    ['prices.json', '{"apiVer'],
  ])
  expect(await page.getByText('Searchable PDF: only of PDF and pictures').isVisible()).toBe(true)
  await close()
})

const problem = (status: number, code: ErrorCode) => {
  const told = { type: 'about:blank', title: 'No', detail: 'why', action: 'Another', instance: 'urn:uuid:1' }
  return { status, contentType: 'application/problem+json', body: JSON.stringify({ ...told, status, code }) }
}

test('a scan becomes a PDF that can be searched; the page waits until it is there', async () => {
  const { page, close } = await openPage(browser, product.url, { acceptDownloads: true }, `#/documents/${scan.id}`)
  let asked = 0
  await page.route('**/exports/pdf', async (route) => {
    asked += 1
    if (asked > 1) return route.continue()
    return route.fulfill(problem(503, 'export_in_progress'))
  })
  await openMenu(page)
  expect(await page.getByText('Tables (CSV): no table was found').isVisible()).toBe(true)
  expect(await page.getByText('Tables and fields (Excel): no table or field was found').isVisible()).toBe(true)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Searchable PDF' }).click()
  await eventually(() => page.getByRole('status').filter({ hasText: 'being prepared' }).count()).toBe(1)
  await page.clock.runFor(3000)
  const done = await download
  expect(done.suggestedFilename()).toBe('scan.searchable.pdf')
  const [first] = await readPdfWords(await readFile(await done.path()))
  expect(first?.words.map(({ text }) => text).join(' ')).toContain('4711')
  await eventually(() => page.getByText('being prepared').count()).toBe(0)
  await close()
})

test('when no PDF can be made, or not now, the page says why', async () => {
  const { page, close } = await openPage(browser, product.url, { locale: 'pt-BR' }, `#/documents/${scan.id}`)
  const answers = [problem(422, 'export_unavailable'), problem(503, 'unavailable')]
  await page.route('**/exports/pdf', (route) => route.fulfill(answers.shift()))
  await openMenu(page)
  const missing = await page.locator('.download-panel span.muted:not([role])').allTextContents()
  expect(missing).toEqual([
    'Tabelas e campos (Excel): nenhuma tabela nem campo foi encontrado',
    'Tabelas (CSV): nenhuma tabela foi encontrada',
  ])
  for (const words of ['não pode ser exportado', 'no momento']) {
    await page.getByRole('link', { name: 'PDF pesquisável' }).click()
    await page.getByRole('alert').filter({ hasText: words }).waitFor()
  }
  await close()
})

test('the menu is opened, gone through and closed by keyboard, and closes when the focus goes elsewhere', async () => {
  const { page, close } = await openPage(browser, product.url, {}, `#/documents/${prices.id}`)
  const button = page.getByRole('button', { name: 'Download' })
  await button.focus()
  await page.keyboard.press('Enter')
  await page.locator('.download-panel li').nth(6).waitFor()
  expect(await button.getAttribute('aria-expanded')).toBe('true')
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Original')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Markdown')
  await page.keyboard.press('Escape')
  expect([await focused(), await button.getAttribute('aria-expanded')]).toEqual(['Download', 'false'])
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Original' }).waitFor()
  await page.getByRole('button', { name: 'Delete' }).focus()
  expect(await button.getAttribute('aria-expanded')).toBe('false')
  await close()
})

test('a document without a result has its original', async () => {
  const { page, close } = await openPage(browser, product.url, { acceptDownloads: true })
  const damaged = Buffer.concat([await textPdf(['x'])]).subarray(0, 60)
  const [document] = (await upload(product.url, { 'damaged.pdf': damaged })) as Document[]
  await waitForJob(product.url, document?.id ?? '')
  await page.goto(`${product.url}#/documents/${document?.id}`)
  expect((await downloadOf(page, 'Download original')).name).toBe('damaged.pdf')
  await close()
})
