import { DeadLetterList, Queue } from '@adp/contract/queue.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { corruptPdf } from '../../server/test/fixtures.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import { contextOf, eventually, expectFine, looks, openPage, said, showTab } from './driver.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
  const documents = await upload(product.url, { 'a.pdf': corruptPdf(), 'b.pdf': corruptPdf(), 'c.pdf': corruptPdf() })
  await Promise.all(documents.map(({ id }) => waitForJob(product.url, id)))
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const readQueue = async () => Queue.parse(await (await fetch(`${product.url}/queue`)).json())
const figure = (page: Page, name: string) => page.locator('.figures > div', { hasText: name }).locator('dd')
const failedRow = (page: Page, name: string) => page.locator('.dead-letters tbody tr', { hasText: name })
const hasFocus = (page: Page, text: string) =>
  eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe(text)

test('the view is reached from the head, shows who works, and gives the focus back on the way', async () => {
  const { page, faults, close } = await openPage(browser, product.url)
  const link = page.getByRole('link', { name: 'Queue' })
  await link.press('Enter')
  await hasFocus(page, 'Queue')
  await eventually(() => link.getAttribute('aria-current')).toBe('page')
  const [worker] = (await readQueue()).workers
  const workers = page.getByRole('region', { name: 'Workers' })
  await eventually(() => workers.getByRole('rowheader').textContent()).toContain(`${worker?.name}version`)
  // As of its last beat, which may have been while it read the three files.
  await eventually(() => workers.getByRole('cell').first().textContent()).toBe(`0 of ${worker?.slots}`)
  expect(await page.locator('.stale').count()).toBe(0)
  await eventually(() => failedRow(page, 'a.pdf').textContent()).toContain('The file is damaged and cannot be read.')

  await failedRow(page, 'a.pdf').getByRole('link').press('Enter')
  await hasFocus(page, 'a.pdf')
  await page.goBack()
  await hasFocus(page, 'a.pdf')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('A')
  await page.reload()
  await failedRow(page, 'a.pdf').waitFor()
  expect(faults).toEqual([])
  await close()
})

