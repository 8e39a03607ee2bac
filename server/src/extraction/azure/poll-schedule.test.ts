import { expect, test } from 'vitest'
import { pollDelayMs } from './poll-schedule.ts'

test('asks after 2 s, then 5, 13 and every 34 s', () => {
  const delays: number[] = []
  for (let elapsed = 0; delays.length < 6; elapsed += delays.at(-1) ?? 0) delays.push(pollDelayMs(elapsed))
  expect(delays).toEqual([2_000, 5_000, 13_000, 34_000, 34_000, 34_000])
})

test('waits as long as the service says when that is longer, and never less than it asks for in general', () => {
  expect(pollDelayMs(0, 1_000)).toBe(2_000)
  expect(pollDelayMs(0, 9_000)).toBe(9_000)
})
