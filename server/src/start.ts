import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildPageIfStale } from './build-page.ts'
import { type Config, readConfig } from './config.ts'
import { leaveDatabaseUrl, readLeftPort } from './database-url.ts'
import { runDatabase } from './db/embedded/run-database.ts'
import { migrate } from './db/migrate.ts'
import { createLogger } from './logger.ts'
import { runMain, stopInOrder } from './process.ts'
import { type Supervised, supervise } from './supervise.ts'

/** The worker's own 25 s and a little. */
const KILL_AFTER_MS = 28_000

/**
 * Chunks of an upload are garbage as soon as they are written, but only a collection of young objects gives their memory back: with 2 MB
 * for these instead of 16 the API grows by 0 to 8 MB during an upload of 500 MB, not by 31 to 53 (bench:upload). `npm run api` and the
 * Dockerfile have the same option.
 */
const API_OPTIONS = ['--max-semi-space-size=2']

/** Pages pass through a worker in the same way: while it reads 2,000 of them it holds 120 MB instead of 170 to 245 (bench:local:pages). */
const WORKER_OPTIONS = ['--max-semi-space-size=2']

/** In the test folder, since no product needs it: a process by its path, imported by nothing. */
const AZURE_EMULATOR = '../test/azure-emulator/main.ts'
const AZURE_EMULATOR_KEY = 'emulator-key'

/** The whole product with one command: database (unless DATABASE_URL names one), migrations, the page's bundle, API and worker. */
async function main(): Promise<void> {
  const flags = readFlags()
  const config = readConfig(process.env)
  const log = createLogger('start', config.LOG_LEVEL)
  const parts: Supervised[] = []
  const starting = startProduct(config, flags, parts, (message) => log.error(message))
  // From the first moment on: a signal while it starts stops it as soon as it has started.
  stopInOrder(
    log,
    async () => {
      console.log('Stopping: finishing or giving back what runs. Press Ctrl-C again to stop at once.')
      const stopProduct = await starting
      await stopProduct()
    },
    () => {
      for (const part of parts) part.kill()
    },
  )
  await starting
}

type Flags = { azureEmulator: boolean }

/** @throws Error when there is any other flag: a misspelt one must not start something else than was meant */
function readFlags(): Flags {
  try {
    const { values } = parseArgs({ options: { 'azure-emulator': { type: 'boolean', default: false } } })
    return { azureEmulator: values['azure-emulator'] }
  } catch (error) {
    throw new Error(`${(error as Error).message}\nusage: npm start [-- --azure-emulator]`, { cause: error })
  }
}

/** @returns what stops all of it again */
async function startProduct(
  config: Config,
  flags: Flags,
  parts: Supervised[],
  report: (message: string) => void,
): Promise<() => Promise<void>> {
  await mkdir(config.DATA_DIR, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new Error(`DATA_DIR cannot be used: ${error.message}`, { cause: error })
  })
  const database = await openDatabase(config, report)
  const stop = async () => {
    await Promise.all(parts.map((part) => part.stop(KILL_AFTER_MS)))
    await database.stop()
  }
  try {
    if (!config.DATABASE_URL) await leaveDatabaseUrl(config, database.url)
    await Promise.all([migrate(database.url), buildPageIfStale()])
    const azure = flags.azureEmulator ? await startAzureEmulator(parts, report) : {}
    const url = await startParts(config, { DATABASE_URL: database.url, ...azure }, parts, report)
    console.log(`async-doc-processing is ready at ${url}`)
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

/** @returns the settings that lead API and worker to it */
async function startAzureEmulator(parts: Supervised[], report: (message: string) => void): Promise<NodeJS.ProcessEnv> {
  let port = '0'
  const emulator = supervise(
    AZURE_EMULATOR,
    [],
    () => process.env,
    (how, inMs) =>
      report(`the Azure emulator died (${how}) with what it had accepted; starting it again in ${inMs} ms`),
    () => ['--port', port, '--key', AZURE_EMULATOR_KEY],
  )
  parts.push(emulator)
  const { url = '' } = await emulator.ready
  // Its address is given to processes that outlive it.
  port = new URL(url).port
  return { AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: url, AZURE_DOCUMENT_INTELLIGENCE_KEY: AZURE_EMULATOR_KEY }
}

async function startParts(
  config: Config,
  settings: NodeJS.ProcessEnv,
  parts: Supervised[],
  report: (message: string) => void,
): Promise<string> {
  let port = config.PORT
  const env = () => ({ ...process.env, ...settings, PORT: String(port), DATA_DIR: config.DATA_DIR })
  const restarts = (name: string) => (how: string, inMs: number) =>
    report(`the ${name} died (${how}); starting it again in ${inMs} ms`)
  const api = supervise('server.ts', API_OPTIONS, env, restarts('API'))
  const worker = supervise('worker.ts', WORKER_OPTIONS, env, restarts('worker'))
  parts.push(api, worker)
  const [{ url = '' }] = await Promise.all([api.ready, worker.ready])
  // A port that was picked stays: the page that is open keeps its address when the API is restarted.
  port = Number(new URL(url).port) || 80
  return url
}

async function openDatabase(config: Config, report: (message: string) => void) {
  if (config.DATABASE_URL) return { url: config.DATABASE_URL, stop: async () => {} }
  const onEnded = (error: Error) => report(`the embedded database ended, starting it again: ${error.message}`)
  return runDatabase(path.join(config.DATA_DIR, 'postgres'), await readLeftPort(config), onEnded)
}

await runMain(main)
