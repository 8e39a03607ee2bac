import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { migrate } from '../src/db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that all test files share; each clones the migrated database it names. */
    templateDatabaseUrl: string
  }
}

/** One real PostgreSQL for the run, with a migrated database to clone. Only here fsync is off: what it guards against is a power cut. */
export default async function setup(project: TestProject) {
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-test-'))
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'), {
    settings: { fsync: 'off', max_connections: '300' },
  })
  await migrate(postgres.url)
  project.provide('templateDatabaseUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
