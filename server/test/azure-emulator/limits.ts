export type Rate = { perSecond: number /** How many at once after a pause. */; burst: number }
export type Limits = { post: Rate; get: Rate }
export type Tier = 'S0' | 'F0'

type TierLimits = { bytes: number; pages: number; rates: Limits }

const oneSecond = (perSecond: number): Rate => ({ perSecond, burst: perSecond })

/** learn.microsoft.com/azure/ai-services/document-intelligence/service-limits, for 2024-11-30. */
export const TIERS: Record<Tier, TierLimits> = {
  S0: { bytes: 500 * 1024 * 1024, pages: 2000, rates: { post: oneSecond(15), get: oneSecond(50) } },
  F0: { bytes: 4 * 1024 * 1024, pages: 2, rates: { post: oneSecond(1), get: oneSecond(1) } },
}

export type TokenBucket = {
  /** Takes one token. @returns 0 when there was one, else in how many ms there will be */
  take(nowMs: number): number
}

/** A bucket that begins full. */
export function createTokenBucket({ perSecond, burst }: Rate): TokenBucket {
  let tokens = burst
  let atMs = Number.NEGATIVE_INFINITY
  return {
    take(nowMs) {
      tokens = Math.min(burst, tokens + (Math.max(0, nowMs - atMs) * perSecond) / 1000)
      atMs = nowMs
      // Thirds of a second do not add up to a whole token in floating point.
      if (tokens > 1 - 1e-9) {
        tokens = Math.max(0, tokens - 1)
        return 0
      }
      return ((1 - tokens) * 1000) / perSecond
    },
  }
}

export type PeakCounter = { add(nowMs: number): void; readonly peak: number }

/** The greatest number of events within any second: what a limit of so many a second has to be compared with. */
export function createPeakCounter(): PeakCounter {
  const recent: number[] = []
  let peak = 0
  return {
    add(nowMs) {
      recent.push(nowMs)
      while ((recent[0] as number) <= nowMs - 1000) recent.shift()
      peak = Math.max(peak, recent.length)
    },
    get peak() {
      return peak
    },
  }
}
