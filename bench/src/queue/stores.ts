import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import getPort from 'get-port'
import { Redis } from 'ioredis'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../../server/src/db/embedded/embedded-postgres.ts'

/** A server whose databases the contestants are given, one each and fresh. */
export type Store = {
  /** Empty. What bore the name before is gone. */
  fresh(name: string): Promise<string>
  /** After the jobs are in and before the clock runs, alike for everybody: statistics are fresh, and no write of before is still to come. */
  settle(url: string): Promise<void>
  /** Transactions committed in a database so far, once everybody has left it. Null where there are none. */
  transactions(url: string): Promise<number | null>
  stop(): Promise<void>
}

async function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'adp-bench-queue-'))
}

/** PostgreSQL with its defaults, fsync and all. */
export async function startPostgresql(): Promise<Store> {
  const folder = await temporaryFolder()
  const server = await startEmbeddedPostgres(path.join(folder, 'postgresql'))
  const urlOf = (database: string) => Object.assign(new URL(server.url), { pathname: `/${database}` }).href
  const databaseOf = (url: string) => new URL(url).pathname.slice(1)
  const admin = new pg.Client({ connectionString: urlOf('postgres') })
  await admin.connect()

  // Some products resolve their close() while connections are still closing.
  async function untilEmpty(database: string): Promise<void> {
    const others = "SELECT FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'"
    while ((await admin.query(others, [database])).rowCount !== 0) await delay(5)
  }

  return {
    async fresh(name) {
      await untilEmpty(name)
      await admin.query(`DROP DATABASE IF EXISTS ${name}`)
      await admin.query(`CREATE DATABASE ${name}`)
      return urlOf(name)
    },
    async settle(url) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('VACUUM ANALYZE')
      await client.query('CHECKPOINT')
      await client.end()
    },
    async transactions(url) {
      const database = databaseOf(url)
      // A backend tells its counts when it ends, at the latest.
      await untilEmpty(database)
      const { rows } = await admin.query<{ n: string }>(
        'SELECT xact_commit AS n FROM pg_stat_database WHERE datname = $1',
        [database],
      )
      return Number(rows[0]?.n)
    },
    async stop() {
      await admin.end()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The redis-server found on PATH, with its default persistence. Null when there is none. */
export async function startRedis(): Promise<Store | null> {
  const folder = await temporaryFolder()
  const port = await getPort({ host: '127.0.0.1' })
  const child = spawn('redis-server', ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder], {
    stdio: 'ignore',
    detached: true,
  })
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', () => resolve(true))
  })
  const admin = new Redis({ port, retryStrategy: () => 20, maxRetriesPerRequest: null })
  admin.on('error', () => {})
  const up = await Promise.race([admin.ping(), ended])
  if (up !== 'PONG') {
    admin.disconnect()
    await rm(folder, { recursive: true, force: true })
    if (up === false) return null
    throw new Error('redis-server ended at once')
  }

  const numbers = new Map<string, number>()
  return {
    async fresh(name) {
      const number = numbers.get(name) ?? numbers.size
      numbers.set(name, number)
      await admin.select(number)
      await admin.flushdb()
      return `redis://127.0.0.1:${port}/${number}`
    },
    async settle() {},
    transactions: async () => null,
    async stop() {
      admin.disconnect()
      child.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
