import { ErrorCode } from '@adp/contract/errors.ts'
import { expect, test } from 'vitest'
import { CLIENT_ERROR_CODES } from '../api-error.ts'
import { en } from './en.ts'
import { chooseLanguage, localeOf } from './index.ts'
import { pt } from './pt.ts'

/** Every leaf of a dictionary: its dotted key and its words. */
function leaves(node: object, prefix = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : leaves(value, `${prefix}${key}.`),
  )
}

const placeholders = (words: string) => (words.match(/\{\{\w+\}\}/g) ?? []).sort()

test('both languages have exactly the same keys, with the same placeholders', () => {
  const english = new Map(leaves(en))
  const portuguese = new Map(leaves(pt))
  expect([...portuguese.keys()].sort()).toEqual([...english.keys()].sort())
  for (const [key, words] of english) expect(placeholders(portuguese.get(key) ?? ''), key).toEqual(placeholders(words))
})

test('nothing is left empty', () => {
  for (const [key, words] of [...leaves(en), ...leaves(pt)]) expect(words.trim(), key).not.toBe('')
})

test('every error code has its words in both languages, and they are not the same words', () => {
  const codes = [...ErrorCode.options, ...CLIENT_ERROR_CODES].sort()
  expect(Object.keys(en.errors).sort()).toEqual(codes)
  expect(Object.keys(pt.errors).sort()).toEqual(codes)
  for (const code of codes) expect(pt.errors[code].message).not.toBe(en.errors[code].message)
})

test('the language is the remembered one, else the first of the browser that there is, else English', () => {
  expect(chooseLanguage('pt', ['en-GB'])).toBe('pt')
  expect(chooseLanguage(null, ['fr', 'pt-PT', 'en'])).toBe('pt')
  expect(chooseLanguage('xx', ['fr'])).toBe('en')
})

test('the locale is that of the country the browser names, if it has the language', () => {
  expect(localeOf('en', ['pt-BR', 'en-GB'])).toBe('en-GB')
  expect(localeOf('pt', ['en-GB'])).toBe('pt-BR')
  expect(localeOf('en', ['en-US@posix', 'en-NZ'])).toBe('en-NZ')
})
