import { expect, test } from 'vitest'
import { anyOf, type Fault, randomFaults, throttleEpisodes } from './faults.ts'

const reset: Fault = { kind: 'reset' }
const cut: Fault = { kind: 'cut' }

test('random faults: as often as their rates say, the same for the same seed, whatever the order', () => {
  const rates = [
    { kind: 'get', fault: reset, rate: 0.1 },
    { kind: 'get', fault: cut, rate: 0.2 },
    { kind: 'post', fault: reset, rate: 1 },
  ] as const
  const dealt = (seed: number, numbers: number[]) => {
    const script = randomFaults({ seed, rates: [...rates] })
    return numbers.map((n) => script({ kind: 'get', n, atMs: 0 })?.kind)
  }
  const numbers = Array.from({ length: 10_000 }, (_, index) => index + 1)
  const once = dealt(1, numbers)
  // Four standard deviations of 10,000 draws: 120 and 160.
  expect(Math.abs(once.filter((kind) => kind === 'reset').length - 1_000)).toBeLessThan(120)
  expect(Math.abs(once.filter((kind) => kind === 'cut').length - 2_000)).toBeLessThan(160)
  expect(dealt(1, numbers.toReversed()).toReversed()).toEqual(once)
  expect(dealt(2, numbers)).not.toEqual(once)
  expect(randomFaults({ seed: 1, rates: [...rates] })({ kind: 'post', n: 5, atMs: 0 })).toEqual(reset)
  expect(() => randomFaults({ seed: 1, rates: [...rates, { kind: 'get', fault: cut, rate: 0.8 }] })).toThrow(RangeError)
})

test('a throttle refuses every request of its kind for as long as it says, once in each span', () => {
  const script = throttleEpisodes({ seed: 3, kind: 'get', everyMs: 60_000, seconds: 5 })
  const at = (atMs: number) => script({ kind: 'get', n: 1, atMs })
  for (const span of [0, 1, 2]) {
    const refused = Array.from({ length: 600 }, (_, index) => span * 60_000 + index * 100).filter((atMs) => at(atMs))
    expect(refused).toHaveLength(50)
    const [first = 0] = refused
    expect(refused.at(-1)).toBe(first + 4_900)
    expect(at(first)).toEqual({ kind: '429', retryAfter: 5 })
    expect(at(first + 4_900)).toEqual({ kind: '429', retryAfter: 1 })
    expect(script({ kind: 'post', n: 1, atMs: first })).toBeNull()
  }
  const silent = throttleEpisodes({ seed: 3, kind: 'get', everyMs: 5_000, seconds: 5, tells: false })
  expect(silent({ kind: 'get', n: 1, atMs: 0 })).toEqual({ kind: '429', retryAfter: null })
  expect(() => throttleEpisodes({ seed: 3, kind: 'get', everyMs: 4_999, seconds: 5 })).toThrow(RangeError)
})

test('of several scripts the first that has a fault decides', () => {
  const script = anyOf(
    ({ n }) => (n === 2 ? cut : null),
    () => reset,
  )
  expect([1, 2].map((n) => script({ kind: 'get', n, atMs: 0 }))).toEqual([reset, cut])
})
