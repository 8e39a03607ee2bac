import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cloneDatabase } from './database.ts'
import { type Running, runStart } from './run-start.ts'

export type Product = Running & { databaseUrl: string; dataDir: string }

/** The whole product on a database and a data folder of its own; `stop` removes both. */
export async function startProduct(env: NodeJS.ProcessEnv = {}, flags: string[] = []): Promise<Product> {
  const database = await cloneDatabase()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'adp-product-'))
  const running = await runStart({ DATABASE_URL: database.url, DATA_DIR: dataDir, ...env }, flags)
  return {
    ...running,
    databaseUrl: database.url,
    dataDir,
    async stop() {
      const code = await running.stop()
      await rm(dataDir, { recursive: true, force: true })
      await database.drop()
      return code
    },
  }
}

/** A second worker beside the product's own, as on another host. */
export async function runWorker(
  product: Product,
  env: NodeJS.ProcessEnv = {},
): Promise<{ process: ChildProcess; stop(): Promise<unknown> }> {
  const child = fork(path.resolve(import.meta.dirname, '../src/worker.ts'), {
    env: {
      ...process.env,
      DATABASE_URL: product.databaseUrl,
      DATA_DIR: product.dataDir,
      WORKER_TIMEOUT_SECONDS: '5',
      LOG_LEVEL: 'silent',
      ...env,
    },
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => child.once('message', resolve))
  return {
    process: child,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}
