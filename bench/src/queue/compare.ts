import { median, table } from '../report.ts'

/** What one contestant measured, one number a round. */
export type Series = { name: string; values: number[] }

/** In turns, each round begun by another, so that what else the machine does falls on all alike. */
export async function inTurns<T>(keys: string[], rounds: number, once: (key: string, round: number) => Promise<T>) {
  const results = new Map<string, T[]>(keys.map((key) => [key, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [n] of keys.entries()) {
      const key = keys[(n + round) % keys.length] as string
      results.get(key)?.push(await once(key, round))
    }
  }
  return results
}

/** The ratio of medians of ours to each peer, with the range of the ratios round by round. */
export function ratios(ours: Series | undefined, peers: Series[]): string {
  if (!ours) return 'Without ours there are no ratios.'
  return table(
    peers.map((peer) => {
      const byRound = ours.values.map((value, round) => value / (peer.values[round] ?? Number.NaN))
      return {
        'ours to': peer.name,
        ratio: (median(ours.values) / median(peer.values)).toFixed(2),
        'range of rounds': `${Math.min(...byRound).toFixed(2)} to ${Math.max(...byRound).toFixed(2)}`,
      }
    }),
  )
}

/** A number with its range over the rounds: `1234 (1100 to 1300)`. */
export function withRange(values: number[], digits = 0): string {
  return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`
}
