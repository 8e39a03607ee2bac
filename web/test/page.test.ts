import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { corruptPdf, textPdf } from '../../server/test/fixtures.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { launchBrowser } from '../../test/browser.ts'
import { comeBack, drop, eventually, openPage, row, waitForIcons } from './driver.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('three files dropped: three spinners, two checks and a red one with its reason, and then silence', async () => {
  const { page, statusRequests, otherRequests, faults, close } = await openPage(browser, product.url)
  await page.getByRole('heading', { name: 'No documents yet' }).waitFor()
  // On a slow machine the first document is done before the third is uploaded: nothing is told before all three were seen.
  const seen = Promise.withResolvers<void>()
  await page.route('**/status', async (route) => {
    await seen.promise
    await route.continue()
  })
  await drop(page, [
    { name: 'invoice.pdf', bytes: await textPdf(['Invoice 42', 'Second page']) },
    { name: 'letter.pdf', bytes: await textPdf(['Dear reader']) },
    { name: 'damaged.pdf', bytes: corruptPdf() },
  ])
  await waitForIcons(page, { spinner: 3, check: 0, failed: 0 })
  seen.resolve()
  await waitForIcons(page, { spinner: 0, check: 2, failed: 1 })

  expect(await row(page, 'damaged.pdf').locator('.brief').textContent()).toBe('The file is damaged and cannot be read.')
  await row(page, 'damaged.pdf').getByRole('button', { name: 'Failed' }).hover()
  await eventually(() => page.getByRole('tooltip').textContent()).toContain('The file is damaged and cannot be read.')
  await eventually(() => page.getByRole('status').textContent()).toContain('damaged.pdf failed')
  expect(await row(page, 'invoice.pdf').locator('.cell-pages').textContent()).toBe('2')

  const asked = statusRequests.length
  expect(asked).toBeGreaterThanOrEqual(3)
  expect(otherRequests).toContain('/queue')
  otherRequests.length = 0
  await page.clock.runFor(60_000)
  await comeBack(page)
  await page.clock.runFor(60_000)
  expect(statusRequests).toHaveLength(asked)
  expect(otherRequests).toEqual([])

  await page.reload()
  await waitForIcons(page, { spinner: 0, check: 2, failed: 1 })
  await page.clock.runFor(60_000)
  expect(statusRequests).toHaveLength(asked)
  expect(otherRequests).not.toContain('/queue')
  expect(faults).toEqual([])
  await close()
})

test('a failed document is tried again, by keyboard, and its details say how each try ended', async () => {
  const { page, close } = await openPage(browser, product.url)
  await drop(page, [{ name: 'retried.pdf', bytes: corruptPdf() }])
  await waitForIcons(page, { spinner: 0, check: 0, failed: 1 }, 'retried.pdf')

  await row(page, 'retried.pdf').getByRole('button', { name: 'Failed' }).press('Enter')
  const details = page.locator('tr.details')
  await eventually(() => details.locator('.attempts li').count()).toBe(1)
  expect(await details.textContent()).toContain('file_corrupt')

  const again = row(page, 'retried.pdf').getByRole('button', { name: 'Process retried.pdf again' })
  await again.press('Enter')
  await waitForIcons(page, { spinner: 1, check: 0, failed: 0 }, 'retried.pdf')
  await waitForIcons(page, { spinner: 0, check: 0, failed: 1 }, 'retried.pdf')
  await eventually(() => details.locator('.attempts li').count()).toBe(2)
  expect(await again.evaluate((button) => button === document.activeElement)).toBe(true)
  await close()
})

test('a document is deleted after a question, and not without', async () => {
  const { page, close } = await openPage(browser, product.url)
  await drop(page, [{ name: 'unwanted.pdf', bytes: await textPdf(['Nobody needs this']) }])
  const open = row(page, 'unwanted.pdf').getByRole('button', { name: 'Delete unwanted.pdf' })
  await open.press('Enter')
  await page.keyboard.press('Escape')
  await eventually(() => page.getByRole('dialog').count()).toBe(0)
  expect(await open.evaluate((button) => button === document.activeElement)).toBe(true)

  await open.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter')
  await eventually(() => row(page, 'unwanted.pdf').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await page.reload()
  await page.getByRole('button', { name: 'Upload files' }).waitFor()
  await eventually(() => row(page, '').count()).toBeGreaterThan(0)
  expect(await row(page, 'unwanted.pdf').count()).toBe(0)
  await close()
})

test('a file that is refused is listed with its reason, and the others are not held up', async () => {
  const { page, close } = await openPage(browser, product.url)
  await drop(page, [
    { name: 'notes.txt', bytes: Buffer.from('no text\0') },
    { name: 'accepted.pdf', bytes: await textPdf(['Accepted']) },
  ])
  await row(page, 'accepted.pdf').waitFor()
  const refused = page.locator('.failed-upload')
  await eventually(() => refused.textContent()).toContain('The file is of a type that cannot be processed.')
  expect(await page.getByRole('button', { name: /again/ }).and(page.locator('.uploads *')).count()).toBe(0)
  await refused.getByRole('button', { name: 'Drop notes.txt from the list' }).click()
  await eventually(() => page.getByRole('region', { name: 'Uploads' }).count()).toBe(0)
  await close()
})

test('an upload that broke off is tried again by the button for all', async () => {
  const { page, close } = await openPage(browser, product.url)
  const uploads = '**/documents?submitter=*'
  await page.route(uploads, (route) => route.abort())
  await drop(page, [{ name: 'broken-off.pdf', bytes: await textPdf(['On the second try']) }])
  const all = page.getByRole('button', { name: 'Try all again' })
  await all.waitFor()
  await page.unroute(uploads)
  await all.click()
  await row(page, 'broken-off.pdf').waitFor()
  await close()
})

test('200 files dropped become 200 documents', async () => {
  const { page, faults, close } = await openPage(browser, product.url)
  const bytes = await textPdf(['One of many'])
  await drop(
    page,
    Array.from({ length: 200 }, (_, at) => ({ name: `many-${at}.pdf`, bytes })),
  )
  await eventually(() => row(page, 'many-').count()).toBe(200)
  await eventually(() => page.getByRole('region', { name: 'Uploads' }).count()).toBe(0)
  expect(faults).toEqual([])
  await close()
})
