import { expect, test } from 'vitest'
import type { ExtractionError } from '../extractor.ts'
import { type Clock, startWatchdog } from './watchdog.ts'

const LIMITS = {
  ...{ memoryBytes: 1000, pageTimeoutMs: 3_600_000, parseTimeoutMs: 1000, totalTimeoutMs: 3_600_000, maxPages: 1 },
}

/** A watchdog over a child that has worked 300 ms more, and has so many bytes, each time it is looked at. */
const watch = (residentBytes = 0) => {
  const [trips, looks]: [ExtractionError[], { cpuMs: number }] = [[], { cpuMs: 0 }]
  const watchdog = startWatchdog({
    pid: 1,
    limits: LIMITS,
    usage: async () => {
      looks.cpuMs += 300
      return { residentBytes, cpuMs: looks.cpuMs }
    },
    where: () => ({ where: 'on page 3 of 4', page: 3 }),
    onTrip: (error) => void trips.push(error),
  })
  const restart = (clock?: Clock) => {
    looks.cpuMs = 0
    watchdog.restart(clock)
  }
  return { watchdog, trips, restart, workedFor: (ms: number) => expect.poll(() => looks.cpuMs).toBeGreaterThan(ms) }
}

test('what is parsed has its time of a core, and no more', async () => {
  const { watchdog, trips, restart } = watch()
  restart()
  await expect
    .poll(() => trips[0])
    .toMatchObject({
      ...{ code: 'page_timeout', message: 'No progress in 1000 ms of work, on page 3 of 4', page: 3 },
    })
  watchdog.stop()
})

test('OCR has the time of its page, and a child that waits for us has all', async () => {
  const { watchdog, trips, restart, workedFor } = watch()
  restart('ocr')
  await workedFor(3000)
  restart()
  watchdog.pause()
  await workedFor(3000)
  expect(trips).toEqual([])
  watchdog.stop()
})

test.each([
  [900, []],
  [950, ['memory_exceeded']],
])('a child is killed before it has all memory that it may have: %i of 1000', async (bytes, codes) => {
  const { watchdog, trips, workedFor } = watch(bytes)
  await workedFor(900)
  watchdog.stop()
  expect(trips.slice(0, 1).map(({ code }) => code)).toEqual(codes)
})
