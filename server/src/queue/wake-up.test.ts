import { v7 as uuidv7 } from 'uuid'
import { expect, test, vi } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { listen } from '../../test/locks.ts'
import { type Queryable, transaction } from '../db/client.ts'
import { enqueue } from './enqueue.ts'
import { JOBS_CHANNEL } from './sql.ts'
import { createWakeUp } from './wake-up.ts'

const database = useDatabase()

test('a call wakes whoever listens', async () => {
  await using listener = await listen(database.url, JOBS_CHANNEL)
  createWakeUp(database.pool).send()
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
  wakeUp.send()
  expect(waiting).toHaveLength(1)
  for (let n = 0; n < 5; n += 1) wakeUp.send()
  expect(waiting).toHaveLength(1)
  waiting[0]?.resolve(null)
  await vi.waitFor(() => expect(waiting).toHaveLength(2), 60_000)
  // One more proves that nothing but the next call makes a third.
  wakeUp.send()
  waiting[1]?.resolve(null)
  await vi.waitFor(() => expect(waiting).toHaveLength(3), 60_000)
})

test('one that fails harms nobody, and the next is sent', async () => {
  const { db, waiting } = slowDatabase()
  const wakeUp = createWakeUp(db)
  wakeUp.send()
  waiting[0]?.reject(new Error('connect ECONNREFUSED'))
  wakeUp.send()
  await vi.waitFor(() => expect(waiting).toHaveLength(2), 60_000)
})

test('only after a silence does a transaction carry its notification itself, and the one after it does not', async () => {
  const wakeUp = createWakeUp(database.pool)
  expect([wakeUp.isQuiet(), wakeUp.isQuiet()]).toEqual([true, false])
  wakeUp.send()
  expect(wakeUp.isQuiet()).toBe(false)
  await expect.poll(() => wakeUp.isQuiet()).toBe(true)
})

test('an enqueue that notifies does so with its commit', async () => {
  await using listener = await listen(database.url, JOBS_CHANNEL)
  for (const notifies of [false, true]) {
    await transaction(database.pool, async (client) => {
      await enqueue(client, { documentIds: [uuidv7()], maxAttempts: 1, notifies })
      expect(await listener.heard()).toEqual([])
    })
    expect(await listener.heard()).toEqual(notifies ? [''] : [])
  }
})