test('paused with a reason, what failed is processed again one by one and all, and goes on when it is resumed', async () => {
  const { page, faults, close } = await openPage(browser, product.url, {}, '#/queue')
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('The bill is too high')
  await page.keyboard.press('Enter')
  await eventually(() => page.locator('.paused').textContent()).toContain('Reason: The bill is too high')
  await hasFocus(page, 'Resume')
  expect((await readQueue()).paused?.reason).toBe('The bill is too high')

  await failedRow(page, 'b.pdf').getByRole('button', { name: 'Process b.pdf again' }).press('Enter')
  await eventually(() => failedRow(page, 'b.pdf').count()).toBe(0)
  await eventually(() => said(page)).toBe('b.pdf is processed again.')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Process a.pdf again')

  await page.getByRole('button', { name: 'Process all again' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await page.clock.runFor(3000)
  await eventually(() => dialog.textContent()).toContain('2 documents are processed from the beginning')
  await page.keyboard.press('Escape')
  expect(await page.locator('.dead-letters tbody tr').count()).toBe(2)
  await page.getByRole('button', { name: 'Process all again' }).press('Enter')
  await dialog.getByRole('button', { name: 'Process all again' }).press('Enter')
  await page.getByText('No document has failed.').waitFor()
  await hasFocus(page, 'Process all again')
  await eventually(() => said(page)).toBe('2 documents are processed again.')
  await page.clock.runFor(3000)
  await eventually(() => figure(page, 'Waiting').first().textContent()).toBe('3')

  await page.getByRole('button', { name: 'Resume' }).press('Enter')
  await eventually(() => page.locator('.paused').count()).toBe(0)
  await hasFocus(page, 'Pause')
  // They fail again, and come back.
  await eventually(async () => (await readQueue()).dead_letters).toBe(3)
  await page.clock.runFor(3000)
  await eventually(() => page.locator('.dead-letters tbody tr').count()).toBe(3)
  expect(faults).toEqual([])
  await close()
})

test('what could not be processed again is in the list again, with the reason', async () => {
  const { page, close } = await openPage(browser, product.url, {}, '#/queue')
  await page.route('**/reprocess', (route) => route.abort())
  await failedRow(page, 'c.pdf').getByRole('button', { name: 'Process c.pdf again' }).click()
  await eventually(() => page.getByRole('alert').textContent()).toContain('The server cannot be reached.')
  await failedRow(page, 'c.pdf').waitFor()
  await page.unroute('**/reprocess')

  // Somebody else is faster: no reason to complain.
  await page.route('**/reprocess', (route) => route.fulfill({ status: 409, json: inProgress }))
  const refused = page.waitForResponse('**/reprocess')
  await failedRow(page, 'c.pdf').getByRole('button', { name: 'Process c.pdf again' }).click()
  await refused
  await page.clock.runFor(3000) // which brings it back: nothing has really happened
  await failedRow(page, 'c.pdf').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await close()
})

test('the view is brought up to date every three seconds, and not while the tab is hidden', async () => {
  const { page, otherRequests, close } = await openPage(browser, product.url, {}, '#/queue')
  await failedRow(page, 'a.pdf').waitFor()
  const asked = () => otherRequests.filter((path) => path === '/queue').length
  const before = asked()
  const begin = await page.evaluate(() => Date.now())
  for (const seen of [1, 2, 3]) {
    const aSecondLater = async () => {
      await page.clock.runFor(1000)
      return asked()
    }
    await eventually(aSecondLater).toBe(before + seen)
  }
  // The first of them was under way when the clock was looked at.
  expect(await page.evaluate(() => Date.now())).toBeGreaterThanOrEqual(begin + 6000)
  await showTab(page, 'hidden')
  otherRequests.length = 0
  for (let second = 0; second < 30; second += 3) await page.clock.runFor(3000)
  expect(otherRequests).toEqual([])
  await showTab(page, 'visible')
  await page.clock.runFor(3000)
  await eventually(asked).toBeGreaterThan(0)
  await close()
})

test('a worker is silent by the clock of the server, however wrong that of the computer is', async () => {
  const { page, close } = await openPage(browser, product.url)
  await page.clock.setSystemTime('2040-01-01T00:00:00Z')
  const queue = await showCrowd(page)
  await page.goto(`${product.url}#/queue`)
  await eventually(() => page.locator('.stale').allTextContents()).toEqual(['silent for 12 sec'])
  await eventually(() => figure(page, 'Longest wait').textContent()).toBe('5 min')
  expect(queue.workers).toHaveLength(3)
  await close()
})

test('more than a page of failed documents is shown page by page', async () => {
  const { page, close } = await openPage(browser, product.url)
  const names = Array.from({ length: 60 }, (_, at) => `page-${at}.pdf`)
  await page.route('**/queue/dead-letters?*', async (route) => {
    const cursor = new URL(route.request().url()).searchParams.get('cursor')
    await route.fulfill({ json: failedDocuments(names, cursor === null ? 0 : 50) })
  })
  await page.goto(`${product.url}#/queue`)
  await eventually(() => page.locator('.dead-letters tbody tr').count()).toBe(50)
  await page.getByRole('button', { name: 'Show more' }).press('Enter')
  await eventually(() => page.locator('.dead-letters tbody tr').count()).toBe(60)
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  await close()
})

test.each(looks)(
  'axe finds nothing and nothing sticks out: $locale, $colorScheme, $width pixels wide',
  async (look) => {
    const { page, faults, close } = await openPage(browser, product.url, contextOf(look))
    await showCrowd(page)
    await page.goto(`${product.url}#/queue`)
    await page.locator('.dead-letters').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(look.lang)
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(look.background)
    await expectFine(page, 'queue')
    await page.locator('.queue-part .queue-head button').click()
    await page.getByRole('dialog').waitFor()
    await expectFine(page, 'retry all')
    await page.keyboard.press('Escape')
    await page.unroute('**/queue')
    await page.clock.runFor(3000)
    await eventually(() => page.locator('.paused').count()).toBe(0)
    await page.locator('main > .queue-head button').click()
    await page.getByRole('dialog').waitFor()
    await expectFine(page, 'pause')
    expect(faults).toEqual([])
    await close()
  },
)

const inProgress = {
  type: 'about:blank',
  title: 'The document is being processed already.',
  status: 409,
  detail: 'The document is PENDING.',
  code: 'job_in_progress',
  action: 'Wait.',
  instance: 'urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301',
}

/** A page of the list of failed documents with these names, from one of them on. */
function failedDocuments(names: string[], from: number): DeadLetterList {
  const dead_letters = names.slice(from, from + 50).map((filename, at) => ({
    document_id: `3f2504e0-4f89-41d3-9a0c-${String(from + at).padStart(12, '0')}`,
    job_id: names.length - from - at,
    filename,
    attempts: 5,
    error_code: 'worker_lost' as const,
    error_log: 'Worker red/1 was lost during attempt 5 of 5.',
    failed_at: '2026-01-01T12:00:00.000Z',
  }))
  return DeadLetterList.parse({ dead_letters, next_cursor: from + 50 < names.length ? '1' : null })
}

/** Lets the page see a queue with everything in it that an operator may have to look at. @returns it */
async function showCrowd(page: Page): Promise<Queue> {
  const now = Date.parse('2026-11-23T14:30:00Z')
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()
  const worker = { version: '0.1.0', slots: 8, started_at: ago(90_000), beat_at: ago(1) }
  const queue = Queue.parse({
    paused: { since: ago(600), reason: 'The provider bills every page twice. '.repeat(5) },
    waiting: 12_345,
    retrying: 67,
    with_provider: 89,
    running: 24,
    dead_letters: 10_000,
    oldest_due_at: ago(301),
    finished_per_minute: 2.25,
    workers: [
      { ...worker, id: 1, name: 'red/4711', running: 8 },
      { ...worker, id: 2, name: 'a-host-with-a-name-that-is-longer-than-most-0123456789.example.com/4712', running: 7 },
      { ...worker, id: 3, name: 'blue/4713', running: 3, beat_at: ago(12) },
    ],
    old_transaction: { since: ago(4000), who: 'pid 4714, user backup at 10.0.0.7, pg_dump, idle in transaction' },
  })
  const headers = { Date: new Date(now).toUTCString() }
  await page.route('**/queue', (route) => route.fulfill({ json: queue, headers }))
  return queue
}
