import { expect, test } from 'vitest'
import { formatFor } from './format.ts'

const en = formatFor('en-US')
const pt = formatFor('pt-BR')

test('sizes take the largest unit with a whole part, in the language', () => {
  expect(en.size(0)).toBe('0 bytes')
  expect(en.size(999)).toBe('999 bytes')
  expect(en.size(1500)).toBe('1.5 kB')
  expect(pt.size(1500)).toBe('1,5 kB')
  expect(en.size(123_456)).toBe('123 kB')
  expect(en.size(999_960)).toBe('1 MB')
  expect(en.size(5_368_709_120)).toBe('5.4 GB')
})

test('numbers and shares', () => {
  expect(en.number(12_345)).toBe('12,345')
  expect(pt.number(12_345)).toBe('12.345')
  expect(en.percent(0.256)).toBe('26%')
})

test('moments are in the language, times have seconds', () => {
  const iso = '2026-03-04T12:05:09Z'
  expect(en.moment(iso)).toMatch(/^Mar \d, 2026/)
  expect(pt.moment(iso)).toMatch(/^\d de mar\. de 2026/)
  expect(en.exact(iso)).toMatch(/^Mar \d, 2026, \d+:\d\d:09/)
  expect(pt.time(iso)).toMatch(/^\d\d:\d\d:09$/)
})

test('what is today has its time, what is another day its date, too', () => {
  const now = Date.parse('2026-03-04T12:05:09')
  const at = (local: string) => new Date(local).toISOString()
  expect(pt.when(at('2026-03-04T14:03:59'), now)).toBe('14:03')
  expect(en.when(at('2026-03-05T01:03:00'), now)).toMatch(/^Mar 5, 1:03\sAM$/)
})

test('an age is in the largest unit with a whole part, and never negative', () => {
  expect(en.age(-900)).toBe('0 sec')
  expect(en.age(59_999)).toBe('59 sec')
  expect(en.age(60_000)).toBe('1 min')
  expect(en.age(7_199_000)).toBe('1 hr')
  expect(pt.age(3 * 86_400_000)).toBe('3 dias')
})

test('a rate has a decimal as long as that matters', () => {
  expect(en.rate(0)).toBe('0')
  expect(pt.rate(2.25)).toBe('2,3')
  expect(en.rate(1234.5)).toBe('1,235')
})
