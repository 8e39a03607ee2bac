import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blankPdf, textPdf } from '../../server/test/fixtures.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import { contextOf, eventually, expectFine, looks, openPage, row } from './driver.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
  const documents = await upload(product.url, {
    'apples.pdf': await textPdf(['A page without it', 'Delivered apples: one apple was bad']),
    'pears.pdf': await textPdf(['Only pears']),
    'blank.pdf': await blankPdf(),
  })
  await Promise.all(documents.map(({ id }) => waitForJob(product.url, id)))
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('what is typed is looked for in names and in texts; a hit leads to its page, where it is marked', async () => {
  const { page, faults, close } = await openPage(browser, product.url)
  await page.getByRole('searchbox').fill('apple')
  const hits = page.locator('.text-hits li')
  await eventually(() => hits.count()).toBe(1)
  await eventually(() => page.locator('tr.row th a').allTextContents()).toEqual(['apples.pdf'])
  expect(await hits.locator('mark').allTextContents()).toEqual(['apples', 'apple'])
  expect(await hits.textContent()).toContain('Page 2')

  await page.getByRole('searchbox').fill('delivered bad')
  await eventually(() => page.locator('tr.row').count()).toBe(0)
  await eventually(() => hits.locator('mark').allTextContents()).toEqual(['Delivered', 'bad'])

  await hits.getByRole('link', { name: 'apples.pdf' }).click()
  await eventually(() => page.locator('.page-text mark').allTextContents()).toEqual(['Delivered', 'bad'])
  const mark = await page.locator('.page-drawing polygon.match').first().boundingBox()
  const word = await page.locator('.page-drawing g', { hasText: 'Delivered' }).locator('rect').boundingBox()
  expect(mark?.x).toBeCloseTo(word?.x ?? 0, -1)
  expect(mark?.width).toBeCloseTo(word?.width ?? 0, -1)
  await page.getByText('“delivered bad” is on this page 2 times.').waitFor()

  await page.getByRole('button', { name: 'Previous page' }).click()
  await page.getByText('“delivered bad” is on this page 0 times.').waitFor()
  await page.reload()
  await page.getByText('“delivered bad” is on this page 0 times.').waitFor()
  await page.getByRole('link', { name: 'All documents' }).click()
  expect(faults).toEqual([])
  await close()
})

test('texts are not searched among documents that have none, and what is nowhere is said once', async () => {
  const { page, close } = await openPage(browser, product.url, {}, '#/?status=failed&filename=apple')
  await page.getByRole('heading', { name: 'No document matches' }).waitFor()
  expect(await page.locator('.text-hits').count()).toBe(0)
  await page.getByRole('button', { name: 'Show all documents' }).click()
  await row(page, 'pears.pdf').waitFor()
  await page.getByRole('searchbox').fill('pomegranate')
  await page.getByRole('heading', { name: 'No document matches' }).waitFor()
  expect(await page.locator('.text-hits').count()).toBe(0)
  // One that is in a name and in no text.
  await page.getByRole('searchbox').fill('blank')
  await page.getByText('No text has all of these words.').waitFor()
  await close()
})

test.each(looks)(
  'axe finds nothing and nothing sticks out: $locale, $colorScheme, $width pixels wide',
  async (look) => {
    const { page, faults, close } = await openPage(browser, product.url, contextOf(look), '#/?filename=apple')
    await page.locator('.text-hits mark').first().waitFor()
    await expectFine(page, 'hits')
    await page.locator('.text-hits').getByRole('link').click()
    await page.locator('.page-drawing polygon.match').first().waitFor()
    await page.locator('.page-text mark').first().waitFor()
    await expectFine(page, 'marked page')
    expect(faults).toEqual([])
    await close()
  },
)

test('a page is shown as it looks, below its words', async () => {
  const { page, faults, close } = await openPage(browser, product.url)
  await row(page, 'apples.pdf').getByRole('link').click()
  const drawing = page.locator('.page-drawing.pictured')
  await drawing.waitFor()
  const [picture, box] = [await drawing.locator('image').boundingBox(), await drawing.boundingBox()]
  expect(picture?.width).toBeCloseTo((box?.width ?? 0) - 2, 0)
  expect(await drawing.locator('text').allTextContents()).toEqual(['A', 'page', 'without', 'it'])
  const word = drawing.locator('g', { hasText: 'without' })
  expect(await word.locator('text').evaluate((text) => getComputedStyle(text).fill)).toBe('rgba(0, 0, 0, 0)')
  await word.hover()
  expect(await word.locator('rect').evaluate((rect) => getComputedStyle(rect).strokeOpacity)).toBe('1')
  expect(faults).toEqual([])
  await close()
})

test('a page without a picture shows its words', async () => {
  const { page, close } = await openPage(browser, product.url)
  await page.route('**/picture?*', (route) => route.fulfill({ status: 422, body: '' }))
  const refused = page.waitForResponse('**/picture?*')
  await row(page, 'pears.pdf').getByRole('link').click()
  await refused
  const text = page.locator('.page-drawing:not(.pictured) text').first()
  await text.waitFor()
  expect(await text.evaluate((word) => getComputedStyle(word).fill)).not.toBe('rgba(0, 0, 0, 0)')
  await close()
})
