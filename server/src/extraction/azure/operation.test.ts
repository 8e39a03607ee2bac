import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromRuns, inRuns, parseOperation } from './operation.ts'

const aSize = fc.constantFrom(
  { width: 8.5, height: 11, unit: 'inch' as const },
  { width: 11, height: 8.5, unit: 'inch' as const },
)

test('pages are the same after they were put into runs', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), aSize), { maxLength: 50 }), (pages) => {
      const frames = pages.flatMap(([sent, size], n) => (sent ? [{ pageNumber: n + 1, ...size }] : []))
      expect(fromRuns(inRuns(frames))).toEqual(frames)
    }),
  )
})

test('2,000 alike are one run', () => {
  const frames = Array.from({ length: 2_000 }, (_, n) => ({
    pageNumber: n + 1,
    width: 8.27,
    height: 11.69,
    unit: 'inch' as const,
  }))
  expect(inRuns(frames)).toHaveLength(1)
})

test.each(['', 'https://op/1', '{}', '{"location":1}'])('%j is refused, and said', (text) => {
  expect(() => parseOperation(text)).toThrow('The operation cannot be read')
})
