import { expect, test } from 'vitest'
import { cleanText, countLetters, isRightToLeft } from './text.ts'

test('what PostgreSQL refuses is gone', () => {
  expect(cleanText('a\0b\uD800c')).toBe('abc'.replace('c', '\uFFFDc'))
})

test('white space is one space, control characters are none', () => {
  expect(cleanText('  a\n\t b\u00A0c\u0002d ')).toBe('a b cd')
})

test('surrogate pairs stay', () => {
  expect(cleanText('👍 ok')).toBe('👍 ok')
})

test('letters and digits of any script count, marks do not', () => {
  expect(countLetters('Ab1 -– 日本 ş . 𝟙')).toBe(7)
})

test('a script is right-to-left when most of its letters are', () => {
  expect(isRightToLeft('وعليه 2024')).toBe(true)
  expect(isRightToLeft('page וו of ten')).toBe(false)
  expect(isRightToLeft('')).toBe(false)
})
