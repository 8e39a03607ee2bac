import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvField } from './csv.ts'

test.each([
  ['=1+1', "'=1+1"],
  ['-12,50', '"-12,50"'],
  ['-12', '-12'],
  ['a, b', '"a, b"'],
  ['he said "no"', '"he said ""no"""'],
  // Excel in a country whose lists have semicolons sees another field behind it, whatever the quotes say.
  ['x;=1+1', `"x;'=1+1"`],
  ['a\n=cmd()', `"a\n'=cmd()"`],
  ['a\t@cmd', "a\t'@cmd"],
])('%j is written as %j', (text, written) => {
  expect(csvField(text)).toBe(written)
})

test('nothing that a semicolon, a tab or a line end cuts off begins like a formula', () => {
  const field = fc.string({ unit: fc.constantFrom('=', '@', '+', '-', ';', '\t', '\n', '\r', ' ', '"', 'a', '1', ',') })
  fc.assert(
    fc.property(field, (text) => {
      const inner = csvField(text).replace(/^"|"$/g, '').replaceAll('""', '"')
      for (const part of inner.split(/[;\t\r\n]/)) expect(part).not.toMatch(/^\s*[=@]/)
    }),
  )
})
