import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { openTransaction } from '../../test/locks.ts'
import { openSession } from './worker-session.ts'

const database = useDatabase()
const TIMEOUT_MS = 5_000

test('a worker that cannot beat gives up while its last beat still counts, before any sweep may take its jobs', async () => {
  const { pool, url } = database
  const lost = Promise.withResolvers<string>()
  const session = openSession({
    databaseUrl: url,
    name: 'host/1',
    version: '1',
    slots: 1,
    timeoutMs: TIMEOUT_MS,
    log: pino({ level: 'silent' }),
    running: () => 0,
    onJobDue: () => {},
    onJobCanceled: () => {},
    onPagesOffered: () => {},
    onConnected: () => {},
    onLost: (reason) => lost.resolve(reason),
  })
  await vi.waitFor(() => expect(session.worker()).not.toBeNull(), 60_000)
  const id = session.worker()?.id ?? 0
  await using blocking = await openTransaction(url)
  await blocking.client.query('SELECT FROM workers FOR UPDATE')
  expect(await lost.promise).toBe('it could not beat in time')
  const { rows } = await pool.query(
    'SELECT now() - beat_at < make_interval(secs => $1) AS counts FROM workers WHERE id = $2',
    [TIMEOUT_MS / 1000, id],
  )
  expect(rows).toEqual([{ counts: true }])
  expect(session.isStill(id)).toBe(false)
  expect(session.worker()).toBeNull()
  await blocking.commit()
  await session.close()
})
