import fc from 'fast-check'
import { expect, test } from 'vitest'
import { median, sortedBy } from './token.ts'

/** As fine as a reader tells a place, beside the page too. */
const place = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((steps) => steps / 10_000)

test('sorted by a key, and what is equal stays in its order', () => {
  const items = fc.array(fc.record({ key: fc.oneof(place, fc.integer({ min: 0, max: 3 })), name: fc.nat() }))
  fc.assert(
    fc.property(items, (all) => {
      expect(sortedBy(all, ({ key }) => key)).toEqual(all.toSorted((a, b) => a.key - b.key))
    }),
  )
})

test.each([[[3, 1e300, -1e300, 2]], [[2, Infinity, -Infinity, 1]], [[]], [[1, 2, 2, 3]]])(
  'keys that no page has: %j',
  (keys) => {
    expect(sortedBy(keys, (key) => key)).toEqual(keys.toSorted((a, b) => a - b))
  },
)

test('the median is the one in the middle, of few and of many', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 60 }), (numbers) => {
      expect(median(numbers)).toBe(numbers.toSorted((a, b) => a - b)[numbers.length >> 1])
    }),
  )
  expect(median([])).toBe(0)
})
