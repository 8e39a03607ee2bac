import pg from 'pg'
import { pino } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { createPool } from '../../../../server/src/db/client.ts'
import { migrate } from '../../../../server/src/db/migrate.ts'
import { enqueue } from '../../../../server/src/queue/enqueue.ts'
import { type Runner, startRunner, WORKER_SETTINGS } from '../../../../server/src/queue/runner.ts'
import { createWakeUp } from '../../../../server/src/queue/wake-up.ts'
import type { Contestant } from '../contestant.ts'
import { sqlCounter } from '../sql-counter.ts'

const MAX_ATTEMPTS = 3
const CONNECTIONS = 10

const openPool = (url: string, settings = {}) =>
  createPool(url, 'bench', CONNECTIONS, (error) => console.error(error), settings)

/** Rows of documents without bytes, whose ids are their jobs' keys. */
async function makeDocuments(pool: pg.Pool, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7())
  for (let from = 0; from < count; from += 10_000) {
    await pool.query(
      `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key)
       SELECT id, 'a.pdf', 'application/pdf', 1, repeat('0', 64), id::text FROM unnest($1::uuid[]) AS id`,
      [ids.slice(from, from + 10_000)],
    )
  }
  return ids
}

export const ours: Contestant = {
  name: 'ours',
  store: 'postgresql',

  async prepare(url) {
    await migrate(url)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    // A job without pages may be completed as soon as it is held.
    await client.query('ALTER TABLE document_processing_jobs ALTER pages_total SET DEFAULT 0')
    await client.end()
  },

  async openProducer(url, jobs) {
    const pool = openPool(url)
    const wakeUp = createWakeUp(pool)
    const ids = await makeDocuments(pool, jobs)
    let used = 0
    async function put(count: number): Promise<string[]> {
      const documentIds = ids.slice(used, used + count)
      if (documentIds.length < count) throw new Error(`more than the ${jobs} jobs that were announced`)
      used += count
      const notifies = wakeUp.isQuiet()
      await enqueue(pool, { documentIds, maxAttempts: MAX_ATTEMPTS, notifies })
      if (!notifies) wakeUp.send()
      return documentIds
    }
    return {
      enqueue: async () => (await put(1))[0] ?? '',
      enqueueBatch: async (count) => {
        await put(count)
      },
      close: () => pool.end(),
    }
  },

  // A full life: a job is finished when its attempt is recorded as well.
  openCounter: (url) =>
    sqlCounter(
      url,
      'document_processing_jobs AS job',
      "status <> 'COMPLETED'",
      `status = 'COMPLETED' AND
         (SELECT count(*) FROM document_processing_attempts WHERE job_id = job.id AND outcome = 'COMPLETED') = 1`,
    ),

  async openWorker({ url, pace, timeoutMs, handle }) {
    const pool = openPool(url, WORKER_SETTINGS)
    await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.query('SELECT pg_sleep(0.01)')))
    let runner: Runner | undefined
    return {
      async start() {
        runner = startRunner({
          pool,
          databaseUrl: url,
          name: `bench/${process.pid}`,
          version: 'bench',
          slots: 'batch' in pace ? pace.batch : pace.concurrency,
          timeoutMs,
          log: pino({ level: 'error' }),
          async handle(job) {
            await handle(job.document_id)
            return { kind: 'completed' }
          },
        })
      },
      async stop() {
        await runner?.stop(0)
        await pool.end()
      },
    }
  },
}
