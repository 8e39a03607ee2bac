import type { Job } from '@adp/contract/job.ts'
import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { formatFor } from '../format.ts'
import { en } from '../i18n/en.ts'
import { pt } from '../i18n/pt.ts'
import { phaseWords, statusLook } from './phase.ts'

const now = Date.parse('2026-01-01T12:00:00Z')
const job = (changes: Partial<Job>) =>
  ({ pages_done: 0, pages_total: null, pages_failed: 0, next_try_at: null, ...changes }) as Job
const words = (changes: Partial<Job>, language = 'en') =>
  phaseWords(job(changes), i18next.getFixedT(language), formatFor(language), now)

beforeAll(() => i18next.init({ lng: 'en', resources: { en: { translation: en }, pt: { translation: pt } } }))

test('extracting says which page of how many', () => {
  expect(words({ phase: 'extracting' })).toBe('Opening')
  expect(words({ phase: 'extracting', pages_total: 12, pages_done: 2 })).toBe('Page 3 of 12')
  expect(words({ phase: 'extracting', pages_total: 12, pages_done: 12 })).toBe('Page 12 of 12')
  expect(words({ phase: 'extracting', pages_total: 2000, pages_done: 1499 }, 'pt')).toBe('Página 1.500 de 2.000')
})

test('a coming try has its time, one that is due has none', () => {
  expect(words({ phase: 'retrying', next_try_at: '2026-01-01T12:03:07Z' })).toMatch(/^Next try at \d+:03:07/)
  expect(words({ phase: 'retrying', next_try_at: '2026-01-01T11:59:59Z' })).toBe('Trying again soon')
  expect(words({ phase: 'waiting_for_provider', next_try_at: '2026-01-01T12:03:07Z' })).toMatch(/:03:07/)
  expect(words({ phase: 'waiting_for_provider' })).toBe('Waiting for the provider')
})

test('the other phases are one word', () => {
  expect(words({ phase: 'queued' })).toBe('Waiting')
  expect(words({ phase: 'completed' })).toBe('Done')
  expect(words({ phase: 'failed' }, 'pt')).toBe('Falhou')
  expect(words({ phase: 'canceled' })).toBe('Canceled')
})

test('what is done without any text says so and looks neither done nor failed; as long as nobody knows, it is just done', () => {
  const done = { status: 'COMPLETED', phase: 'completed' } as const
  expect(words({ ...done, has_text: false })).toBe('Done, no text found')
  expect(words({ ...done, has_text: false }, 'pt')).toBe('Concluído, nenhum texto encontrado')
  expect(statusLook(job({ ...done, has_text: false }))).toEqual({ icon: 'warning', className: 'status status-warn' })
  for (const has_text of [true, null]) {
    expect(words({ ...done, has_text })).toBe('Done')
    expect(statusLook(job({ ...done, has_text })).icon).toBe('check')
  }
  expect(statusLook(job({ status: 'FAILED', phase: 'failed', has_text: null })).icon).toBe('failed')
})

test('what is done but for some pages says how many, and looks neither done nor failed', () => {
  const done = { status: 'COMPLETED', phase: 'completed', has_text: true } as const
  expect(words({ ...done, pages_failed: 1 })).toBe('Done, 1 page not read')
  expect(words({ ...done, pages_failed: 1200 }, 'pt')).toBe('Concluído, 1.200 páginas não lidas')
  expect(statusLook(job({ ...done, pages_failed: 1 }))).toEqual({ icon: 'warning', className: 'status status-warn' })
})

test('what was canceled is FAILED to the server, and looks neither failed nor done', () => {
  const look = statusLook(job({ status: 'FAILED', phase: 'canceled' }))
  expect(look).toEqual({ icon: 'canceled', className: 'status status-canceled' })
})
