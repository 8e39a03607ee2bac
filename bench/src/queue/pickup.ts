import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median, percentile, table } from '../report.ts'
import { type Arena, withArena } from './arena.ts'
import { clock } from './clock.ts'
import { inTurns, ratios, withRange } from './compare.ts'
import { startWorkerProcess } from './worker-processes.ts'

/**
 * How long it takes from the call that puts a job in to the start of its handler, in another process that was idle: single jobs, at
 * random gaps of 20 to 60 ms, at most ten at once. Both processes read performance.timeOrigin + performance.now(), which is finer than
 * Date.now() and which processes of one machine can compare.
 *
 *   npm run bench:queue:pickup -- [--jobs 300] [--rounds 5] [--only ours,pg-boss-notify]
 */
const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'ours,graphile-worker,pg-boss,pg-boss-notify,bullmq,bullmq-postgresql' },
  },
})
const jobs = Number(values.jobs)
const WARM_JOBS = 30
const GIVE_UP_MS = 60_000

/** @returns milliseconds, one for each job */
async function measure(arena: Arena, key: string): Promise<number[]> {
  const { contestant, store } = arena.find(key)
  const url = await store.fresh('bench')
  await contestant.prepare(url)
  const producer = await contestant.openProducer(url, jobs + WARM_JOBS)
  const began = new Map<string, number>()
  const worker = await startWorkerProcess(
    { contestant: key, url, warm: null, pace: { concurrency: 10 }, timeoutMs: 15_000, mode: 'report' },
    ({ key, at }) => began.set(key, at),
  )
  worker.tell('start')

  const called = new Map<string, number>()
  for (let n = 0; n < WARM_JOBS + jobs; n += 1) {
    const at = clock()
    const key = await producer.enqueue()
    if (n >= WARM_JOBS) called.set(key, at)
    await delay(20 + Math.random() * 40)
  }
  const deadline = performance.now() + GIVE_UP_MS
  while (began.size < WARM_JOBS + jobs) {
    if (performance.now() > deadline) throw new Error(`${contestant.name} began ${began.size} of ${WARM_JOBS + jobs}`)
    await delay(20)
  }
  await Promise.all([producer.close(), worker.stop()])
  return [...called].map(([key, at]) => (began.get(key) ?? Number.NaN) - at)
}

await withArena(values.only.split(','), async (arena) => {
  const taking = arena.contestants.map(({ key }) => key)
  const results = await inTurns(taking, Number(values.rounds), async (key, round) => {
    const times = await measure(arena, key)
    console.error(`round ${round + 1}, ${key}: p50 ${median(times).toFixed(2)} ms`)
    return times
  })
  const series = [...results].map(([key, rounds]) => ({
    key,
    name: arena.find(key).contestant.name,
    p50: rounds.map((times) => median(times)),
    p95: rounds.map((times) => percentile(times, 95)),
  }))
  console.log(`\nFrom the call to the handler, ${jobs} single jobs, ${values.rounds} rounds\n`)
  console.log(
    table(
      series.map(({ name, p50, p95 }) => ({
        queue: name,
        'p50 ms, median (range)': withRange(p50, 2),
        'p95 ms, median (range)': withRange(p95, 2),
      })),
    ),
  )
  const [ours, ...peers] = series
    .toSorted((a, b) => Number(b.key === 'ours') - Number(a.key === 'ours'))
    .map(({ key, name, p50 }) => ({ key, name, values: p50 }))
  console.log(`\nOf p50:\n\n${ratios(ours?.key === 'ours' ? ours : undefined, peers)}`)
})
