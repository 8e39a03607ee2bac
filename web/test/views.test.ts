import { type Document, DocumentDetails, type DocumentList } from '@adp/contract/document.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blankPdf, corruptPdf, pdfWithoutItsSecondPage, textPdf } from '../../server/test/fixtures.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import {
  axeFindings,
  contextOf,
  eventually,
  expectFine,
  looks,
  openPage,
  row,
  showTab,
  waitForIcons,
} from './driver.ts'

let product: Product
let browser: Browser
let invoice: Document

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
  const pages = ['Invoice number forty-two', 'The second page']
  const files = {
    ...{ 'invoice.pdf': await textPdf(pages), 'damaged.pdf': corruptPdf(), 'blank.pdf': await blankPdf() },
    'partly.pdf': pdfWithoutItsSecondPage(),
  }
  const documents = await upload(product.url, files)
  await Promise.all(documents.map(({ id }) => waitForJob(product.url, id)))
  const found = documents.find(({ filename }) => filename === 'invoice.pdf')
  if (found === undefined) throw new Error('invoice.pdf was not taken')
  invoice = found
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test.each(looks)(
  'axe finds nothing and nothing sticks out: $locale, $colorScheme, $width pixels wide',
  async (look) => {
    const { page, faults, close } = await openPage(browser, product.url, contextOf(look))
    await row(page, 'damaged.pdf').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(look.lang)
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(look.background)
    await expectFine(page, 'list')
    expect(await row(page, 'blank.pdf').locator('.status-warn .icon-warning').count()).toBe(1)
    expect(await row(page, 'damaged.pdf').locator('.brief').isVisible()).toBe(true)
    await row(page, 'damaged.pdf').locator('button.status').hover()
    await expectFine(page, 'reason')
    await row(page, 'damaged.pdf').locator('[aria-expanded]').click()
    await page.locator('tr.details .attempts li').waitFor()
    await expectFine(page, 'expanded row')
    await page.locator('tr.details .danger').click()
    await page.getByRole('dialog').waitFor()
    await expectFine(page, 'dialog')
    await page.keyboard.press('Escape')
    await row(page, 'invoice.pdf').getByRole('link').click()
    await page.locator('.page-text').waitFor()
    await expectFine(page, 'result')
    await page.locator('.back').click()
    await row(page, 'partly.pdf').locator('.status-warn .icon-warning').waitFor()
    await row(page, 'partly.pdf').getByRole('link').click()
    await page.locator('.failed-pages a').click()
    await page.locator('.page-view .note-warn').waitFor()
    await expectFine(page, 'page that could not be read')
    expect(faults).toEqual([])
    await close()
  },
)

test('the result view shows text and words page by page; one comes back to its row, and a reload keeps the page', async () => {
  const { page, close } = await openPage(browser, product.url)
  await row(page, 'invoice.pdf').getByRole('link').press('Enter')
  await eventually(() => page.locator('.page-text').textContent()).toContain('Invoice number forty-two')
  expect(await page.locator('.page-drawing text').allTextContents()).toEqual(['Invoice', 'number', 'forty-two'])

  await page.getByRole('button', { name: 'Next page' }).press('Enter')
  await eventually(() => page.locator('.page-text').textContent()).toContain('The second page')
  await page.getByRole('link', { name: 'All documents' }).press('Enter')
  await row(page, 'invoice.pdf').waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('invoice.pdf')

  await page.goBack()
  await page.reload()
  await eventually(() => page.locator('.page-text').textContent()).toContain('The second page')
  const box = await page.getByRole('img', { name: 'Page 2 with 3 words in their places' }).boundingBox()
  const word = await page.locator('.page-drawing rect').first().boundingBox()
  if (box === null || word === null) throw new Error('nothing is drawn')
  // textPdf writes at 60 points from the left of an A4 page, 595 points wide.
  expect((word.x - box.x) / box.width).toBeCloseTo(60 / 595, 1)

  await close()
})

test('the list is filtered by name and by status', async () => {
  const { page, close } = await openPage(browser, product.url)
  const names = () => page.locator('tr.row th a').allTextContents()
  await eventually(names).toHaveLength(4)
  await page.getByRole('searchbox').fill('INVOI')
  await eventually(names).toEqual(['invoice.pdf'])
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed or canceled')
  await page.getByRole('button', { name: 'Show all documents' }).click()
  await eventually(names).toHaveLength(4)
  await eventually(() => page.getByRole('searchbox').inputValue()).toBe('')
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed or canceled')
  await eventually(names).toEqual(['damaged.pdf'])
  await close()
})

test('a reload keeps the filter, and so does the way back from a document', async () => {
  const { page, close } = await openPage(browser, product.url)
  const names = () => page.locator('tr.row th a').allTextContents()
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Done')
  await page.getByRole('searchbox').fill('inv')
  await eventually(names).toEqual(['invoice.pdf'])
  await page.reload()
  await eventually(names).toEqual(['invoice.pdf'])
  expect(await page.getByRole('searchbox').inputValue()).toBe('inv')
  await row(page, 'invoice.pdf').getByRole('link').click()
  await page.getByRole('link', { name: 'All documents' }).click()
  await eventually(names).toEqual(['invoice.pdf'])
  await page.getByRole('link', { name: 'Documents', exact: true }).click()
  await eventually(names).toHaveLength(4)
  await close()
})

