import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../db/embedded/embedded-postgres.ts'
import { migrate } from '../db/migrate.ts'
import { createOldTransactionLog, findOldTransactions, type OldTransaction } from './old-transactions.ts'

/** On a PostgreSQL of its own: prepared transactions need a setting, and the sessions of other test files would be seen. */
let folder: string
let server: EmbeddedPostgres
let admin: pg.Client
let clients: pg.Client[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-old-transactions-'))
  server = await startEmbeddedPostgres(path.join(folder, 'postgres'), {
    settings: { fsync: 'off', max_prepared_transactions: '2', autovacuum: 'off' },
  })
  await migrate(server.url)
  admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query('CREATE DATABASE other')
  await admin.query(
    `CREATE ROLE limited LOGIN PASSWORD 'x'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO limited; CREATE TABLE t (n int); GRANT ALL ON t TO limited`,
  )
})
afterAll(async () => {
  await admin?.end()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  clients = []
  await admin.query('TRUNCATE document_processing_attempts')
})
afterEach(() => Promise.all(clients.map((client) => client.end())))

async function connect(url: Partial<URL> = {}, options: pg.ClientConfig & { replication?: string } = {}) {
  const connectionString = Object.assign(new URL(server.url), url).href
  const client = new pg.Client({ connectionString, application_name: 'report', ...options })
  clients.push(client)
  await client.connect()
  return client
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
/** What is found by a clock that is six minutes ahead, so that all that runs now is old; the question's own session left out. */
async function find(db = admin, minutes = 6): Promise<OldTransaction[]> {
  const { rows } = await db.query('SELECT pg_backend_pid() AS pid')
  const found = await findOldTransactions(db, inMinutes(minutes))
  return found.filter(({ who }) => !who.startsWith(`session ${rows[0].pid} `))
}
const who = (found: OldTransaction[]) => found.map((one) => one.who)

test('a session is seen while it keeps a snapshot or has written, once that is 5 minutes ago', async () => {
  const [reader, writer, idle] = [await connect(), await connect(), await connect()]
  await idle.query('BEGIN')
  await idle.query('SELECT 1')
  expect(
    await find(),
    'between statements a READ COMMITTED transaction that has written nothing keeps nothing',
  ).toEqual([])
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await reader.query('SELECT 1')
  await writer.query('BEGIN')
  await writer.query('INSERT INTO t VALUES (1)')
  const found = await find()
  expect(who(found)).toEqual([
    expect.stringMatching(/^session \d+ of adp \(report, 127\.0\.0\.1\), idle in transaction$/),
    expect.stringMatching(/^session \d+ of adp \(report, 127\.0\.0\.1\), idle in transaction$/),
  ])
  expect(found[0]?.since.getTime()).toBeLessThanOrEqual(found[1]?.since.getTime() ?? 0)
  expect(await find(admin, 4.9)).toEqual([])
  await reader.query('COMMIT')
  expect(await find()).toEqual(found.slice(1))
  await writer.query('COMMIT')
  expect(await find()).toEqual([])
})

test('a session of another database counts only when it has written', async () => {
  const elsewhere = await connect({ pathname: '/other' })
  await elsewhere.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await elsewhere.query('SELECT 1')
  expect(await find()).toEqual([])
  await elsewhere.query('CREATE TABLE t (n int)')
  expect(await find()).toHaveLength(1)
  await elsewhere.query('ROLLBACK')
})

test('a VACUUM under way keeps nothing', async () => {
  const [vacuum, lock] = [await connect(), await connect()]
  await admin.query(
    'CREATE TABLE wide (n int); CREATE INDEX wide_n ON wide (n); INSERT INTO wide SELECT generate_series(1, 1000); DELETE FROM wide',
  )
  // Holding a page's pin makes a FREEZE wait in the middle.
  await lock.query('BEGIN')
  await lock.query('DECLARE c CURSOR FOR SELECT * FROM wide')
  await lock.query('FETCH 1 FROM c')
  const pid = (await vacuum.query('SELECT pg_backend_pid() AS pid')).rows[0].pid
  const over = vacuum.query('VACUUM (FREEZE) wide')
  for (let seen = 0; seen === 0; )
    seen = (await admin.query('SELECT FROM pg_stat_progress_vacuum WHERE pid = $1', [pid])).rowCount ?? 0
  expect(who(await find()).some((one) => one.startsWith(`session ${pid} `))).toBe(false)
  await lock.query('COMMIT')
  await over
})

test('a prepared transaction is seen until somebody ends it', async () => {
  await admin.query('BEGIN')
  await admin.query('INSERT INTO t VALUES (1)')
  await admin.query(`PREPARE TRANSACTION 'forgotten'`)
  expect(who(await find())).toEqual(['prepared transaction forgotten of adp'])
  expect(await find(admin, 4)).toEqual([])
  await admin.query(`ROLLBACK PREPARED 'forgotten'`)
  expect(await find()).toEqual([])
})

/** An attempt that ended so many minutes ago, written now. */
const attemptEnded = (minutes: number) =>
  admin.query(
    `INSERT INTO document_processing_attempts (job_id, claim, attempt, started_at, ended_at, outcome) VALUES (1, $1, 1, $2, $2, 'COMPLETED')`,
    [minutes, inMinutes(-minutes)],
  )

/** What a standby with hot_standby_feedback says: the oldest transaction that its queries still see. */
function feedback(xmin: number): Buffer {
  const message = Buffer.alloc(25)
  message.write('h')
  message.writeUInt32BE(xmin, 9)
  return message
}

test('a replication slot that keeps rows of 5 minutes ago is seen, whether its standby is there or not', async () => {
  await attemptEnded(20)
  await admin.query(`SELECT pg_create_physical_replication_slot('standby', true)`)
  const standby = await connect({}, { replication: 'true' })
  const { rows } = await admin.query('SELECT pg_current_wal_lsn() AS lsn, txid_current()::int AS xid')
  standby.query(`START_REPLICATION SLOT standby PHYSICAL ${rows[0].lsn}`).catch(() => {})
  const xmin = async () => (await admin.query('SELECT xmin FROM pg_replication_slots')).rows[0].xmin
  const { connection } = standby as unknown as { connection: { sendCopyFromChunk(chunk: Buffer): void } }
  while ((await xmin()) === null) connection.sendCopyFromChunk(feedback(rows[0].xid + 1))

  expect(await find(admin, 0), 'nothing has ended since').toEqual([])
  await attemptEnded(4)
  expect(await find(admin, 0)).toEqual([])
  await attemptEnded(7)
  await attemptEnded(6)
  const found = await find(admin, 0)
  expect(who(found)).toEqual(['replication slot standby, active'])
  expect(Math.round((Date.now() - (found[0]?.since.getTime() ?? 0)) / 60_000)).toBe(7)
  await attemptEnded(8)
  expect((await find(admin, 0))[0]?.key).toBe(found[0]?.key)

  clients = clients.filter((client) => client !== standby)
  await standby.end()
  while ((await admin.query('SELECT active FROM pg_replication_slots')).rows[0].active) await xmin()
  expect(who(await find(admin, 0))).toEqual(['replication slot standby, inactive'])
  await admin.query(`SELECT pg_drop_replication_slot('standby')`)
  expect(await find(admin, 0)).toEqual([])
})

test('who may not see other users’ sessions sees that they keep rows', async () => {
  const limited = await connect({ username: 'limited', password: 'x' })
  const writer = await connect()
  await writer.query('BEGIN')
  await writer.query('INSERT INTO t VALUES (1)')
  expect(await find(limited, 0)).toEqual([])
  await attemptEnded(6)
  expect(who(await find(limited, 0))).toEqual([expect.stringMatching(/^session \d+ of adp \(report\)$/)])
  await writer.query('ROLLBACK')
  expect(await find(limited, 0)).toEqual([])
})

test('each is logged once when it is seen and once when it is over', () => {
  const lines: { level: number; who: string }[] = []
  const log = createOldTransactionLog(pino({}, { write: (line) => lines.push(JSON.parse(line)) }))
  const one = (name: string): OldTransaction => ({ since: new Date(0), who: name, key: name })
  log([one('a')])
  log([one('a'), one('b')])
  log([one('b')])
  log([one('b')])
  log([])
  expect(lines.map(({ level, who }) => [level, who])).toEqual([
    [40, 'a'],
    [40, 'b'],
    [30, 'a'],
    [30, 'b'],
  ])
})
