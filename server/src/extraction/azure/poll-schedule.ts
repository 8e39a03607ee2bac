/** What the documentation of the service asks for: no faster than every 2 s, backing off 2, 5, 13, 34 s. */
const DELAYS_S = [2, 5, 13, 34]

/**
 * When to ask for a result again, in milliseconds from now: told from how long ago it was submitted, so that no count has to be kept.
 * @param elapsedMs since it was submitted
 * @param retryAfterMs what the service itself wants, if it says so
 */
export function pollDelayMs(elapsedMs: number, retryAfterMs: number | null = null): number {
  let [asked, delay] = [0, DELAYS_S[0] ?? 2]
  for (const next of DELAYS_S) {
    delay = next
    asked += next * 1000
    if (elapsedMs < asked) break
  }
  return Math.max(delay * 1000, retryAfterMs ?? 0)
}

/** Results are kept for 24 h; then they are gone, whether somebody has read them or not. */
export const RESULT_KEPT_MS = 24 * 60 * 60 * 1000
