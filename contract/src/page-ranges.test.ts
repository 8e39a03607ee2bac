import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countPages,
  formatPageRanges,
  hasPage,
  PageRanges,
  pageAt,
  parsePageRanges,
  rangesOf,
  widen,
} from './page-ranges.ts'

const somePages = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 })
const inOrder = (pages: number[]) => pages.toSorted((a, b) => a - b)

test.each(['0', '3-1', '1,,2', '1-', 'a', '', '1 - 2', '12345678', '1-2-3'])('%j is refused', (text) => {
  expect(PageRanges.safeParse(text).error?.issues).toHaveLength(1)
})

test('what is written in any order, twice or touching is read as the same pages', () => {
  for (const text of ['1-3,5', '5,1-3', '1,2,3,5,5', '1-2,2-3,5']) {
    expect(PageRanges.safeParse(text).success).toBe(true)
    expect(formatPageRanges(parsePageRanges(text))).toBe('1-3,5')
  }
})

describe('for any pages', () => {
  test('their ranges are these pages, and are read as they were written', () => {
    fc.assert(
      fc.property(somePages, (pages) => {
        const ranges = rangesOf(pages)
        expect(parsePageRanges(formatPageRanges(ranges))).toEqual(ranges)
        expect(countPages(ranges, 300)).toBe(pages.length)
        expect(inOrder(pages).map((page, n) => [page, pageAt(ranges, n + 1)])).toEqual(
          inOrder(pages).map((page) => [page, page]),
        )
        expect(() => pageAt(ranges, pages.length + 1)).toThrow(RangeError)
        for (let page = 1; page <= 301; page += 1) expect(hasPage(ranges, page)).toBe(pages.includes(page))
      }),
    )
  })

  test('those up to a last one are counted', () => {
    fc.assert(
      fc.property(somePages, fc.integer({ min: 0, max: 310 }), (pages, last) => {
        expect(countPages(rangesOf(pages), last)).toBe(pages.filter((page) => page <= last).length)
      }),
    )
  })

  test('widened, they keep every page and stay within the length', () => {
    fc.assert(
      fc.property(somePages, fc.integer({ min: 7, max: 200 }), (pages, length) => {
        const wider = widen(rangesOf(pages), length)
        expect(formatPageRanges(wider).length).toBeLessThanOrEqual(length)
        for (const page of pages) expect(hasPage(wider, page)).toBe(true)
        if (formatPageRanges(rangesOf(pages)).length <= length) expect(wider).toEqual(rangesOf(pages))
      }),
    )
  })
})
