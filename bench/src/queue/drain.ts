import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median, table } from '../report.ts'
import { type Arena, withArena } from './arena.ts'
import { inTurns, ratios, withRange } from './compare.ts'
import type { Pace } from './contestant.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-processes.ts'

/**
 * How fast no-op jobs that wait are worked off: from the start signal to warm worker processes until the tables say that the last one
 * is finished. Every job must have been handled; how many were handled twice is printed.
 *
 *   npm run bench:queue:drain -- [--jobs N] [--rounds 5] [--workers 1,2] [--only ours,pg-boss] [--batch 500 | --concurrency 10]
 *
 * By default there are 60,000 jobs, everybody has the settings that are fastest, and fetches 500 jobs at a time: with that
 * graphile-worker's documentation got its best figures, and who fetches more is faster, up to 2,000. With --concurrency there are 20,000
 * jobs, and everybody has that many of them at once and its defaults.
 */
const { values } = parseArgs({
  options: {
    jobs: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '1,2' },
    only: { type: 'string' },
    batch: { type: 'string', default: '500' },
    concurrency: { type: 'string' },
  },
})
const pace: Pace = values.concurrency ? { concurrency: Number(values.concurrency) } : { batch: Number(values.batch) }
const all = Number(values.jobs ?? ('batch' in pace ? 60_000 : 20_000))
// By default pg-boss asks for jobs every 2 s.
const everybody =
  'batch' in pace
    ? ['ours', 'graphile-worker', 'pg-boss', 'bullmq', 'bullmq-postgresql']
    : ['ours', 'graphile-worker', 'bullmq', 'bullmq-postgresql']
const keys = values.only?.split(',') ?? everybody

/** Who is given a part of the jobs, because all would take minutes. The rate is what counts. */
const SHARES: Record<string, number> = { 'bullmq-postgresql': 0.1 }

const BATCH = 1_000
const WARM_JOBS = 2_000
const GIVE_UP_MS = 120_000

type Run = { jobsASecond: number; firstMs: number; transactionsAJob: number | null; twice: number }

async function fill(arena: Arena, key: string, url: string, count: number): Promise<void> {
  const producer = await arena.find(key).contestant.openProducer(url, count)
  for (let left = count; left > 0; left -= BATCH) await producer.enqueueBatch(Math.min(left, BATCH))
  await producer.close()
}

async function drain(arena: Arena, key: string, workers: number): Promise<Run> {
  const { contestant, store } = arena.find(key)
  const jobs = Math.round(all * (SHARES[key] ?? 1))
  const url = await store.fresh('bench')
  const warmUrl = await store.fresh('warm')
  for (const each of [url, warmUrl]) await contestant.prepare(each)
  await fill(arena, key, url, jobs)
  await store.settle(url)
  const before = await store.transactions(url)

  const processes: WorkerProcess[] = []
  for (let n = 0; n < workers; n += 1) {
    await fill(arena, key, warmUrl, WARM_JOBS)
    const warm = { url: warmUrl, jobs: WARM_JOBS }
    processes.push(await startWorkerProcess({ contestant: key, url, warm, pace, timeoutMs: 15_000, mode: 'count' }))
  }
  const counter = await contestant.openCounter(url)

  const started = performance.now()
  for (const each of processes) each.tell('start')
  // The tables are asked only when all handlers have been called: counting is work for the database as well.
  const handled = () => processes.reduce((sum, each) => sum + each.handled(), 0)
  let firstMs = 0
  while (handled() < jobs || (await counter.unfinished()) > 0) {
    await delay(1)
    if (firstMs === 0 && handled() > 0) firstMs = performance.now() - started
    if (performance.now() - started > GIVE_UP_MS)
      throw new Error(`${contestant.name}: ${handled()} of ${jobs} handled, ${await counter.unfinished()} unfinished`)
  }
  const seconds = (performance.now() - started) / 1000

  const finished = await counter.finished()
  if (finished !== null && finished !== jobs) throw new Error(`${contestant.name} finished ${finished} of ${jobs}`)
  await counter.close()
  const done = (await Promise.all(processes.map((each) => each.stop()))).flat()
  const distinct = new Set(done).size
  if (distinct !== jobs) throw new Error(`${contestant.name} handled ${distinct} different jobs of ${jobs}`)
  const after = await store.transactions(url)
  return {
    jobsASecond: jobs / seconds,
    firstMs,
    transactionsAJob: before === null || after === null ? null : (after - before) / jobs,
    twice: done.length - distinct,
  }
}

await withArena(keys, async (arena) => {
  const taking = arena.contestants.map(({ key }) => key)
  for (const workers of values.workers.split(',').map(Number)) {
    const results = await inTurns(taking, Number(values.rounds), async (key, round) => {
      const run = await drain(arena, key, workers)
      console.error(`round ${round + 1}, ${workers} worker(s), ${key}: ${run.jobsASecond.toFixed(0)} jobs/s`)
      return run
    })
    const series = [...results].map(([key, runs]) => ({
      key,
      name: arena.find(key).contestant.name,
      runs,
      values: runs.map((run) => run.jobsASecond),
    }))
    console.log(
      `\n${all} no-op jobs, ${workers} worker process(es), ${JSON.stringify(pace)}, ${values.rounds} rounds\n`,
    )
    console.log(
      table(
        series.map(({ name, values, runs }) => ({
          queue: name,
          'jobs/s, median (range)': withRange(values),
          'ms to the first': median(runs.map((run) => run.firstMs)).toFixed(0),
          // Connecting and leaving included.
          'transactions a job': withoutNaN(median(runs.flatMap((run) => run.transactionsAJob ?? []))),
          'handled twice': runs.reduce((sum, run) => sum + run.twice, 0),
        })),
      ),
    )
    console.log(
      `\n${ratios(
        series.find(({ key }) => key === 'ours'),
        series.filter(({ key }) => key !== 'ours'),
      )}`,
    )
  }
})

function withoutNaN(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(4)
}
