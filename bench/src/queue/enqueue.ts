import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { table } from '../report.ts'
import { type Arena, withArena } from './arena.ts'
import { inTurns, ratios, withRange } from './compare.ts'
import type { Producer } from './contestant.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-processes.ts'

/**
 * How many jobs a second can be put in: one by one, ten calls at a time, each with the wake-up that comes with it; and 1,000 by one call
 * of the bulk insert, one call at a time and nobody listening. The jobs are counted in the tables afterwards.
 *
 *   npm run bench:queue:enqueue -- [--singles 20000] [--batches 100] [--rounds 5] [--worker listening,running,none] [--only ours,pg-boss]
 *
 * --worker says what there is for the wake-up of single jobs to wake: `listening` is a worker process that is connected, listens, and is
 * then stopped (SIGSTOP), so that it takes part in no way but by listening; `running` one that works the jobs off, ten at a time, and
 * shares the cores with who is measured.
 */
const WORKER_STATES = ['listening', 'running', 'none'] as const
type WorkerState = (typeof WORKER_STATES)[number]

const { values } = parseArgs({
  options: {
    singles: { type: 'string', default: '20000' },
    batches: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    worker: { type: 'string', default: 'listening' },
    only: { type: 'string', default: 'ours,graphile-worker,pg-boss,pg-boss-notify,bullmq,bullmq-postgresql' },
  },
})
const singles = Number(values.singles)
const batches = Number(values.batches)
const workerStates = values.worker.split(',').map((name) => {
  const state = WORKER_STATES.find((one) => one === name)
  if (!state) throw new Error(`--worker is one of ${WORKER_STATES.join(', ')}, not ${name}`)
  return state
})

const AT_A_TIME = 10
const BATCH = 1_000
const WARM_JOBS = 500

async function enqueueSingly(producer: Producer, count: number): Promise<void> {
  let left = count
  const caller = async () => {
    while (left > 0) {
      left -= 1
      await producer.enqueue()
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, caller))
}

/** @returns jobs a second */
async function timed(jobs: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (jobs * 1000) / (performance.now() - started)
}

type Once = { key: string; arena: Arena; jobs: number; worker: WorkerState }

/** In a fresh database, beside a worker or none, warmed up. What went in must be there. */
async function measure(
  { key, arena, jobs, worker }: Once,
  put: (producer: Producer) => Promise<void>,
): Promise<number> {
  const { contestant, store } = arena.find(key)
  const url = await store.fresh('bench')
  await contestant.prepare(url)
  const producer = await contestant.openProducer(url, jobs + WARM_JOBS)
  const counter = await contestant.openCounter(url)
  await enqueueSingly(producer, WARM_JOBS)
  await store.settle(url)

  const listener = worker === 'none' ? null : await startListener(key, url)
  while (listener && listener.handled() < WARM_JOBS) await delay(5)
  if (worker === 'listening') listener?.signal('SIGSTOP')

  const rate = await timed(jobs, () => put(producer))

  if (worker === 'listening') listener?.signal('SIGKILL')
  const handled = worker === 'running' ? await listener?.stop() : null
  await listener?.exited
  const unfinished = await counter.unfinished()
  const finished = (await counter.finished()) ?? handled?.length ?? (listener ? WARM_JOBS : 0)
  if (unfinished + finished < jobs + WARM_JOBS)
    throw new Error(`${contestant.name}: of ${jobs + WARM_JOBS} jobs ${unfinished} wait and ${finished} are done`)
  await Promise.all([counter.close(), producer.close()])
  return rate
}

function startListener(key: string, url: string): Promise<WorkerProcess> {
  return startWorkerProcess({
    contestant: key,
    url,
    warm: null,
    pace: { concurrency: 10 },
    timeoutMs: 600_000,
    mode: 'count',
  }).then((worker) => {
    worker.tell('start')
    return worker
  })
}

function report(arena: Arena, title: string, results: Map<string, number[]>): void {
  const series = [...results].map(([key, rates]) => ({ key, name: arena.find(key).contestant.name, values: rates }))
  console.log(`\n${title}, ${values.rounds} rounds\n`)
  console.log(table(series.map(({ name, values }) => ({ queue: name, 'jobs/s, median (range)': withRange(values) }))))
  const peers = series.filter(({ key }) => key !== 'ours')
  console.log(
    `\n${ratios(
      series.find(({ key }) => key === 'ours'),
      peers,
    )}`,
  )
}

await withArena(values.only.split(','), async (arena) => {
  const taking = arena.contestants.map(({ key }) => key)
  const rounds = Number(values.rounds)
  for (const worker of workerStates) {
    const results = await inTurns(taking, rounds, async (key, round) => {
      const rate = await measure({ key, arena, jobs: singles, worker }, (producer) => enqueueSingly(producer, singles))
      console.error(`round ${round + 1}, singly, worker ${worker}, ${key}: ${rate.toFixed(0)} jobs/s`)
      return rate
    })
    report(arena, `${singles} jobs one by one, ${AT_A_TIME} calls at a time, worker: ${worker}`, results)
  }
  if (batches === 0) return
  const jobs = batches * BATCH
  const results = await inTurns(taking, rounds, async (key, round) => {
    const rate = await measure({ key, arena, jobs, worker: 'none' }, async (producer) => {
      for (let n = 0; n < batches; n += 1) await producer.enqueueBatch(BATCH)
    })
    console.error(`round ${round + 1}, batches, ${key}: ${rate.toFixed(0)} jobs/s`)
    return rate
  })
  report(arena, `${jobs} jobs, ${BATCH} a call`, results)
})
