import { expect, test } from 'vitest'
import { batched } from './batched.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('one goes at once, what comes meanwhile goes together, in order, and no more than is allowed', async () => {
  const batches: number[][] = []
  const gates: (() => void)[] = []
  const write = batched<number>((items) => {
    batches.push(items)
    return new Promise((resolve) => gates.push(resolve))
  }, 3)
  const done: number[] = []
  for (const n of [1, 2, 3, 4, 5]) void write(n).then(() => done.push(n))
  expect(batches).toEqual([[1]])
  gates[0]?.()
  await settle()
  expect([batches, done]).toEqual([[[1], [2, 3, 4]], [1]])
  gates[1]?.()
  await settle()
  gates[2]?.()
  await settle()
  expect([batches, done]).toEqual([
    [[1], [2, 3, 4], [5]],
    [1, 2, 3, 4, 5],
  ])
  void write(6)
  expect(batches.at(-1)).toEqual([6])
})

test('what fails fails for those that it was written with, and the next are written', async () => {
  const write = batched<number>(async (items) => {
    await settle()
    if (items.includes(2)) throw new Error(`not ${items}`)
  }, 2)
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(write))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
})
