import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type Config, readConfig } from './config.ts'
import { leaveDatabaseUrl } from './database-url.ts'
import { runDatabase } from './db/embedded/run-database.ts'
import { migrate } from './db/migrate.ts'
import { createLogger } from './logger.ts'
import { runMain, stopInOrder } from './process.ts'
import { supervise } from './supervise.ts'

/** The worker's own 25 s and a little. */
const KILL_AFTER_MS = 28_000

/** The whole product with one command: database (unless DATABASE_URL names one), migrations, API with the page, worker. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLogger('start', config.LOG_LEVEL)
  await mkdir(config.DATA_DIR, { recursive: true, mode: 0o700 })
  const database = await openDatabase(config, (error) =>
    log.error({ err: error }, 'the embedded database ended; starting it again'),
  )
  const parts: ReturnType<typeof supervise>[] = []

  stopInOrder(log, async () => {
    log.info('stopping')
    await Promise.all(parts.map((part) => part.stop(KILL_AFTER_MS)))
    await database.stop()
  })

  try {
    await migrate(database.url)
    let port = config.PORT
    const env = () => ({ ...process.env, DATABASE_URL: database.url, PORT: String(port), DATA_DIR: config.DATA_DIR })
    const restarts = (name: string) => (how: string, inMs: number) =>
      log.error(`the ${name} died (${how}); starting it again in ${inMs} ms`)
    const api = supervise('server.ts', env, restarts('API'))
    const worker = supervise('worker.ts', env, restarts('worker'))
    parts.push(api, worker)
    const [{ url }] = await Promise.all([api.ready, worker.ready])
    // A port that was picked stays: the page that is open keeps its address when the API is restarted.
    port = Number(new URL(url ?? '').port) || 80
    console.log(`async-doc-processing is ready at ${url}`)
  } catch (error) {
    await Promise.all(parts.map((part) => part.stop(KILL_AFTER_MS)))
    await database.stop()
    throw error
  }
}

async function openDatabase(config: Config, onEnded: (error: Error) => void) {
  if (config.DATABASE_URL) return { url: config.DATABASE_URL, stop: async () => {} }
  const database = await runDatabase(path.join(config.DATA_DIR, 'postgres'), onEnded)
  await leaveDatabaseUrl(config, database.url)
  return database
}

await runMain(main)
