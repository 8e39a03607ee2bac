import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { createPool, transaction } from './client.ts'

const database = useDatabase()

test('a connection that breaks between two statements of a transaction fails it, and not the process', async () => {
  const cut = transaction(database.pool, async (client) => {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
    const ended = new Promise((resolve) => client.once('end', resolve))
    await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
    await ended
    await client.query('SELECT 1')
  })
  await expect(cut).rejects.toThrow()
  // What was broken is not used again.
  expect(await transaction(database.pool, async (client) => (await client.query('SELECT 1 AS n')).rows)).toEqual([
    { n: 1 },
  ])
})

test('a connection that breaks in the very packet that opened it fails what wanted it, and not the process', async () => {
  const message = (type: string, body: string) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(4 + body.length)
    return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')])
  }
  // AuthenticationOk, ReadyForQuery, ErrorResponse: a server that crashes at that moment (PostgreSQL's protocol, version 3).
  const opened = [message('R', '\0\0\0\0'), message('Z', 'I'), message('E', 'SFATAL\0C57P01\0Mcrashed\0\0')]
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(Buffer.concat(opened)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const pool = createPool(`postgres://adp@127.0.0.1:${port}/adp`, 'test', 1, () => {})
  await expect(transaction(pool, async (client) => client.query('SELECT 1'))).rejects.toThrow()
  await expect(pool.query('SELECT 1')).rejects.toThrow()
  await pool.end()
  server.close()
})
