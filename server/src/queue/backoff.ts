const BASE_MS = 2_000
const CAP_MS = 5 * 60_000

/**
 * Time until the next attempt: full jitter, which spreads a crowd of failures better than any fixed or half-random delay
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param attempts attempts made so far, at least 1
 * @param random a number in [0, 1)
 * @returns milliseconds, between 0 and 2 s doubled with each attempt, never over 5 minutes
 */
export function backoffMs(attempts: number, random: number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** (attempts - 1))
  return Math.floor(random * ceiling)
}
