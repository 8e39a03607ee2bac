import { setTimeout as delay } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import type { Contestant, WorkerOptions } from '../contestant.ts'
import { sqlCounter } from '../sql-counter.ts'

const QUEUE = 'noop'
const MANY = 1_000

async function open(url: string, notify: boolean, upkeep: boolean): Promise<PgBoss> {
  // Housekeeping and cron would be work beside the work that is timed.
  const boss = new PgBoss({
    connectionString: url,
    useListenNotify: notify,
    ...(!upkeep && { supervise: false, schedule: false, migrate: false }),
  })
  boss.on('error', (error) => console.error(error))
  return boss.start()
}

/** @param notify its LISTEN/NOTIFY delivery (`useListenNotify`, dist/types.d.ts); by default it polls every 2 s */
function make(notify: boolean): Contestant {
  return {
    name: notify ? 'pg-boss with notify' : 'pg-boss',
    store: 'postgresql',

    async prepare(url) {
      const boss = await open(url, notify, true)
      await boss.createQueue(QUEUE, { notify })
      await boss.stop()
    },

    async openProducer(url) {
      const boss = await open(url, notify, false)
      return {
        async enqueue() {
          const id = await boss.send(QUEUE, {})
          if (id === null) throw new Error('pg-boss took no job')
          return id
        },
        enqueueBatch: async (count) => {
          await boss.insert(
            QUEUE,
            Array.from({ length: count }, () => ({ data: {} })),
          )
        },
        close: () => boss.stop(),
      }
    },

    openCounter: (url) => sqlCounter(url, 'pgboss.job', "state <> 'completed'", "state = 'completed'"),

    async openWorker({ url, pace, handle }) {
      const boss = await open(url, notify, false)
      // Two connections, open.
      await Promise.all([boss.getQueue(QUEUE), boss.getQueue(QUEUE)])
      const loop = 'batch' in pace ? drainByHand(boss, pace.batch, handle) : undefined
      return {
        async start() {
          if (loop) return loop.start()
          // Its own worker. A batch that takes whatever is there: else it would do one job in 2 s, and only its wake-up is of interest.
          await boss.work(QUEUE, { batchSize: MANY, localConcurrency: 1 }, async (jobs) => {
            await Promise.all(jobs.map((job) => handle(job.id)))
          })
        },
        async stop() {
          await loop?.stop()
          await boss.stop()
        },
      }
    },
  }
}

/** `fetch` and `complete` in loops side by side, as its documentation shows for workers of one's own; faster than `work`. */
function drainByHand(boss: PgBoss, batchSize: number, handle: WorkerOptions['handle']) {
  let stopping = false
  async function drain() {
    while (!stopping) {
      const jobs = await boss.fetch(QUEUE, { batchSize })
      if (jobs.length === 0) {
        await delay(20)
        continue
      }
      for (const job of jobs) await handle(job.id)
      await boss.complete(
        QUEUE,
        jobs.map((job) => job.id),
      )
    }
  }
  let loops: Promise<void>[] = []
  return {
    start: async () => {
      loops = [drain(), drain()]
    },
    stop: async () => {
      stopping = true
      await Promise.all(loops)
    },
  }
}

export const pgBoss = make(false)
export const pgBossNotify = make(true)
