import { expect, test } from 'vitest'
import { useMisbehavingExtractor } from '../../../test/misbehaving-extractor.ts'
import type { ExtractedPage } from '../extractor.ts'

/** Pages that children die of, or cannot read. */

const { create, begin, extractor } = useMisbehavingExtractor()

const failuresOf = (pages: ExtractedPage[]) => pages.map(({ page, failure }) => [page.pageNumber, failure?.code])

test.each([
  ['segfault', {}, 'parser_crashed', /killed by SIGSEGV on page 2 of 4/],
  ['hoard', { memoryBytes: 300 * 2 ** 20 }, 'memory_exceeded', /300 MB allowed, on page 2 of 4/],
  ['hang', { pageTimeoutMs: 1500 }, 'page_timeout', /No progress for 1500 ms, on page 2 of 4/],
  ['nonsense', {}, 'parser_crashed', /makes no sense on page 2 of 4/],
] as const)('a page that children die of fails alone: %s', async (misdeed, options, code, detail) => {
  create(options)
  const { pages } = await begin(`${misdeed}/4`)
  expect(failuresOf(pages)).toEqual([
    [1, undefined],
    [2, code],
    [3, undefined],
    [4, undefined],
  ])
  expect(pages[1]).toMatchObject({ content: '', failure: { detail: expect.stringMatching(detail) } })
})

test('a page that children die of is read after all when the next child does not', async () => {
  create()
  const { pages } = await begin('once/4')
  expect(failuresOf(pages).map(([, code]) => code)).toEqual([undefined, undefined, undefined, undefined])
  expect(pages[1]?.content).not.toBe(pages[0]?.content)
})

test('a page that children die of is the only one that is read when it is tried again', async () => {
  create()
  const pages: ExtractedPage[] = []
  const events = { onOpened: async () => {}, onPage: async (page: ExtractedPage) => void pages.push(page) }
  const input = { path: 'segfault/3', contentType: 'application/pdf', pagesDone: new Set([1, 3]) } as const
  await extractor().begin(input, events, new AbortController().signal)
  expect(failuresOf(pages)).toEqual([[2, 'parser_crashed']])
})

test('every page that children die of is given up: the third one ends it, none is opened twice', async () => {
  create()
  const [opened, seen]: [number[], ExtractedPage[]] = [[], []]
  const events = {
    onOpened: async (total: number) => void opened.push(total),
    onPage: async (page: ExtractedPage) => void seen.push(page),
  }
  await expect(begin('segfault@every/9', events)).rejects.toMatchObject({
    code: 'parser_crashed',
    message: expect.stringMatching(/on page 3 of 9/),
  })
  expect(failuresOf(seen).map(([page]) => page)).toEqual([1, 2])
  expect(opened).toEqual([9])
})

test('a page that the parser itself cannot read is told with why, and the child is kept', async () => {
  create()
  const { pages } = await begin('unreadable/3')
  expect(pages[1]?.failure).toEqual({ code: 'file_corrupt', detail: 'there is nothing on it' })
  expect(pages[2]?.content).toBe(pages[0]?.content)
})

test('a page that children die of has no size when pages are only measured', async () => {
  create()
  const input = { path: 'segfault/3', contentType: 'application/pdf', pagesDone: new Set<number>() } as const
  const frames = await extractor().measure(input, new AbortController().signal)
  expect(frames.map(({ pageNumber, width }) => [pageNumber, width])).toEqual([
    [1, 1],
    [2, 0],
    [3, 1],
  ])
})
