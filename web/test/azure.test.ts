import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { joinedPdf, scannedPdf, textPdf } from '../../server/test/fixtures.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import { contextOf, expectFine, looks, openPage, row } from './driver.ts'

/** What the page says of documents that Azure reads, or some of whose pages it does. The whole product, with the emulator for Azure. */
let product: Product
let browser: Browser
const ids: Record<string, string> = {}

beforeAll(async () => {
  product = await startProduct({}, ['--azure-emulator'])
  browser = await launchBrowser()
  const text = await textPdf(['This page carries its own text'])
  const scan = await scannedPdf('A picture of text')
  const mixed = await joinedPdf([text, scan, scan, text, scan])
  const add = async (name: string, options: Record<string, string>) => {
    const [document] = await upload(product.url, { [name]: mixed }, options)
    ids[name] = document?.id ?? ''
  }
  await add('shared.pdf', { provider: 'auto' })
  await add('azure.pdf', { provider: 'azure', model: 'prebuilt-layout' })
  await add('part.pdf', { provider: 'azure', pages: '3-4' })
  await add('here.pdf', { provider: 'auto', pages: '1,4' })
  for (const id of Object.values(ids)) expect(await waitForJob(product.url, id)).toMatchObject({ status: 'COMPLETED' })
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test.each([
  ['shared.pdf', 'This server 2 of 5 pages, free; Azure 3, billed'],
  ['azure.pdf', 'Azure, 5 pages billed'],
  ['part.pdf', 'Azure, 2 pages billed'],
  ['here.pdf', 'This server all 2 pages, free: each carries its own text'],
])('the details of %s say: %s', async (name, words) => {
  const { page, close } = await openPage(browser, product.url)
  await row(page, name).locator('[aria-expanded]').click()
  await page.locator('tr.details dl').waitFor()
  expect(await page.locator('tr.details dl').textContent()).toContain(words)
  await close()
})

test('a document that was read in part is paged through by what was read, and says which page of it that is', async () => {
  const { page, faults, close } = await openPage(browser, product.url)
  await row(page, 'part.pdf').getByRole('link').press('Enter')
  await page.getByText('This is page 3 of the document: it was read in part.').waitFor()
  expect(await page.locator('.pager').textContent()).toContain('of 2')
  expect(await page.locator('.document-facts').textContent()).toContain('Azure, 2 pages billed')
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText('This is page 4 of the document').waitFor()
  expect(await page.locator('.page-text').textContent()).toContain('page 4')
  expect(faults).toEqual([])
  await close()
})

// The other looks add no rule and no word: views.test.ts has them all.
test.each([looks[0], { ...looks[3], width: 360 } as const])(
  'axe finds nothing and nothing sticks out: $locale, $colorScheme, $width pixels wide',
  async (look) => {
    const { page, faults, close } = await openPage(browser, product.url, contextOf(look))
    await row(page, 'shared.pdf').locator('[aria-expanded]').click()
    await page.locator('tr.details dl').waitFor()
    await expectFine(page, 'details')
    await row(page, 'part.pdf').getByRole('link').click()
    await page.locator('.page-text').waitFor()
    await expectFine(page, 'page of a part')
    await page.goto(`${product.url}/#/documents/${ids['azure.pdf']}`)
    await page.getByRole('table').first().waitFor()
    await expectFine(page, 'tables')
    expect(faults).toEqual([])
    await close()
  },
)
