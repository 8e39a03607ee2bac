import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useDatabase } from '../database.ts'
import { type FaultyProxy, startProxy } from './proxy.ts'

/** The proxy breaks what it says it breaks: the other side has, or has not, what was sent. */
const database = useDatabase()
let proxy: FaultyProxy
let client: pg.Client

beforeEach(async () => {
  await database.pool.query('DROP TABLE IF EXISTS arrived; CREATE TABLE arrived (n integer)')
  const url = new URL(database.url)
  proxy = await startProxy(Number(url.port), url.hostname)
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  url.searchParams.set('application_name', 'someone')
  client = new pg.Client({ connectionString: url.href })
  client.on('error', () => {})
  await client.connect()
})
afterEach(() => proxy.close())

const send = () => client.query('INSERT INTO arrived VALUES (1)')
const arrived = async () => (await database.pool.query('SELECT FROM arrived')).rowCount
const isInsert = (bytes: string) => bytes.includes('INSERT')
const nothing = () => {}

test('untouched, everything passes', async () => {
  await send()
  expect(await arrived()).toBe(1)
})

test('cut in the statement: it is not carried out', async () => {
  proxy.cutNext('in the statement', isInsert, nothing)
  await expect(send()).rejects.toThrow()
  // The server has seen the end of the connection, and so all that came before it.
  await expect.poll(backends).toBe(0)
  expect(await arrived()).toBe(0)
})

test('cut before the answer: it is carried out, and the client does not know', async () => {
  proxy.cutNext('before the answer', isInsert, nothing)
  await expect(send()).rejects.toThrow()
  expect(await arrived()).toBe(1)
})

test('arriving late: it is carried out after the client has seen the cut', async () => {
  proxy.cutNext({ arrivesLateMs: 500 }, isInsert, nothing)
  await expect(send()).rejects.toThrow()
  expect(await arrived()).toBe(0)
  await expect.poll(arrived).toBe(1)
})

test('held up: what was sent meanwhile arrives afterwards, and its answer too', async () => {
  proxy.hold((name) => name === 'someone', 500)
  const sent = send()
  await database.pool.query('SELECT pg_sleep(0.2)')
  expect(await arrived()).toBe(0)
  await sent
  expect(await arrived()).toBe(1)
})

test('cut: only the connections of that name', async () => {
  expect(proxy.cut((name) => name === 'somebody else')).toBe(0)
  await send()
  expect(proxy.cut((name) => name === 'someone')).toBe(1)
  await expect(send()).rejects.toThrow()
})

async function backends(): Promise<number> {
  const { rowCount } = await database.pool.query("SELECT FROM pg_stat_activity WHERE application_name = 'someone'")
  return rowCount ?? 0
}
