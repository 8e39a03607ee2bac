import { expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { transaction } from './client.ts'

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
