import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from './config.ts'

const fileIn = (dataDir: string) => path.join(dataDir, 'database-url')

/**
 * DATABASE_URL, or the address that `npm start` has left in DATA_DIR for the embedded database, so that `npm run worker` beside it joins in.
 * @throws Error that says how to get a database
 */
export async function findDatabaseUrl(config: Config): Promise<string> {
  if (config.DATABASE_URL) return config.DATABASE_URL
  const url = await readFile(fileIn(config.DATA_DIR), 'utf8').catch(() => null)
  if (url) return url.trim()
  throw new Error(
    `DATABASE_URL is not set, and no embedded database runs in ${config.DATA_DIR}. ` +
      'Set DATABASE_URL to a PostgreSQL (15 or newer), or run `npm start`, which brings its own.',
  )
}

/** The port that the embedded database had last: who keeps its address, a worker beside this one or a tool, finds it there again. */
export async function readLeftPort(config: Config): Promise<number | undefined> {
  const url = await readFile(fileIn(config.DATA_DIR), 'utf8').catch(() => null)
  return url === null ? undefined : Number(new URL(url.trim()).port)
}

/** Leaves the embedded database's address for processes beside this one; it holds the password, so only the owner may read it. */
export async function leaveDatabaseUrl(config: Config, url: string): Promise<void> {
  await writeFile(fileIn(config.DATA_DIR), `${url}\n`, { mode: 0o600 })
}
