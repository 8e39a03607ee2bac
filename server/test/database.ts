import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { createPool, type Pool } from '../src/db/client.ts'

async function administer(sql: string): Promise<void> {
  const url = new URL(inject('templateDatabaseUrl'))
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    // Of two clones of one template at once the second is refused.
    await client.query('SELECT pg_advisory_lock(1)')
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A migrated database of its own, cloned from the template. */
export async function cloneDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const template = new URL(inject('templateDatabaseUrl'))
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template.pathname.slice(1)}`)
  const url = new URL(template)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) }
}

/** One cloned database for all tests of a file, with a pool of several connections. Read the fields inside tests, not before. */
export function useDatabase(): { pool: Pool; url: string } {
  const used = {} as { pool: Pool; url: string }
  let drop: () => Promise<void>
  beforeAll(async () => {
    const database = await cloneDatabase()
    drop = database.drop
    used.url = database.url
    used.pool = createPool(database.url, 'test', 20, () => {})
  })
  afterAll(async () => {
    await used.pool?.end()
    await drop?.()
  })
  return used
}
