import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { textPdf } from '../../server/test/fixtures.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import { contextOf, drop, eventually, expectFine, looks, openPage, row, said, waitForIcons } from './driver.ts'

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

const post = (path: string, body = {}) =>
  fetch(product.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

// While it is paused documents wait for as long as a test needs.
beforeEach(async () => {
  expect((await post('/queue/pause', { reason: 'The scanner room moves' })).status).toBe(200)
})

const cancelButton = (page: Parameters<typeof row>[0], name: string) =>
  row(page, name).getByRole('button', { name: `Cancel the processing of ${name}` })

test('a waiting document has its place, and says that and why the queue is paused, until it goes on', async () => {
  const { page, close } = await openPage(browser, product.url)
  await drop(page, [{ name: 'first.pdf', bytes: await textPdf(['One']) }])
  await row(page, 'first.pdf').waitFor()
  await drop(page, [{ name: 'second.pdf', bytes: await textPdf(['Two']) }])
  await row(page, 'second.pdf').waitFor()
  await page.clock.runFor(3000)
  await eventually(() => row(page, 'second.pdf').locator('.brief').textContent()).toBe('Position 2')
  const note = page.locator('.paused')
  await eventually(() => note.textContent()).toMatch(/^The queue is paused since .*Reason: The scanner room moves$/)
  expect(await note.locator('..').getAttribute('aria-live')).toBe('polite')
  await row(page, 'first.pdf').getByRole('link').click()
  await page.locator('.document-facts').waitFor()
  await eventually(() => note.count()).toBe(1)
  await page.goBack()

  await post('/queue/resume')
  await page.clock.runFor(15_000)
  await waitForIcons(page, { spinner: 0, check: 1, failed: 0 }, 'first.pdf')
  await waitForIcons(page, { spinner: 0, check: 1, failed: 0 }, 'second.pdf')
  await eventually(() => note.count()).toBe(0)
  await close()
})

test('a waiting document is canceled by keyboard: shown at once, said aloud when it is so, and no failure', async () => {
  const { page, faults, close } = await openPage(browser, product.url)
  const answered = Promise.withResolvers<void>()
  await page.route('**/cancel', async (route) => {
    await answered.promise
    await route.continue()
  })
  await drop(page, [{ name: 'unwanted.pdf', bytes: await textPdf(['Not needed']) }])
  const cancel = cancelButton(page, 'unwanted.pdf')
  await cancel.press('Enter')
  const status = row(page, 'unwanted.pdf').locator('.status')
  await eventually(() => status.textContent()).toBe('Canceled')
  expect(await said(page)).toBe('')
  const again = row(page, 'unwanted.pdf').getByRole('button', { name: 'Process unwanted.pdf again' })
  expect(await again.getAttribute('aria-disabled')).toBe('true')

  answered.resolve()
  await eventually(() => said(page)).toBe('unwanted.pdf was canceled.')
  expect(await cancel.evaluate((button) => button === document.activeElement)).toBe(true)
  expect(await status.getAttribute('class')).toBe('status status-canceled')
  await waitForIcons(page, { spinner: 0, check: 0, failed: 0 }, 'unwanted.pdf')
  await status.press('Enter')
  const note = page.locator('tr.details .note')
  await eventually(() => note.textContent()).toContain('Processing was canceled.')
  expect(await note.getAttribute('class')).toBe('note')
  expect(await page.locator('tr.details').getByRole('button', { name: 'Cancel processing' }).count()).toBe(0)

  await again.press('Enter')
  await post('/queue/resume')
  await waitForIcons(page, { spinner: 0, check: 1, failed: 0 }, 'unwanted.pdf')
  expect(faults).toEqual([])
  await close()
})

test('a document whose cancellation did not reach the server is shown as it was, with the reason', async () => {
  const { page, close } = await openPage(browser, product.url)
  await drop(page, [{ name: 'kept.pdf', bytes: await textPdf(['Still wanted']) }])
  await row(page, 'kept.pdf').getByRole('button', { name: 'Details of kept.pdf' }).click()
  await page.route('**/cancel', (route) => route.abort())
  await page.locator('tr.details').getByRole('button', { name: 'Cancel processing' }).press('Enter')
  await eventually(() => page.getByRole('alert').textContent()).toContain('The server cannot be reached.')
  await eventually(() => row(page, 'kept.pdf').locator('.status').textContent()).toBe('Waiting')
  expect(await said(page)).toBe('')
  await close()
})

test('a document that was done before it could be canceled is just done', async () => {
  const { page, close } = await openPage(browser, product.url)
  await drop(page, [{ name: 'quick.pdf', bytes: await textPdf(['Done already']) }])
  const cancel = cancelButton(page, 'quick.pdf')
  await cancel.waitFor()
  const { documents } = await (await fetch(`${product.url}/documents?filename=quick.pdf`)).json()
  // What happens meanwhile does not reach the page.
  const pressed = Promise.withResolvers<void>()
  const hold = async (route: { continue(): Promise<void> }) => {
    await pressed.promise
    await route.continue()
  }
  await page.route('**/status', hold)
  await page.route('**/documents?limit=*', hold)
  await post('/queue/resume')
  await waitForJob(product.url, documents[0].id)
  const refused = page.waitForResponse('**/cancel')
  await cancel.press('Enter')
  expect((await refused).status()).toBe(409)
  pressed.resolve()
  await waitForIcons(page, { spinner: 0, check: 1, failed: 0 }, 'quick.pdf')
  expect(await page.getByRole('alert').count()).toBe(0)
  await eventually(() => said(page)).toBe('quick.pdf is done.')
  await close()
})

test('a browser uploads under one name of its own, another under another', async () => {
  const submitters = async (...names: string[]) => {
    const { page, close } = await openPage(browser, product.url)
    const seen: string[] = []
    for (const name of names) {
      await drop(page, [{ name, bytes: await textPdf([name]) }])
      await row(page, name).waitFor()
      const { documents } = await (await fetch(`${product.url}/documents?filename=${name}`)).json()
      seen.push(documents[0].job.submitter)
      await page.reload()
    }
    await close()
    return seen
  }
  const [first, again] = await submitters('mine-1.pdf', 'mine-2.pdf')
  const [other] = await submitters('theirs.pdf')
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})

test.each(looks)(
  'axe finds nothing while a document waits and after it was canceled: $locale, $colorScheme, $width pixels wide',
  async (look) => {
    const name = `waits-${look.locale}-${look.colorScheme}.pdf`
    const [waiting] = await upload(product.url, { [name]: await textPdf(['Waits']) })
    const { page, close } = await openPage(browser, product.url, contextOf(look))
    await row(page, name).waitFor()
    await page.clock.runFor(3000)
    await page.locator('.paused').waitFor()
    await row(page, name).locator('[aria-expanded]').click()
    await page.locator('tr.details .attempts').waitFor()
    await expectFine(page, 'waiting')
    await post(`/documents/${waiting?.id}/cancel`)
    await page.reload()
    await row(page, name).locator('.icon-canceled').first().waitFor()
    await row(page, name).locator('[aria-expanded]').click()
    await page.locator('tr.details .note').waitFor()
    await expectFine(page, 'canceled')
    await close()
  },
)
