import pg from 'pg'

export type { Pool, PoolClient } from 'pg'
export type Queryable = Pick<pg.Pool, 'query'>

// Ids, sizes and counts stay far below 2^53; JSON has numbers, not bigints.
function toNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} from the database is beyond 2^53`)
  return value
}
// Its types know no arrays.
const INT8_ARRAY = 1016 as number as typeof pg.types.builtins.INT8
const toStrings: (text: string) => string[] = pg.types.getTypeParser(INT8_ARRAY)
pg.types.setTypeParser(pg.types.builtins.INT8, toNumber)
pg.types.setTypeParser(INT8_ARRAY, (text) => toStrings(text).map(toNumber))

/**
 * A pool of connections. A broken idle connection is dropped quietly: whoever needs one next gets a new one, or the error.
 * @param name shown in pg_stat_activity
 * @param onIdleError told about idle connections that broke, for the log
 * @param settings of PostgreSQL, for each connection
 */
export function createPool(
  url: string,
  name: string,
  max: number,
  onIdleError: (error: Error) => void,
  settings: Record<string, string> = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max,
    // A database that does not answer must become an error, not a hang.
    connectionTimeoutMillis: 10_000,
    // No statement of ours takes a second; without an answer for so long the network has swallowed it.
    query_timeout: 30_000,
    // Earlier on the server's side: what we have given up on must not be carried out afterwards.
    statement_timeout: 25_000,
    keepAlive: true,
    options: Object.entries(settings)
      .map(([key, value]) => `-c ${key}=${value}`)
      .join(' '),
  })
  pool.on('error', onIdleError)
  // Between being connected and being handed out nobody listens, and what breaks in that very moment would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // While it is out of the pool nobody else listens, and a connection that breaks between two statements would end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError
    })
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
])

/**
 * True when the database could not be reached or went away, so that the same statement may succeed later.
 * Classes 08, 57P and 53 of https://www.postgresql.org/docs/current/errcodes-appendix.html; `pg` itself gives plain messages.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.some(isConnectionError)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (SOCKET_ERRORS.has(code) || /^(08|57P|53)/.test(code)) return true
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/i.test(
    error.message,
  )
}
