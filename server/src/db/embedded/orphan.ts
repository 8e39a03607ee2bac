import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Cluster, pgCtlStop } from './embedded-postgres.ts'

/** The lock that the process which supervises an embedded server holds, in that server: see holdSupervisorLock. */
const SUPERVISOR_LOCK = 0x6164_7001

/**
 * After kill -9 of everything but the database, that goes on running; after a crash of the machine its pid file names a process that
 * is gone, or by now another one. Stops an orphaned server and clears a stale pid file, so that a new server can start.
 * @throws Error when the server is no orphan: another `npm start` is using this folder
 */
export async function stopOrphan(cluster: Cluster): Promise<void> {
  const pidFile = path.join(cluster.data, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => null)
  if (text === null) return
  const [pid, , , port] = text.split('\n').map(Number)
  if (!pid || !(await isPostgres(pid))) {
    // PostgreSQL itself refuses to start while any process of the same user has that pid, as happens in containers.
    await rm(pidFile, { force: true })
    return
  }
  if (port && (await isSupervised(cluster.urlOn(port, 'postgres')))) {
    throw new Error(
      `${cluster.data} is in use: another start of this product is running with the same DATA_DIR. ` +
        'Stop it first, or set DATA_DIR to a folder of its own.',
    )
  }
  await pgCtlStop(cluster)
}

/** Whether the process with this pid is alive and a PostgreSQL server. */
async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  // Only Linux shows the command line without another program; elsewhere the pid counts as PostgreSQL's, as it does for pg_ctl.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null)
  if (process.platform === 'linux') return commandLine?.includes('postgres') ?? false
  return true
}

async function isSupervised(url: string): Promise<boolean> {
  for (let tries = 0; tries < 600; tries += 1) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS free', [SUPERVISOR_LOCK])
      return !rows[0].free
    } catch (error) {
      // 57P03: it is starting up or shutting down, so it will answer, or be gone, in a moment.
      if ((error as { code?: string }).code !== '57P03') return false
      await delay(100)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return false
}

/**
 * Marks the embedded server as supervised by this process for as long as the returned connection lives; the database frees the lock
 * by itself the moment the process is gone.
 */
export async function holdSupervisorLock(url: string): Promise<pg.Client> {
  const server = new URL(url)
  // Advisory locks belong to a database, and a server that is just starting has only this one for certain.
  server.pathname = '/postgres'
  const client = new pg.Client({ connectionString: server.href, application_name: 'adp start', keepAlive: true })
  client.on('error', () => {})
  await client.connect()
  await client.query('SELECT pg_advisory_lock($1)', [SUPERVISOR_LOCK])
  return client
}
