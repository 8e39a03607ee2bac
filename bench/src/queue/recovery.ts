import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median, table } from '../report.ts'
import { type Arena, withArena } from './arena.ts'
import { clock } from './clock.ts'
import { withRange } from './compare.ts'
import { lateWrites } from './late-writes.ts'
import { peerDefaults } from './peer-defaults.ts'
import { type Began, startWorkerProcess, type WorkerProcess } from './worker-processes.ts'

/**
 * How long a job lies still when the worker that holds it is killed (kill -9), or stops without a word (SIGSTOP), until it runs again on
 * another one; and whether what the first one still writes is refused. Peers that need minutes are not waited for: their defaults are
 * read from their source.
 *
 *   npm run bench:queue:recovery -- [--kills 20] [--stops 3] [--timeouts 5,15] [--peer-kills 1] [--late-writes 1000]
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    stops: { type: 'string', default: '3' },
    timeouts: { type: 'string', default: '5,15' },
    'peer-kills': { type: 'string', default: '1' },
    'late-writes': { type: 'string', default: '1000' },
  },
})
const DEFAULT_TIMEOUT_MS = 15_000
const GIVE_UP_MS = 180_000

/** Two workers, a job at a time, and a hand that takes the one that holds it out. */
async function openCouple(arena: Arena, key: string, timeoutMs: number, jobs: number) {
  const { contestant, store } = arena.find(key)
  const url = await store.fresh('bench')
  await contestant.prepare(url)
  const producer = await contestant.openProducer(url, jobs)
  const counter = await contestant.openCounter(url)

  let heard: Began[] = []
  const hear = (one: Began) => {
    heard.push(one)
  }
  async function start(): Promise<WorkerProcess> {
    const pace = { concurrency: 10 }
    const worker = await startWorkerProcess({ contestant: key, url, warm: null, pace, timeoutMs, mode: 'hold' }, hear)
    worker.tell('start')
    return worker
  }
  const workers = [await start(), await start()]

  async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + GIVE_UP_MS
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (performance.now() > deadline) throw new Error(`${contestant.name}: no sign that ${what}`)
      await delay(2)
    }
  }
  const untilFinished = () =>
    until('the job is finished', async () => ((await counter.unfinished()) === 0 ? true : undefined))

  /** Puts a job in, has its holder taken out at some moment, and waits for the other. */
  async function takeOut(signal: 'SIGKILL' | 'SIGSTOP') {
    heard = []
    await producer.enqueue()
    const { by: holder, key: job } = await until('the job began', () => heard[0])
    // Beats and looks of workers come by the second: any moment of it is as likely.
    await delay(2_000 + Math.random() * 1_000)
    const at = clock()
    holder.signal(signal)
    const again = await until('it runs again', () => heard.find((one) => one.key === job && one.by !== holder))
    return { holder, other: again.by, ms: again.at - at }
  }

  return {
    /** @returns milliseconds until the job ran again */
    async kill(): Promise<number> {
      const { holder, other, ms } = await takeOut('SIGKILL')
      other.tell('release')
      await untilFinished()
      workers.splice(workers.indexOf(holder), 1, await start())
      return ms
    },
    /** Has the stopped one go on, and finish, while the other still has the job. */
    async stop(): Promise<{ ms: number; lateApplied: boolean }> {
      const { holder, other, ms } = await takeOut('SIGSTOP')
      holder.signal('SIGCONT')
      holder.tell('release')
      // It has left when all that it wanted to write is written or refused.
      await holder.stop()
      const lateApplied = (await counter.unfinished()) === 0
      other.tell('release')
      await untilFinished()
      workers.splice(workers.indexOf(holder), 1, await start())
      return { ms, lateApplied }
    },
    async close(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.stop()))
      await Promise.all([producer.close(), counter.close()])
    },
  }
}

async function kills(arena: Arena, key: string, count: number): Promise<number[]> {
  const couple = await openCouple(arena, key, DEFAULT_TIMEOUT_MS, count)
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    times.push((await couple.kill()) / 1000)
    console.error(`kill -9, ${key}: ${times.at(-1)?.toFixed(2)} s`)
  }
  await couple.close()
  return times
}

async function stops(arena: Arena, timeoutSeconds: number) {
  const count = Number(values.stops)
  const couple = await openCouple(arena, 'ours', timeoutSeconds * 1000, count)
  const results = []
  for (let n = 0; n < count; n += 1) {
    const { ms, lateApplied } = await couple.stop()
    results.push({ seconds: ms / 1000, lateApplied })
    console.error(`SIGSTOP, timeout ${timeoutSeconds} s: ${(ms / 1000).toFixed(2)} s`)
  }
  await couple.close()
  return results
}

await withArena(['ours', 'bullmq', 'bullmq-postgresql'], async (arena) => {
  // In the first 5 s of a database the sweep goes by beats alone, since workers may still be connecting.
  await delay(6_000)
  const rows: { queue: string; 'kill -9 to running again, s': string }[] = []
  for (const { key, contestant } of arena.contestants) {
    const count = Number(key === 'ours' ? values.kills : values['peer-kills'])
    if (count === 0) continue
    const times = await kills(arena, key, count)
    rows.push({ queue: contestant.name, 'kill -9 to running again, s': `${withRange(times, 2)}, ${count} times` })
  }
  for (const { name, sentence } of peerDefaults()) rows.push({ queue: name, 'kill -9 to running again, s': sentence })
  console.log(`\n${table(rows)}`)

  for (const timeout of values.timeouts.split(',').map(Number)) {
    const results = await stops(arena, timeout)
    const seconds = results.map((one) => one.seconds)
    const applied = results.filter((one) => one.lateApplied).length
    console.log(
      `\nSIGSTOP, worker timeout ${timeout} s: running again after ${median(seconds).toFixed(1)} s, at most ${Math.max(...seconds).toFixed(1)} s ` +
        `(${seconds.length} times); completions of the stopped one applied after it went on: ${applied}`,
    )
  }

  const { store, contestant } = arena.find('ours')
  const url = await store.fresh('bench')
  await contestant.prepare(url)
  const { late, control } = await lateWrites(url, Number(values['late-writes']))
  console.log(
    `\nLate writes: ${late.applied} of ${late.writes} were applied (${late.kinds} kinds of losing a job and of writing). ` +
      `Of the same writes by workers that still held the job, ${control.applied} of ${control.writes} were.`,
  )
})
