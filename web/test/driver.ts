import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

export type NamedFile = { name: string; bytes: Buffer }

export type OpenedPage = {
  page: Page
  /** The address of every status request since the page was opened. */
  statusRequests: string[]
  /** The path of every other request but those for the list. */
  otherRequests: string[]
  /** Uncaught errors and what the console says in red, refusals of the Content-Security-Policy among it. */
  faults: string[]
  close(): Promise<void>
}

const [LIGHT, DARK] = ['rgb(244, 246, 249)', 'rgb(20, 23, 28)']

/**
 * Each two of language, theme and width together, in four looks of the eight: a contrast depends on the theme alone, and what sticks out on
 * words and width. `lang` and `background` are how the page tells which look it is in.
 */
export const looks = [
  { locale: 'en-US', colorScheme: 'light', width: 1200, lang: 'en', background: LIGHT },
  { locale: 'en-US', colorScheme: 'dark', width: 360, lang: 'en', background: DARK },
  { locale: 'pt-BR', colorScheme: 'light', width: 360, lang: 'pt-BR', background: LIGHT },
  { locale: 'pt-BR', colorScheme: 'dark', width: 1200, lang: 'pt-BR', background: DARK },
] as const

export type Look = (typeof looks)[number]

/** What the browser is told of a look. */
export const contextOf = ({ locale, colorScheme, width }: Omit<Look, 'lang' | 'background'>) => ({
  locale,
  colorScheme,
  viewport: { width, height: 800 },
})

/** Opens the page in a browser profile of its own. Its clock runs as usual, and `page.clock` can turn it forward. */
export async function openPage(
  browser: Browser,
  url: string,
  look: BrowserContextOptions = {},
  hash = '',
): Promise<OpenedPage> {
  const context = await browser.newContext({ locale: 'en-US', colorScheme: 'light', ...look })
  await context.clock.install()
  const page = await context.newPage()
  const statusRequests: string[] = []
  const otherRequests: string[] = []
  const faults: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.endsWith('/status')) statusRequests.push(request.url())
    else if (pathname !== '/documents') otherRequests.push(pathname)
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.goto(url + hash)
  return { page, statusRequests, otherRequests, faults, close: () => context.close() }
}

/** Asserts what will be, however slow the machine is: vitest's own second is sometimes too short for two browsers on two cores. */
export const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 60_000 })

/** What the page has said aloud last, a second later: so long it gathers what it has to say. */
export async function said(page: Page): Promise<string | null> {
  await page.clock.runFor(1000)
  return page.getByRole('status').textContent()
}

/** Drops files on the page, as a hand does with a mouse. */
export async function drop(page: Page, files: NamedFile[]): Promise<void> {
  const contents = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }))
  await page.evaluate((dropped) => {
    const dataTransfer = new DataTransfer()
    for (const { name, base64 } of dropped) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      dataTransfer.items.add(new File([bytes], name))
    }
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
  }, contents)
}

/** The row of the table with this file name. */
export const row = (page: Page, name: string): Locator => page.locator('tr.row', { hasText: name })

/** Waits until the rows with this name, or all rows, have exactly so many of each status icon. */
export async function waitForIcons(page: Page, icons: Record<'spinner' | 'check' | 'failed', number>, name = '') {
  const shown = async () => {
    const counts = Object.keys(icons).map(async (icon) => [
      icon,
      await row(page, name).locator(`.cell-status .icon-${icon}`).count(),
    ])
    return Object.fromEntries(await Promise.all(counts))
  }
  await eventually(shown).toEqual(icons)
}

/** What axe finds in the page as it is now. */
export async function axeFindings(page: Page): Promise<string[]> {
  // The page has no frames. For those, axe would gather its findings in a tab of its own: twice the time for the same.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

/** Asserts that axe finds nothing in the page as it is now, and that nothing sticks out of its width. */
export async function expectFine(page: Page, state: string): Promise<void> {
  expect(await axeFindings(page), state).toEqual([])
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(tooWide, state).toBe(0)
}

/** Whether the tab is in front, as browsers tell the page. */
export async function showTab(page: Page, visibilityState: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true })
  }, visibilityState)
  if (visibilityState === 'visible') await comeBack(page)
}

/** What a tab that is shown again and a network that is back tell the page. */
export async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const event of ['focus', 'online']) dispatchEvent(new Event(event))
    document.dispatchEvent(new Event('visibilitychange'))
  })
}
