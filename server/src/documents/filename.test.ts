import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanFilename } from './filename.ts'

test.each([
  ['invoice.pdf', 'invoice.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ana\\relatório.pdf', 'relatório.pdf'],
  ['a\0b\nc\u202egpj.exe', 'abcgpj.exe'],
  ['', 'unnamed'],
  [undefined, 'unnamed'],
  ['..', 'unnamed'],
  ['folder/', 'unnamed'],
  [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(251)}.pdf`],
])('%j becomes %j', (given, clean) => {
  expect(cleanFilename(given)).toBe(clean)
})

test('every name becomes one that PostgreSQL and a screen can take, and stays so', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
      const clean = cleanFilename(given)
      expect(clean.length).toBeGreaterThan(0)
      expect(clean.length).toBeLessThanOrEqual(255)
      expect(clean.isWellFormed()).toBe(true)
      expect(clean).not.toMatch(/[\p{Cc}\p{Bidi_Control}/\\]/u)
      expect(cleanFilename(clean)).toBe(clean)
    }),
  )
})
