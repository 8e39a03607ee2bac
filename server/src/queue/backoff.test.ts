import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('the ceiling doubles from 2 s and stops at 5 minutes', () => {
  const almostOne = 1 - Number.EPSILON
  expect([1, 2, 3, 8, 9, 50].map((attempts) => Math.round(backoffMs(attempts, almostOne) / 1000))).toEqual([
    2, 4, 8, 256, 300, 300,
  ])
})

test('the jitter is full: from nothing to the ceiling, in proportion', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempts, random) => {
        const ceiling = Math.min(300_000, 2_000 * 2 ** (attempts - 1))
        const delay = backoffMs(attempts, random)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThan(ceiling)
        expect(Math.abs(delay - random * ceiling)).toBeLessThanOrEqual(1)
      },
    ),
  )
})
