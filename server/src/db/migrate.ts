import path from 'node:path'
import { runner } from 'node-pg-migrate'
import pg from 'pg'

/** Any constant will do, as long as nobody else locks it: the first bytes of "adp migrate". */
const MIGRATION_LOCK = 0x6164_7000

const MINIMUM_VERSION = 150_000

/**
 * Brings the schema up to date, forward only, all pending migrations in one transaction. Several hosts may start at once: the
 * others wait at the advisory lock and then find nothing left to do.
 * @returns the names of the migrations that were applied
 * @throws Error when the server is older than PostgreSQL 15
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'adp migrate' })
  await client.connect().catch((error: Error & { code?: string }) => {
    throw new Error(`The database at DATABASE_URL cannot be reached: ${error.message || error.code}`, { cause: error })
  })
  try {
    const { rows } = await client.query<{ version: number; name: string }>(
      "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name",
    )
    if (rows[0] && rows[0].version < MINIMUM_VERSION) {
      throw new Error(`PostgreSQL 15 or newer is needed; the server at DATABASE_URL is ${rows[0].name}.`)
    }
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    const applied = await runner({
      dbClient: client,
      dir: path.join(import.meta.dirname, 'migrations'),
      direction: 'up',
      migrationsTable: 'schema_migrations',
      // Its own lock gives up at once instead of waiting; ours is held already.
      noLock: true,
      log: () => {},
    })
    return applied.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}
