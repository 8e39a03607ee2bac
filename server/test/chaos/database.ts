import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import { migrate } from '../../src/db/migrate.ts'

/** SIGQUIT is what `pg_ctl stop -m immediate` sends: no shutdown, a recovery at the next start. SIGKILL leaves the backends orphaned. */
export type Crash = 'SIGQUIT' | 'SIGKILL'

export type CrashableDatabase = {
  url: string
  port: number
  /** Crashes the server and starts it again on the same port. Resolves when it answers. */
  crash(signal: Crash): Promise<void>
  stop(): Promise<void>
}

/** A PostgreSQL of its own with default settings, migrated and audited. */
export async function startDatabase(folder: string): Promise<CrashableDatabase> {
  let server = await startEmbeddedPostgres(folder)
  const { url } = server
  const port = Number(new URL(url).port)
  await migrate(url)
  await installAudit(url)

  async function crash(signal: Crash): Promise<void> {
    const pid = Number((await readFile(path.join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
    process.kill(pid, signal)
    await server.exited
    // The next start begins a new log.
    await appendFile(`${folder}.crashes.log`, await readFile(`${folder}.log`))
    server = await startAgain(folder, port)
  }
  return { url, port, crash, stop: () => server.stop() }
}

/** Backends that outlive a killed postmaster hold its shared memory for a moment, and no server starts until they are gone. */
async function startAgain(folder: string, port: number): Promise<EmbeddedPostgres> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startEmbeddedPostgres(folder, { port })
    } catch (error) {
      if (tries === 20) throw error
      await delay(250)
    }
  }
}

async function installAudit(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(await readFile(path.join(import.meta.dirname, 'audit.sql'), 'utf8'))
  } finally {
    await client.end()
  }
}
