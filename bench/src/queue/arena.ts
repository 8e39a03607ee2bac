import type { Contestant } from './contestant.ts'
import { loadContestant } from './contestants.ts'
import { type Store, startPostgresql, startRedis } from './stores.ts'

/** The servers, and the contestants that have one here. */
export type Arena = {
  contestants: { key: string; contestant: Contestant; store: Store }[]
  find(key: string): { contestant: Contestant; store: Store }
}

/** Starts what the contestants need, runs the benchmark, and leaves nothing behind, not after Ctrl-C either. */
export async function withArena(keys: string[], work: (arena: Arena) => Promise<void>): Promise<void> {
  const loaded = await Promise.all(keys.map(async (key) => ({ key, contestant: await loadContestant(key) })))
  const postgresql = await startPostgresql()
  const redis = loaded.some(({ contestant }) => contestant.store === 'redis') ? await startRedis() : null
  const stop = () => Promise.all([postgresql.stop(), redis?.stop()])
  // What was broken off has left connections open, and each would tell of its end with an error that nobody listens for.
  const breakOff = () => process.on('uncaughtException', () => {})
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      breakOff()
      void stop().then(() => process.exit(1))
    })
  }

  const contestants = loaded.flatMap(({ key, contestant }) => {
    const store = contestant.store === 'redis' ? redis : postgresql
    if (store) return [{ key, contestant, store }]
    console.log(`${contestant.name} is left out: there is no redis-server on PATH.\n`)
    return []
  })
  const find = (key: string) => {
    const found = contestants.find((one) => one.key === key)
    if (!found) throw new Error(`${key} takes no part`)
    return found
  }
  try {
    await work({ contestants, find })
  } catch (error) {
    breakOff()
    console.error(error)
    process.exitCode = 1
  } finally {
    await stop()
  }
}
