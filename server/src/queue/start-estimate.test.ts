import { afterEach, expect, test, vi } from 'vitest'
import { at, register, useQueue } from '../../test/queue.ts'
import type { Queryable } from '../db/client.ts'
import { createPaceReader, estimateStart, type Pace } from './start-estimate.ts'

const database = useQueue()
afterEach(() => vi.restoreAllMocks())

const BUSY: Pace = { paused: false, workers: 2, freeSlots: 0, finishedPerMinute: 60 }
const NOW = at(0).getTime()

test.each([
  ['goes at once when a slot is free', 2, { ...BUSY, freeSlots: 2 }, 0],
  [
    'goes at once into a free slot although nothing has finished yet',
    1,
    { ...BUSY, freeSlots: 1, finishedPerMinute: 0 },
    0,
  ],
  ['waits for those before it at the rate of the last minutes', 5, BUSY, 5],
  ['waits only for those that no free slot takes', 5, { ...BUSY, freeSlots: 3 }, 2],
  ['is told to 10 s when it is further away', 15, BUSY, 20],
  ['is told to a minute when it is far away', 601, BUSY, 660],
  ['is not told without a rate', 5, { ...BUSY, finishedPerMinute: 0 }, null],
  ['is not told without a worker', 1, { ...BUSY, workers: 0, freeSlots: 0 }, null],
  ['is not told while the queue is paused', 1, { ...BUSY, paused: true, freeSlots: 2 }, null],
])('the start %s', (_, position, pace, seconds) => {
  expect(estimateStart(position, pace, NOW)).toEqual(seconds === null ? null : at(seconds))
})

test('the start stays the same for a while, so that a status can', () => {
  const starts = [1, 500, 999].map((ms) => estimateStart(5, BUSY, NOW + ms)?.getTime())
  expect(new Set(starts).size).toBe(1)
  expect(starts[0]).toBeGreaterThanOrEqual(NOW + 5_999)
})

test('the pace is read from the rows, once in two seconds for all who ask', async () => {
  const { pool, sessions } = database
  await pool.query('TRUNCATE workers')
  await register(sessions, 'carol')
  await pool.query('UPDATE workers SET beat_at = now(), running = 1')
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
  const read = createPaceReader(pool, 15_000)
  const first = { paused: false, workers: 1, freeSlots: 3, finishedPerMinute: 0 }
  expect(await Promise.all([read(), read()])).toEqual([first, first])
  await pool.query(`INSERT INTO queue_pause DEFAULT VALUES`)
  clock.mockReturnValue(2_999)
  expect(await read()).toEqual(first)
  clock.mockReturnValue(3_000)
  expect(await read()).toEqual({ ...first, paused: true })
})

test('a pace that could not be read is read again', async () => {
  const { pool } = database
  let away = true
  const query = (...args: [never]) => (away ? Promise.reject(new Error('the database is away')) : pool.query(...args))
  const read = createPaceReader({ query } as Queryable, 15_000)
  await expect(read()).rejects.toThrow('the database is away')
  away = false
  expect(await read()).toMatchObject({ paused: false })
})
