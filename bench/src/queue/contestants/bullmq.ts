import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  runMigrations,
  withBackend,
} from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Contestant, Counter } from '../contestant.ts'
import { sqlCounter } from '../sql-counter.ts'

const QUEUE = 'noop'

type Backend<B extends IQueueBackend, C> = Pick<Contestant, 'name' | 'store' | 'prepare' | 'openCounter'> & {
  factory: BackendFactory<B, C>
  connection: (url: string, concurrency: number) => C
  fastestConcurrency: number
}

function make<B extends IQueueBackend, C>(backend: Backend<B, C>): Contestant {
  const { Queue, Worker } = withBackend(backend.factory)
  const { name, store, prepare, openCounter } = backend
  return {
    name,
    store,
    prepare,
    openCounter,

    async openProducer(url) {
      const queue = new Queue(QUEUE, { connection: backend.connection(url, 10) })
      await queue.waitUntilReady()
      return {
        async enqueue() {
          const { id } = await queue.add('noop', {})
          if (id === undefined) throw new Error('BullMQ gave the job no id')
          return id
        },
        enqueueBatch: async (count) => {
          await queue.addBulk(Array.from({ length: count }, () => ({ name: 'noop', data: {} })))
        },
        close: () => queue.close(),
      }
    },

    async openWorker({ url, pace, handle }) {
      const concurrency = 'batch' in pace ? backend.fastestConcurrency : pace.concurrency
      const worker = new Worker(QUEUE, async (job) => handle(job.id ?? ''), {
        connection: backend.connection(url, concurrency),
        concurrency,
        autorun: false,
      })
      worker.on('error', (error) => console.error(error))
      await worker.waitUntilReady()
      return {
        async start() {
          void worker.run()
        },
        stop: () => worker.close(),
      }
    },
  }
}

async function redisCounter(url: string): Promise<Counter> {
  const redis = new Redis(url)
  const length = async (state: string) => redis.llen(`bull:${QUEUE}:${state}`)
  const cardinality = async (state: string) => redis.zcard(`bull:${QUEUE}:${state}`)
  return {
    unfinished: async () =>
      (await length('wait')) +
      (await length('active')) +
      (await cardinality('delayed')) +
      (await cardinality('failed')),
    finished: () => cardinality('completed'),
    close: async () => redis.disconnect(),
  }
}

export const bullmqOnRedis = make({
  name: 'BullMQ on Redis',
  store: 'redis',
  factory: createRedisBackend,
  connection: (url) => ({ url }),
  // "good for IO bound jobs [...] 100 to 300" (https://docs.bullmq.io/guide/parallelism-and-concurrency).
  fastestConcurrency: 100,
  async prepare() {},
  openCounter: redisCounter,
})

export const bullmqOnPostgresql = make({
  name: 'BullMQ on PostgreSQL',
  store: 'postgresql',
  factory: createPostgresBackend,
  // "Give each backend enough pool connections (max) for its concurrency", and its own figures are for a concurrency of 8 to 32
  // (https://docs.bullmq.io/guide/postgresql).
  connection: (url, concurrency) => ({ connectionString: url, max: concurrency }),
  fastestConcurrency: 16,
  async prepare(url) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await runMigrations(client)
    await client.end()
  },
  openCounter: (url) => sqlCounter(url, 'bullmq.job', "state <> 'completed'", "state = 'completed'"),
})
