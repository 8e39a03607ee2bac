/** Headers that say when to come back, the finest first; the second is that of other services of the same gateway. */
const IN_MS = ['retry-after-ms', 'x-ms-retry-after-ms']

/**
 * How long an answer wants the client to wait, in milliseconds; null when it does not say.
 * Retry-After is a number of seconds or a date (RFC 9110, 10.2.3).
 * @param now ms since 1970, of the clock that the date is compared with: the answer's own Date where it has one
 */
export function retryAfterMs(header: (name: string) => string | undefined, now: number): number | null {
  for (const name of IN_MS) {
    const ms = Number(header(name) ?? Number.NaN)
    if (ms >= 0) return ms
  }
  const value = header('retry-after')
  if (value === undefined) return null
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const until = value.endsWith(' GMT') ? Date.parse(value) : Number.NaN
  if (Number.isNaN(until)) return null
  return Math.max(0, until - (Date.parse(header('date') ?? '') || now))
}
