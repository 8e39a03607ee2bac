import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textPdf } from '../../server/test/fixtures.ts'
import { emlFile, nestedEml } from '../../server/test/mail-files.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { launchBrowser } from '../../test/browser.ts'
import { contextOf, drop, eventually, expectFine, looks, openPage } from './driver.ts'

let product: Product
let browser: Browser
let mail: Buffer

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
  const attached = [
    { name: 'invoice.pdf', bytes: await textPdf(['Invoice 42']) },
    { name: 'a-letter-with-a-rather-long-name-of-its-own.txt', bytes: Buffer.from('Dear reader') },
  ]
  mail = emlFile({ subject: 'Your invoice', attached })
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const names = (page: Awaited<ReturnType<typeof openPage>>['page']) =>
  page.locator('tr.row .cell-name > a').allTextContents()

test('a mail that is dropped brings what is attached to it; one goes from each to the other, and they are deleted together', async () => {
  const { page, faults, close } = await openPage(browser, product.url)
  await drop(page, [{ name: 'mail.eml', bytes: mail }])
  await eventually(() => names(page)).toEqual([
    'a-letter-with-a-rather-long-name-of-its-own.txt',
    'invoice.pdf',
    'mail.eml',
  ])
  const rows = page.locator('tr.row')
  await eventually(() => rows.nth(2).locator('.mail-notes').textContent()).toBe('2 attachments')
  expect(await rows.nth(1).locator('.mail-notes').textContent()).toBe('Attached to mail.eml')

  await rows.nth(1).getByRole('link', { name: 'mail.eml' }).press('Enter')
  const attachments = page.getByRole('region', { name: 'Attachments' })
  await eventually(() => attachments.locator('.icon-check').count()).toBe(2)
  await attachments.getByRole('link', { name: 'invoice.pdf' }).press('Enter')
  await eventually(() => page.locator('.page-text').textContent()).toContain('Invoice 42')
  expect(await page.locator('.mail-notes').textContent()).toBe('Attached to mail.eml')

  await page.getByRole('link', { name: 'All documents' }).press('Enter')
  await rows.nth(2).getByRole('button', { name: 'Delete mail.eml' }).press('Enter')
  await eventually(() => page.getByRole('dialog').textContent()).toContain(
    '2 documents that are attached to it go with it.',
  )
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter')
  await eventually(() => names(page)).toEqual([])
  expect(faults).toEqual([])
  await close()
})

test.each(looks.slice(1, 3))('axe finds nothing and nothing sticks out: $locale, $colorScheme', async (look) => {
  const { page, close } = await openPage(browser, product.url, contextOf(look))
  await drop(page, [{ name: 'mail.eml', bytes: mail }])
  await eventually(() => page.locator('tr.row .mail-notes').count()).toBe(3)
  await expectFine(page, 'list')
  await page.locator('tr.row .cell-name > a', { hasText: 'mail.eml' }).press('Enter')
  await eventually(() => page.locator('.attachments .icon-check').count()).toBe(2)
  expect(await page.locator('.attachments h2').textContent()).toBe(look.lang === 'en' ? 'Attachments' : 'Anexos')
  await expectFine(page, 'result')
  await page.getByRole('button', { name: look.lang === 'en' ? 'Delete' : 'Excluir' }).press('Enter')
  await page.getByRole('dialog').locator('button').last().press('Enter')
  await eventually(() => names(page)).toEqual([])
  await close()
})

test('what was too deep in other mails to be read is said', async () => {
  const { page, close } = await openPage(browser, product.url)
  await drop(page, [{ name: 'deep.eml', bytes: nestedEml(5, { name: 'a.txt', bytes: Buffer.from('x') }) }])
  await eventually(() => names(page)).toEqual([1, 2, 3, 4].map((level) => `Level ${level}.eml`).concat('deep.eml'))
  await page.locator('tr.row .cell-name > a').first().press('Enter')
  await eventually(() => page.locator('.note-warn').textContent()).toContain(
    'Not all files that are attached were read.',
  )
  await expectFine(page, 'result')
  await close()
})
