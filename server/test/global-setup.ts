import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { migrate } from '../src/db/migrate.ts'
import { hasSwift } from './stores/swift.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that all test files share; each clones the migrated database it names. */
    templateDatabaseUrl: string
  }
}

/**
 * One real PostgreSQL for the run, with a migrated database to clone: the embedded one, or the server at TEST_DATABASE_URL, whose user
 * must be a superuser. Only here fsync is off: what it guards against is a power cut.
 */
export default async function setup(project: TestProject) {
  if (!hasSwift())
    console.warn(
      'The storage is NOT TESTED ON S3: swift-proxy-server is not on PATH. CONTRIBUTING.md says how to install it.',
    )
  // The tests start some hundred processes of ours, and most of a start is compiling: with Node's cache it takes half the CPU time.
  const compiled = await mkdtemp(path.join(tmpdir(), 'adp-compiled-'))
  process.env.NODE_COMPILE_CACHE = compiled
  const server = process.env.TEST_DATABASE_URL ? await useServer(process.env.TEST_DATABASE_URL) : await embedServer()
  await migrate(server.url)
  project.provide('templateDatabaseUrl', server.url)
  return async () => {
    await server.stop()
    await rm(compiled, { recursive: true, force: true })
  }
}

async function embedServer() {
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-test-'))
  const settings = { fsync: 'off', max_connections: '300' }
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'), { settings })
  const stop = async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: postgres.url, stop }
}

async function useServer(address: string) {
  const name = `template_${randomUUID().replaceAll('-', '')}`
  const administer = async (sql: string) => {
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await administer(`CREATE DATABASE ${name}`)
  const url = new URL(address)
  url.pathname = `/${name}`
  return { url: url.href, stop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) }
}
