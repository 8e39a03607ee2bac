import type { Job, JobStatusAnswer } from '@adp/contract/job.ts'
import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { formatFor } from '../format.ts'
import { en } from '../i18n/en.ts'
import { pt } from '../i18n/pt.ts'
import { type Place, placeWords, splitAnswer } from './place.ts'

const now = Date.parse('2026-01-01T12:00:00')
const waiting = { status: 'PENDING', phase: 'queued' } as Job
const at = (local: string) => new Date(local).toISOString()

function words(position: number | null, start: string | null, { language = 'en', job = waiting } = {}): string | null {
  const place: Place = { position, estimated_start_at: start }
  return placeWords(job, place, i18next.getFixedT(language), formatFor(language), now)
}

beforeAll(() => i18next.init({ lng: 'en', resources: { en: { translation: en }, pt: { translation: pt } } }))

test('a waiting job has its position and about when it starts', () => {
  expect(words(12, at('2026-01-01T14:03:40'))).toMatch(/^Position 12 · starts about 2:03\sPM$/)
  expect(words(1200, at('2026-01-01T14:03:40'), { language: 'pt' })).toBe('Posição 1.200 · previsão: 14:03')
  expect(words(1, at('2026-01-01T12:00:59'))).toBe('Position 1 · starts in a moment')
})

test('a start on another day has its date', () => {
  expect(words(9000, at('2026-01-03T14:03:00'))).toMatch(/starts about Jan 3, 2:03\sPM$/)
})

test('what is not known is not said', () => {
  expect(words(12, null)).toBe('Position 12')
  expect(words(null, null)).toBeNull()
  expect(words(null, at('2026-01-01T14:03:40'))).toBeNull()
  expect(placeWords(waiting, null, i18next.t, formatFor('en'), now)).toBeNull()
})

test('from where the server stops counting on, it is that or later', () => {
  expect(words(9_999, null)).toBe('Position 9,999')
  expect(words(10_000, at('2026-01-01T14:03:40'))).toBe('Position 10,000 or later')
})

test('a job that began meanwhile has no place, whatever was heard before', () => {
  const job = { status: 'PROCESSING', phase: 'extracting' } as Job
  expect(words(12, at('2026-01-01T14:03:40'), { job })).toBeNull()
})

test('a status answer is split into the job as lists have it and its place', () => {
  const place = { position: 3, estimated_start_at: null }
  expect(splitAnswer({ ...waiting, ...place } as JobStatusAnswer)).toEqual({ job: waiting, place })
})
