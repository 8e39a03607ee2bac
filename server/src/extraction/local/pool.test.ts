import { expect, test } from 'vitest'
import type { Child, Exit } from './child-process.ts'
import { createPool } from './pool.ts'

/** A pool of children that are none, and all that it has started. */
const create = (options: { maxChildren: number; startsAhead?: boolean }) => {
  const started: (Child & { die(): void })[] = []
  const spawn = () => {
    const { promise: exited, resolve } = Promise.withResolvers<Exit>()
    let isAlive = true
    const die = () => {
      isAlive = false
      resolve({ code: 1, signal: null, stderr: '' })
    }
    const child = {
      folder: '',
      pid: started.length + 1,
      pages: 0,
      alive: () => isAlive,
      onMessage() {},
      send() {},
      kill: die,
      exited,
      die,
    }
    started.push(child)
    return child
  }
  return { started, pool: createPool({ recycleAfterPages: 10, spawn, ...options }) }
}

const { signal } = new AbortController()

test('one is started ahead, and the next when it is taken; never more than there may be', async () => {
  const { pool, started } = create({ maxChildren: 3, startsAhead: true })
  expect(started).toHaveLength(1)
  expect((await pool.acquire(signal)).pid).toBe(1)
  expect(started).toHaveLength(2)
  expect((await pool.acquire(signal)).pid).toBe(2)
  expect((await pool.acquire(signal)).pid).toBe(3)
  expect(started).toHaveLength(3)
})

test('one that is worn out or dies has a successor before the next document', async () => {
  const { pool, started } = create({ maxChildren: 1, startsAhead: true })
  const first = await pool.acquire(signal)
  first.pages = 10
  pool.release(first)
  await expect.poll(() => started.length).toBe(2)
  const second = await pool.acquire(signal)
  expect(second.pid).toBe(2)
  started[1]?.die()
  pool.release(second)
  await expect.poll(() => started.length).toBe(3)
})

test('one that cannot be started ahead is no error before somebody needs it', async () => {
  const spawn = () => {
    throw new Error('no room')
  }
  const pool = createPool({ maxChildren: 1, recycleAfterPages: 10, startsAhead: true, spawn })
  await expect(pool.acquire(signal)).rejects.toThrow('no room')
  await expect(pool.acquire(signal)).rejects.toThrow('no room')
})

test('none is started ahead once the pool is closed, or when nobody asked for it', async () => {
  const { pool, started } = create({ maxChildren: 1, startsAhead: true })
  const child = await pool.acquire(signal)
  const closing = pool.close()
  pool.release(child)
  await closing
  expect(started).toHaveLength(1)
  expect(create({ maxChildren: 1 }).started).toHaveLength(0)
})