test('the columns stay where they are under every filter, and what stands in a row stands level', async () => {
  const { page, close } = await openPage(browser, product.url, { viewport: { width: 1200, height: 800 } })
  const places = () =>
    page.locator('thead th').evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().x))
  await row(page, 'damaged.pdf').waitFor()
  const before = await places()
  for (const name of ['invoice.pdf', 'damaged.pdf', 'blank.pdf']) {
    const tops = await row(page, name).evaluate((tr) => {
      const ofText = (cell: string) => {
        const range = document.createRange()
        range.selectNodeContents(tr.querySelector(cell) ?? tr)
        return range.getClientRects()[0]?.top ?? Number.NaN
      }
      return ['.cell-name a', '.cell-size', '.cell-when time', '.cell-status .status > span'].map(ofText)
    })
    for (const top of tops) expect(top).toBeCloseTo(tops[0] ?? 0, 1)
  }
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed or canceled')
  await eventually(() => row(page, '').count()).toBe(1)
  expect(await places()).toEqual(before)
  await close()
})

test('a document that is not there is said once, and not tried again', async () => {
  const missing = '#/documents/3f2504e0-4f89-41d3-9a0c-0305e82c3301'
  const { page, close } = await openPage(browser, product.url, {}, missing)
  const note = page.getByRole('alert')
  await note.waitFor()
  expect((await note.textContent())?.split('There is no document with this id.')).toHaveLength(2)
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  expect(await axeFindings(page)).toEqual([])
  await close()
})

test('a document without text says so in its own view, too', async () => {
  const { page, close } = await openPage(browser, product.url)
  await row(page, 'blank.pdf').getByRole('link').click()
  await eventually(() => page.locator('.document-facts').textContent()).toContain('Done, no text found')
  await eventually(() => page.locator('.note-warn').textContent()).toContain('No text was found in this document.')
  expect(await axeFindings(page)).toEqual([])
  await close()
})

test('pages that could not be read are named with the reason, and read again alone', async () => {
  const { page, close } = await openPage(browser, product.url)
  await row(page, 'partly.pdf').getByRole('link').click()
  await eventually(() => page.locator('.document-facts').textContent()).toContain('Done, 1 page not read')
  expect(await page.locator('.failed-pages li').allTextContents()).toEqual([
    expect.stringMatching(/^Page 2: The file is/),
  ])
  await page.getByRole('link', { name: 'Page 2' }).press('Enter')
  await eventually(() => page.locator('.page-view').textContent()).toContain('This page could not be read. The file is')
  const before = (await page.request.get(`${product.url}/documents`).then((answer) => answer.json())) as DocumentList
  await page.getByRole('button', { name: 'Read this page again' }).press('Enter')
  const newest = async () =>
    DocumentDetails.parse(await (await page.request.get(`${product.url}/documents/${idOf(before)}`)).json())
  // It is still not there, and the others are those that there were.
  await eventually(async () => (await newest()).result?.job_id).toBeGreaterThan(jobOf(before))
  expect((await newest()).job).toMatchObject({ status: 'COMPLETED', pages_done: 3, pages_failed: 1 })
  await close()
})

const partly = ({ documents }: DocumentList) => documents.find(({ filename }) => filename === 'partly.pdf')
const idOf = (list: DocumentList) => partly(list)?.id
const jobOf = (list: DocumentList) => partly(list)?.job.id ?? Number.NaN

test('language and theme are switched, and remembered', async () => {
  const { page, close } = await openPage(browser, product.url)
  await page.getByRole('combobox', { name: 'Language' }).selectOption('pt')
  await page.getByRole('combobox', { name: 'Tema' }).selectOption('dark')
  await page.reload()
  await page.getByRole('button', { name: 'Enviar arquivos' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR')
  expect(await page.title()).toBe('Documentos')
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(20, 23, 28)')
  await close()
})

test('a page whose server is away says so, and recovers by itself', async () => {
  const { page, close } = await openPage(browser, product.url)
  await page.route('**/documents?*', (route) => route.abort())
  await page.reload()
  await eventually(() => page.getByRole('alert').textContent()).toContain('The server cannot be reached.')
  expect(await axeFindings(page)).toEqual([])
  await page.unroute('**/documents?*')
  await page.clock.runFor(10_000)
  await row(page, 'invoice.pdf').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await close()
})

test('a pending document is asked for every three seconds, and not while the tab is hidden', async () => {
  const { page, statusRequests, otherRequests, close } = await openPage(browser, product.url)
  // The real document, held back on its way to the page.
  const held = { ...invoice, job: { ...invoice.job, status: 'PENDING', phase: 'queued', finished_at: null } }
  await page.route('**/documents?*', (route) => route.fulfill({ json: { documents: [held], next_cursor: null } }))
  const place = { position: 7, estimated_start_at: null }
  await page.route('**/status', (route) => route.fulfill({ json: { ...held.job, ...place } }))
  await page.reload()
  await waitForIcons(page, { spinner: 1, check: 0, failed: 0 })
  const begin = await page.evaluate(() => Date.now())
  for (const seen of [1, 2, 3]) {
    const aSecondLater = async () => {
      await page.clock.runFor(1000)
      return statusRequests.length
    }
    await eventually(aSecondLater).toBe(seen)
  }
  expect(await page.evaluate(() => Date.now())).toBeGreaterThanOrEqual(begin + 9000)
  expect(await row(page, 'invoice.pdf').locator('.brief').textContent()).toBe('Position 7')

  await showTab(page, 'hidden')
  otherRequests.length = 0
  for (let second = 0; second < 30; second += 3) await page.clock.runFor(3000)
  expect(statusRequests).toHaveLength(3)
  expect(otherRequests).toEqual([])
  await showTab(page, 'visible')
  await eventually(() => statusRequests.length).toBeGreaterThan(3)
  await close()
})
