import { expect, test } from 'vitest'
import { exceededLimit, warningsOf } from './attachment-limits.ts'

const FAMILY = { depth: 0, members: 0, attached: 0, bytes: 0, made: false }

test.each([
  ['nothing', {}, 10_000_000, null],
  ['a file that is larger than the mail it came in', {}, 21_000_001, 'attachments_too_large'],
  ['files that are so together', { bytes: 20_000_000 }, 1_000_001, 'attachments_too_large'],
  ['the 500th file', { attached: 499, members: 499 }, 1, null],
  ['the 501st file', { attached: 500, members: 500 }, 1, 'too_many_attachments'],
  ['the 1,001st of an upload', { attached: 1, members: 1000 }, 1, 'too_many_attachments'],
  ['what is in the fourth mail', { depth: 3 }, 1, null],
  ['what is in the fifth mail', { depth: 4 }, 1, 'attachments_too_deep'],
] as const)('%s', (_, family, bytes, limit) => {
  expect(exceededLimit({ ...FAMILY, ...family }, bytes, 10_000_000)).toBe(limit)
})

test('a warning for each limit, with the first ten names', () => {
  const many = Array.from({ length: 12 }, (_, n) => ({ name: `${n}.pdf`, limit: 'too_many_attachments' as const }))
  const warnings = warningsOf([...many, { name: 'big.pdf', limit: 'attachments_too_large' }])
  expect(warnings.map(({ code }) => code)).toEqual(['too_many_attachments', 'attachments_too_large'])
  expect(warnings[0]?.message).toMatch(/^12 attached files .*: 0\.pdf, .*9\.pdf and 2 more$/)
  expect(warningsOf([])).toEqual([])
})
