import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let stored: Map<string, string>

/** The module as a page that was just opened has it. */
async function openedPage() {
  vi.resetModules()
  return (await import('./submitter.ts')).submitterId
}

beforeEach(() => {
  stored = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a browser keeps its id, and another has another', async () => {
  const id = (await openedPage())()
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  expect((await openedPage())()).toBe(id)
  stored.clear()
  expect((await openedPage())()).not.toBe(id)
})

test('what is no id is replaced', async () => {
  stored.set('submitter', '\0')
  expect((await openedPage())()).toMatch(/^[0-9a-f-]{36}$/)
  expect(stored.get('submitter')).toMatch(/^[0-9a-f-]{36}$/)
})

test('without storage the id stays the same for as long as the page is open', async () => {
  vi.stubGlobal('localStorage', undefined)
  const submitterId = await openedPage()
  expect(submitterId()).toBe(submitterId())
})
