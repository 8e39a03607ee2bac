import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker'
import pg from 'pg'
import type { Contestant } from '../contestant.ts'
import { sqlCounter } from '../sql-counter.ts'

const logger = new Logger(() => () => {})
const TASK = 'noop'

/**
 * The settings its documentation reached its best figures with (https://worker.graphile.org/docs/performance), and the same without
 * a log line per job: it is set up by its own benchmark like that (perfTest/run.js in its repository).
 */
const fastest = (batch: number) => ({
  concurrentJobs: 24,
  maxPoolSize: 25,
  localQueue: { size: batch },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
})

const byDefault = (concurrency: number) => ({
  concurrentJobs: concurrency,
  // "10 or concurrentJobs + 2, whichever is larger" (dist/index.d.ts).
  maxPoolSize: Math.max(10, concurrency + 2),
})

export const graphileWorker: Contestant = {
  name: 'graphile-worker',
  store: 'postgresql',

  prepare: (url) => runMigrations({ connectionString: url, logger }),

  async openProducer(url) {
    const utils = await makeWorkerUtils({ connectionString: url, logger })
    return {
      enqueue: async () => String((await utils.addJob(TASK, {})).id),
      enqueueBatch: async (count) => {
        await utils.addJobs(Array.from({ length: count }, () => ({ identifier: TASK, payload: {} })))
      },
      close: async () => utils.release(),
    }
  },

  // A finished job is deleted. One that failed for good would stay.
  openCounter: (url) => sqlCounter(url, 'graphile_worker._private_jobs', 'true', null),

  async openWorker({ url, pace, handle }) {
    process.env.NO_LOG_SUCCESS = '1'
    const worker = 'batch' in pace ? fastest(pace.batch) : byDefault(pace.concurrency)
    // A pool of our own, with its connections open, is as warm as it can be while it waits.
    const pool = new pg.Pool({ connectionString: url, max: worker.maxPoolSize })
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    await Promise.all(Array.from({ length: worker.maxPoolSize }, () => pool.query('SELECT pg_sleep(0.01)')))
    let running: Awaited<ReturnType<typeof run>> | undefined
    return {
      async start() {
        running = await run({
          pgPool: pool,
          logger,
          noHandleSignals: true,
          preset: { worker },
          parsedCronItems: [],
          taskList: { [TASK]: (_payload, helpers) => handle(String(helpers.job.id)) },
        })
      },
      async stop() {
        await running?.stop()
        await pool.end()
      },
    }
  },
}
