import { afterEach, expect, test, vi } from 'vitest'
import { ApiError, type ApiError as Failure } from './api-error.ts'
import { retryAfterError } from './retry.ts'

afterEach(() => vi.useRealTimers())

/** How long after the error it is asked again, in ms; null if never. */
function waitAfter(code: Failure['code'], retryCount: number): number | null {
  vi.useFakeTimers()
  const revalidate = vi.fn()
  retryAfterError(new ApiError(code, ''), 'key', {}, revalidate, { retryCount })
  const start = Date.now()
  if (vi.getTimerCount() === 0) return null
  vi.advanceTimersToNextTimer()
  expect(revalidate).toHaveBeenCalledOnce()
  return Date.now() - start
}

test('it is asked again for ever, and never later than after ten seconds', () => {
  expect([1, 2, 3, 4, 50].map((count) => waitAfter('unreachable', count))).toEqual([2000, 4000, 8000, 10_000, 10_000])
})

test('what asking again cannot change is not asked again', () => {
  expect(waitAfter('document_not_found', 1)).toBeNull()
  expect(waitAfter('page_not_found', 1)).toBeNull()
})
