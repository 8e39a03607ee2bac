import { expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { listen } from '../../test/locks.ts'
import type { Queryable } from '../db/client.ts'
import { JOBS_CHANNEL } from './sql.ts'
import { createWakeUp } from './wake-up.ts'

const database = useDatabase()

test('a call wakes whoever listens', async () => {
  await using listener = await listen(database.url, JOBS_CHANNEL)
  createWakeUp(database.pool)()
  await vi.waitFor(async () => expect(await listener.heard()).toEqual(['']), 60_000)
})

/** A database that answers when it is told to. */
function slowDatabase() {
  const waiting: PromiseWithResolvers<unknown>[] = []
  const query = () => {
    const answer = Promise.withResolvers<unknown>()
    waiting.push(answer)
    return answer.promise
  }
  return { db: { query } as unknown as Queryable, waiting }
}

test('calls while one is being sent share the next one, and it is sent after them', async () => {
  const { db, waiting } = slowDatabase()
  const wakeUp = createWakeUp(db)
  wakeUp()
  expect(waiting).toHaveLength(1)
  for (let n = 0; n < 5; n += 1) wakeUp()
  expect(waiting).toHaveLength(1)
  waiting[0]?.resolve(null)
  await vi.waitFor(() => expect(waiting).toHaveLength(2), 60_000)
  // One more proves that nothing but the next call makes a third.
  wakeUp()
  waiting[1]?.resolve(null)
  await vi.waitFor(() => expect(waiting).toHaveLength(3), 60_000)
})

test('one that fails harms nobody, and the next is sent', async () => {
  const { db, waiting } = slowDatabase()
  const wakeUp = createWakeUp(db)
  wakeUp()
  waiting[0]?.reject(new Error('connect ECONNREFUSED'))
  wakeUp()
  await vi.waitFor(() => expect(waiting).toHaveLength(2), 60_000)
})
