/** A bucket of the service: what it counts, not what its clients think. */
export function createBucket({ perSecond, burst }: { perSecond: number; burst: number }, now: () => number) {
  let tokens = burst
  let filledAt = now()
  return {
    /** Whether a request may pass; a token of it is gone then. */
    take(): boolean {
      tokens = Math.min(burst, tokens + ((now() - filledAt) * perSecond) / 1000)
      filledAt = now()
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
