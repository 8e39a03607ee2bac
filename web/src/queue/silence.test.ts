import { expect, test } from 'vitest'
import { silence } from './silence.ts'

const beat_at = '2026-01-01T12:00:00.000Z'
const beat = Date.parse(beat_at)

test('a worker is stale after five missed beats, and not before', () => {
  expect(silence({ beat_at }, beat + 10_000)).toEqual({ ms: 10_000, stale: false })
  expect(silence({ beat_at }, beat + 10_001)).toEqual({ ms: 10_001, stale: true })
})

test('a clock that is cut to the second may be behind a beat', () => {
  expect(silence({ beat_at }, beat - 900)).toEqual({ ms: 0, stale: false })
})
