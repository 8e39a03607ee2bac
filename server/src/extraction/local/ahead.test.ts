import { expect, test } from 'vitest'
import { ahead } from './ahead.ts'

const counting = (log: string[], error?: Error) =>
  (async function* () {
    try {
      for (let n = 1; n <= 3; n += 1) {
        log.push(`made ${n}`)
        yield n
      }
      if (error) throw error
    } finally {
      log.push('closed')
    }
  })()

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('the next one is made while one is worked on, and no more', async () => {
  const log: string[] = []
  for await (const n of ahead(counting(log))) {
    await settle()
    log.push(`worked on ${n}`)
  }
  expect(log).toEqual(['made 1', 'made 2', 'worked on 1', 'made 3', 'worked on 2', 'closed', 'worked on 3'])
})

test('who stops early closes the source', async () => {
  const log: string[] = []
  for await (const n of ahead(counting(log))) if (n === 1) break
  expect(log).toEqual(['made 1', 'made 2', 'closed'])
})

test('an error comes in its turn', async () => {
  const log: string[] = []
  const read = async () => {
    for await (const n of ahead(counting(log, new Error('broken')))) {
      await settle()
      log.push(`worked on ${n}`)
    }
  }
  await expect(read()).rejects.toThrow('broken')
  expect(log.at(-1)).toBe('worked on 3')
})
