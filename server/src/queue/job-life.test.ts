import fc from 'fast-check'
import { expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { makeJob, makePage } from '../../test/jobs.ts'
import * as queue from './job-queue.ts'
import * as liveness from './liveness.ts'

/** Any order of what workers, providers, sweeps and time can do to jobs, on a real database, with the rules checked after each step. */
const database = useDatabase()
const TIMEOUT_MS = 15_000
const NOBODY: ReadonlySet<number> = new Set()
const PAGES = 2

const step = fc.oneof(
  fc.record({ kind: fc.constant('claim' as const), worker: fc.nat(1), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constantFrom('total', 'page', 'complete', 'retry', 'fail', 'release', 'wait'),
    /** Which of all claims made so far, stale ones included. */
    claim: fc.nat(20),
  }),
  fc.record({ kind: fc.constantFrom('enqueue', 'sweep'), worker: fc.nat(1) }),
  fc.record({ kind: fc.constant('beat' as const), worker: fc.nat(1) }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 20 }) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What the model knows: time, the workers' present ids, and every claim ever made. */
type World = {
  now: number
  workers: { id: number; name: string }[]
  claims: queue.ClaimedJob[]
  ended: Map<number, object>
}

test('after any history every job is held or due or finished, and what finished stays as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const { pool } = database
      await pool.query('TRUNCATE documents, workers CASCADE')
      const world: World = { now: 0, workers: [], claims: [], ended: new Map() }
      for (const name of ['alice', 'bob']) world.workers.push(await register(name, at(world)))
      for (let n = 0; n < 3; n += 1) await makeJob(pool, at(world), 2)
      for (const one of steps) {
        await take(one, world)
        await checkRules(world)
      }
    }),
    { numRuns: 120 },
  )
})

const at = (world: World) => new Date(Date.UTC(2031, 0, 1) + world.now * 1000)

async function register(name: string, now: Date) {
  return { id: await liveness.registerWorker(database.pool, { name, version: '1', slots: 4 }, now), name }
}

async function take(one: Step, world: World): Promise<void> {
  const { pool } = database
  if (one.kind === 'pass') world.now += one.seconds
  else if (one.kind === 'enqueue') await makeJob(pool, at(world), 2)
  else if (one.kind === 'sweep') await liveness.sweep(pool, TIMEOUT_MS, NOBODY, at(world))
  else if (one.kind === 'beat') await beat(one.worker, world)
  else if ('limit' in one)
    world.claims.push(...(await queue.claim(pool, workerOf(one.worker, world), one.limit, at(world))))
  else if ('claim' in one) await writeAs(one.kind, world.claims[one.claim], world)
}

function workerOf(n: number, world: World) {
  const worker = world.workers[n]
  if (!worker) throw new Error(`there is no worker ${n}`)
  return worker
}

/** A worker that learns that it was swept registers anew, as the session does. */
async function beat(n: number, world: World): Promise<void> {
  const worker = workerOf(n, world)
  if (!(await liveness.beat(database.pool, worker.id, at(world))))
    world.workers[n] = await register(worker.name, at(world))
}

/** Writes in the name of a claim, and expects it to be refused exactly when the claim is not the job's present one. */
async function writeAs(kind: string, job: queue.ClaimedJob | undefined, world: World): Promise<void> {
  if (!job) return
  const { pool } = database
  const { rows } = await pool.query(
    'SELECT claim, locked_by, pages_done, pages_total FROM document_processing_jobs WHERE id = $1',
    [job.id],
  )
  const present = rows[0].claim === job.claim && rows[0].locked_by === job.worker_id
  const failure = { code: 'parser_crashed' as const, log: 'x', retryable: kind === 'retry', delayMs: 3_000 }
  const now = at(world)
  const whole = rows[0].pages_total === PAGES && rows[0].pages_done === PAGES
  if (kind === 'page' && rows[0].pages_total === null) return
  if (kind === 'complete' && present && !whole) {
    await expect(queue.complete(pool, job, now)).rejects.toThrow('completed_has_all_pages')
    return
  }
  const writes: Record<string, () => Promise<boolean>> = {
    total: () => queue.recordPagesTotal(pool, job, PAGES, 'local', now),
    page: () => queue.storePage(pool, job, makePage(1 + (world.now % PAGES)), now),
    complete: () => queue.complete(pool, job, now),
    retry: () => queue.fail(pool, job, failure, now),
    fail: () => queue.fail(pool, job, failure, now),
    release: () => queue.release(pool, job, now),
    wait: () => queue.waitForProvider(pool, job, 'https://operation/1', new Date(now.getTime() + 5_000), now),
  }
  expect(await writes[kind]?.()).toBe(present)
}

async function checkRules(world: World): Promise<void> {
  const { rows } = await database.pool.query(
    `SELECT job.*, worker.id AS worker_id,
            (SELECT count(*) FROM document_pages WHERE job_id = job.id) AS pages,
            (SELECT count(*) FROM document_processing_attempts WHERE job_id = job.id AND ended_at IS NULL) AS open,
            (SELECT count(*) FROM document_processing_attempts WHERE job_id = job.id AND outcome IS DISTINCT FROM 'RELEASED') AS tries
     FROM document_processing_jobs AS job LEFT JOIN workers AS worker ON worker.id = job.locked_by ORDER BY job.id`,
  )
  for (const job of rows) {
    const finished = job.status === 'COMPLETED' || job.status === 'FAILED'
    expect(
      [finished, job.ready, job.worker_id !== null].filter(Boolean),
      'finished, due or held by a worker that exists',
    ).toHaveLength(1)
    expect(job.tries, 'attempts counts real tries').toBe(job.attempts)
    expect(job.open, 'an attempt is open while the job is PROCESSING').toBe(job.status === 'PROCESSING' ? 1 : 0)
    expect(job.pages, 'pages_done counts pages; a FAILED job has none').toBe(
      job.status === 'FAILED' ? 0 : job.pages_done,
    )
    if (job.status === 'PENDING')
      expect(job.attempts, 'never out of attempts while it waits').toBeLessThan(job.max_attempts)
    if (job.status === 'COMPLETED') expect(job.pages).toBe(PAGES)
    if (world.ended.has(job.id)) expect(job, 'a finished job never changes').toEqual(world.ended.get(job.id))
    if (finished) world.ended.set(job.id, job)
  }
}
