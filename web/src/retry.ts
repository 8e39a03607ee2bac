import type { Revalidator, RevalidatorOptions } from 'swr'
import { type ApiError, isRetryable } from './api-error.ts'

const FIRST_MS = 2000
const LONGEST_MS = 10_000

/**
 * Asks again after an error until it works, so that a page left open recovers by itself. SWR's own way doubles its wait up
 * to 21 minutes, long after the server came back.
 */
export function retryAfterError(
  error: ApiError,
  _key: string,
  _config: unknown,
  revalidate: Revalidator,
  { retryCount = 1 }: RevalidatorOptions,
): void {
  if (!isRetryable(error.code)) return
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** (retryCount - 1))
  setTimeout(() => void revalidate({ retryCount, dedupe: true }), wait)
}
