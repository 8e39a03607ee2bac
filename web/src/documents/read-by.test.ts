import type { Job } from '@adp/contract/job.ts'
import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { formatFor } from '../format.ts'
import { en } from '../i18n/en.ts'
import { pt } from '../i18n/pt.ts'
import { readByWords } from './read-by.ts'

const words = (changes: Partial<Job>, language = 'en') =>
  readByWords(
    { status: 'COMPLETED', pages_total: 12, pages_billed: 0, ...changes } as Job,
    i18next.getFixedT(language),
    formatFor(language),
  )

beforeAll(() => i18next.init({ lng: 'en', resources: { en: { translation: en }, pt: { translation: pt } } }))

test('who reads it, and what is paid for', () => {
  expect(words({ provider: null, pages_total: null })).toBeNull()
  expect(words({ provider: 'local' })).toBe('This server, free')
  expect(words({ provider: 'azure', pages_billed: 12 })).toBe('Azure, 12 pages billed')
  expect(words({ provider: 'azure', pages_billed: 1, pages_total: 1 }, 'pt')).toBe('Azure, 1 página cobrada')
})

test('what was shared says what that saved', () => {
  expect(words({ provider: 'auto', status: 'PENDING' })).toBeNull()
  expect(words({ provider: 'auto', pages_billed: 3 })).toBe('This server 9 of 12 pages, free; Azure 3, billed')
  expect(words({ provider: 'auto' })).toBe('This server all 12 pages, free: each carries its own text')
  expect(words({ provider: 'auto', pages_billed: 24 }, 'pt')).toBe(
    'Este servidor 0 de 12 páginas, grátis; Azure 24, cobradas',
  )
})
