import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The same numbers for the same seed, on every machine. */
export type Random = {
  /** From 0 up to and without 1. */
  share(): number
  /** From `from` up to and with `to`. */
  whole(from: number, to: number): number
  pick<T>(list: readonly T[]): T
  /** As many different ones, in any order. */
  some<T>(list: readonly T[], count: number): T[]
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  const share = () => uniformFloat64(generator)
  const whole = (from: number, to: number) => from + Math.floor(share() * (to - from + 1))
  const pick = <T>(list: readonly T[]): T => list[Math.floor(share() * list.length)] as T
  const some = <T>(list: readonly T[], count: number): T[] => {
    const left = [...list]
    return Array.from({ length: Math.min(count, list.length) }, () => left.splice(whole(0, left.length - 1), 1)[0] as T)
  }
  return { share, whole, pick, some }
}
