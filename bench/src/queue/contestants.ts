import type { Contestant } from './contestant.ts'

/** Loaded when needed, so that a worker process has only the library it runs. */
const LOADERS = {
  ours: async () => (await import('./contestants/ours.ts')).ours,
  'graphile-worker': async () => (await import('./contestants/graphile-worker.ts')).graphileWorker,
  'pg-boss': async () => (await import('./contestants/pg-boss.ts')).pgBoss,
  'pg-boss-notify': async () => (await import('./contestants/pg-boss.ts')).pgBossNotify,
  bullmq: async () => (await import('./contestants/bullmq.ts')).bullmqOnRedis,
  'bullmq-postgresql': async () => (await import('./contestants/bullmq.ts')).bullmqOnPostgresql,
} satisfies Record<string, () => Promise<Contestant>>

export type Key = keyof typeof LOADERS

/** @throws Error that lists what there is when nobody has that name */
export async function loadContestant(key: string): Promise<Contestant> {
  if (!(key in LOADERS))
    throw new Error(`There is no contestant "${key}"; there are ${Object.keys(LOADERS).join(', ')}.`)
  return LOADERS[key as Key]()
}
