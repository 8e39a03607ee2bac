import { readConfig } from './config.ts'
import { findDatabaseUrl } from './database-url.ts'
import { migrate } from './db/migrate.ts'
import { runMain } from './process.ts'

/** Brings the schema of DATABASE_URL up to date and ends. */
await runMain(async () => {
  const applied = await migrate(await findDatabaseUrl(readConfig(process.env)))
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.')
})
