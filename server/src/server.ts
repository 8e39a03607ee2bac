import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { findDatabaseUrl } from './database-url.ts'
import { createPool } from './db/client.ts'
import { createPageDrawer } from './extraction/local/page-drawer.ts'
import { createLogger } from './logger.ts'
import { runMain, stopInOrder, tellParent } from './process.ts'
import { createStore } from './storage/create-store.ts'
import { removeDeadScratchFolders } from './storage/scratch.ts'

/** Answers under way are given this long at a stop. */
const GRACE_MS = 20_000

/** Pictures that are drawn at a time, each in a process of its own: a page is looked at by few, and workers have the other cores. */
const DRAWERS = 2
/** Somebody waits for it. */
const DRAWING_MS = 30_000

/** The API process: HTTP in, rows and bytes out. It extracts nothing. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLogger('api', config.LOG_LEVEL)
  const pool = createPool(await findDatabaseUrl(config), 'adp api', 10, (error) =>
    log.warn({ reason: error.message }, 'an idle database connection broke'),
  )
  removeDeadScratchFolders()
  const memoryBytes = config.EXTRACTION_MEMORY_MB * 1024 * 1024
  const drawer = createPageDrawer({ maxChildren: DRAWERS, memoryBytes, timeoutMs: DRAWING_MS, log })
  const app = await buildApp({ pool, blobs: await createStore(config), drawer, config }, log)

  stopInOrder(log, async () => {
    const force = setTimeout(() => app.server.closeAllConnections(), GRACE_MS)
    await app.close()
    clearTimeout(force)
    await drawer.close()
    await pool.end()
  })
  await app
    .listen({ host: config.HOST, port: config.PORT, listenTextResolver: () => 'the API listens' })
    .catch((error) => {
      throw explainListening(error, config)
    })
  const { port } = app.server.address() as AddressInfo
  const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
  const url = `http://${host === '0.0.0.0' || host === '[::]' ? 'localhost' : host}:${port}`
  tellParent({ type: 'ready', url })
}

function explainListening(error: NodeJS.ErrnoException, { HOST, PORT }: { HOST: string; PORT: number }): Error {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${PORT} is in use. Set PORT to another one; 0 picks a free one.`,
    EACCES: `Port ${PORT} needs rights that this process does not have. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `HOST ${HOST} is not an address of this machine.`,
    ENOTFOUND: `HOST ${HOST} is not an address of this machine.`,
  }
  return new Error(why[error.code ?? ''] ?? `The API cannot listen on ${HOST}, port ${PORT}: ${error.message}`, {
    cause: error,
  })
}

await runMain(main)
