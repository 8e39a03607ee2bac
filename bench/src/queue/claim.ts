import { parseArgs } from 'node:util'
import pg from 'pg'
import { pino } from 'pino'
import { createPool, type Pool } from '../../../server/src/db/client.ts'
import { migrate } from '../../../server/src/db/migrate.ts'
import { startRunner, WORKER_SETTINGS } from '../../../server/src/queue/runner.ts'
import { median, percentile, table } from '../report.ts'
import { startPostgresql } from './stores.ts'

/**
 * How long a claim takes in an empty table, beside a million finished jobs with 100,000 waiting, and there while a transaction is held
 * open elsewhere, so that no dead row can be cleaned away. The real runner, one slot, one job a claim; in turns, so that what else the
 * machine does falls on all alike.
 *
 *   npm run bench:queue:claim -- [--finished 1000000] [--waiting 100000] [--drained 50000] [--rounds 5]
 */
const { values } = parseArgs({
  options: {
    finished: { type: 'string', default: '1000000' },
    waiting: { type: 'string', default: '100000' },
    drained: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '5' },
  },
})
const [finished, waiting, drained, rounds] = [
  Number(values.finished),
  Number(values.waiting),
  Number(values.drained),
  Number(values.rounds),
]
const A_ROUND = 1_000

type Table = { url: string; pool: Pool }

/** A migrated database with that many jobs finished and waiting. */
async function makeTable(url: string, finishedJobs: number, waitingJobs: number): Promise<Table> {
  await migrate(url)
  const pool = createPool(url, 'bench', 4, (error) => console.error(error), WORKER_SETTINGS)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('ALTER TABLE document_processing_jobs ALTER pages_total SET DEFAULT 0')
  await client.query(
    `INSERT INTO document_processing_jobs (document_id, max_attempts, priority, status, attempts, started_at, attempt_started_at, finished_at)
     SELECT gen_random_uuid(), 3, n, 'COMPLETED', 1, now(), now(), now() FROM generate_series(1, $1) AS n`,
    [finishedJobs],
  )
  await client.query(
    `INSERT INTO document_processing_jobs (document_id, max_attempts, priority)
     SELECT gen_random_uuid(), 3, (extract(epoch FROM now()) * 1000000)::bigint + 16 * n FROM generate_series(1, $1) AS n`,
    [waitingJobs],
  )
  await client.query('VACUUM ANALYZE')
  await client.query('CHECKPOINT')
  await client.end()
  return { url, pool }
}

/** Has the runner do so many jobs. Resolves to how long each of its claims took, in milliseconds. */
async function work({ url, pool }: Table, jobs: number, slots: number): Promise<number[]> {
  const claims: number[] = []
  const timed: Pool = Object.create(pool, {
    query: {
      async value(statement: { name?: string }, ...rest: unknown[]) {
        const from = performance.now()
        const result = await Reflect.apply(pool.query, pool, [statement, ...rest])
        if (statement.name?.startsWith('finish and claim')) claims.push(performance.now() - from)
        return result
      },
    },
  })
  const enough = Promise.withResolvers<void>()
  let done = 0
  const runner = startRunner({
    pool: timed,
    databaseUrl: url,
    name: 'bench',
    version: 'bench',
    slots,
    timeoutMs: 15_000,
    log: pino({ level: 'error' }),
    async handle() {
      done += 1
      if (done === jobs) enough.resolve()
      return { kind: 'completed' }
    },
  })
  await enough.promise
  await runner.stop(0)
  return claims
}

const server = await startPostgresql()
try {
  const empty = await makeTable(await server.fresh('empty'), 0, (2 * rounds + 1) * A_ROUND * 2)
  const full = await makeTable(await server.fresh('crowded'), finished, waiting)
  const named = { empty: [] as number[][], full: [] as number[][], held: [] as number[][], emptyThen: [] as number[][] }
  for (const one of [empty, full]) await work(one, A_ROUND / 2, 1)
  for (let round = 0; round < rounds; round += 1) {
    named.empty.push(await work(empty, A_ROUND, 1))
    named.full.push(await work(full, A_ROUND, 1))
  }

  const holder = new pg.Client({ connectionString: full.url })
  await holder.connect()
  await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM workers')
  const started = performance.now()
  await work(full, drained, 10)
  console.log(
    `${drained} jobs beside an open transaction: ${Math.round((drained / (performance.now() - started)) * 1000)} a second\n`,
  )
  for (let round = 0; round < rounds; round += 1) {
    named.emptyThen.push(await work(empty, A_ROUND, 1))
    named.held.push(await work(full, A_ROUND, 1))
  }
  await holder.end()

  const row = (name: string, times: number[][], against: number[][]) => {
    const medians = times.map(median)
    const ratios = medians.map((one, round) => one / median(against[round] ?? []))
    return {
      claims: name,
      'p50 ms': median(times.flat()).toFixed(2),
      'p95 ms': percentile(times.flat(), 95).toFixed(2),
      'to the empty table': `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
    }
  }
  console.log(
    table([
      row('empty table', named.empty, named.empty),
      row(`${finished} finished, ${waiting} waiting`, named.full, named.empty),
      row(`the same, a transaction open for ${drained} jobs`, named.held, named.emptyThen),
    ]),
  )
  await empty.pool.end()
  await full.pool.end()
} finally {
  await server.stop()
}
