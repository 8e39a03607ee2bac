import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { emptyTables } from '../../test/jobs.ts'
import { untilLocksCount } from '../../test/locks.ts'
import { at } from '../../test/queue.ts'
import type { Model } from '../../test/queue-model/model.ts'
import { aHistory } from '../../test/queue-model/worker-steps.ts'
import { type Answers, registerWorker, type Step, take, type World } from '../../test/queue-model/world.ts'
import type { Pool } from '../db/client.ts'

/** Any history of the queue, on a real database: after each step it holds, and has answered, what a model in memory says. */
const database = useDatabase()
let sessions: pg.Client

beforeAll(async () => {
  sessions = new pg.Client({ connectionString: database.url })
  await sessions.connect()
  await untilLocksCount(sessions)
})
afterAll(() => sessions?.end())

/** What has happened in any history; those that get nowhere would agree with any model. */
let seen: Map<string, number>
const see = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
const EXPECTED = [
  ...['COMPLETED', 'FAILED', 'RELEASED', 'WORKER_LOST', 'CANCELED', 'turn: refused', 'complete: refused'],
  ...['total', 'page', 'complete', 'fail', 'wait', 'release', 'cancel', 'offer', 'store shared'].flatMap((kind) => [
    `${kind}: true`,
    `${kind}: false`,
  ]),
  ...['several completed at once', 'some completed, some stale', 'forget: 2', 'beat: false'],
]

test('after any history the database is what the model says, and has answered so', async () => {
  seen = new Map()
  await fc.assert(
    fc.asyncProperty(aHistory, async (steps) => {
      const world = await begin()
      const finished = new Map<number, string>()
      for (const step of steps) {
        await take(step, world)
        checkRules(world.model, finished)
      }
      for (const { outcome } of world.model.attempts) see(outcome)
    }),
    { numRuns: 150 },
  )
  for (const what of EXPECTED) expect(seen.get(what) ?? 0, what).toBeGreaterThan(0)
  // Thousands of statements, and a failure is made smaller before it is told.
}, 600_000)

async function begin(): Promise<World> {
  const { pool } = database
  await emptyTables(pool)
  const check = async (step: Step, answers: Answers | undefined) => {
    expect(answers?.real, `the answer to: ${step.kind}`).toEqual(answers?.predicted)
    expect(await readAll(pool), `the database after: ${step.kind}`).toEqual(ofModel(world.model))
    see(`${step.kind}: ${typeof answers?.real === 'object' ? Object.keys(answers.real ?? {}) : answers?.real}`)
    const completed = model.attempts.filter(({ outcome }) => outcome === 'COMPLETED').length - before
    before += completed
    if (completed > 1) see('several completed at once')
    if (completed > 0 && hasStale(answers?.real)) see('some completed, some stale')
  }
  let before = 0
  const model: Model = { now: at(0), paused: false, jobs: [], attempts: [], pages: [], shared: [], workers: [] }
  const world: World = {
    ...{ pool, sessions, model, check },
    ...{ workers: [], claims: [], documents: [] },
    epochs: [0, 0],
    from: [0, 0],
    suspects: [new Set(), new Set()],
  }
  for (const name of ['alice', 'bob']) world.workers.push(await registerWorker(world, name))
  return world
}

const hasStale = (answer: unknown) =>
  answer instanceof Object && 'stale' in answer && Array.isArray(answer.stale) && answer.stale.length > 0

async function readAll(pool: Pool) {
  const read = async (sql: string) => (await pool.query(sql)).rows
  return {
    jobs: await read('SELECT * FROM document_processing_jobs ORDER BY id'),
    attempts: await read('SELECT * FROM document_processing_attempts ORDER BY job_id, claim'),
    pages: await read('SELECT job_id, page_number FROM document_pages ORDER BY job_id, page_number'),
    shared: await read('SELECT * FROM shared_pages ORDER BY job_id, page_number'),
    workers: await read('SELECT id, name, beat_at, running, epoch FROM workers ORDER BY id'),
  }
}

function ofModel({ jobs, attempts, pages, shared, workers }: Model) {
  return {
    jobs: jobs.toSorted((a, b) => a.id - b.id),
    attempts: attempts.toSorted((a, b) => a.job_id - b.job_id || a.claim - b.claim),
    pages: pages.toSorted((a, b) => a.job_id - b.job_id || a.page_number - b.page_number),
    shared: shared.toSorted((a, b) => a.job_id - b.job_id || a.page_number - b.page_number),
    workers: workers.map(({ locked: _, ...worker }) => worker).toSorted((a, b) => a.id - b.id),
  }
}

/** What has to be true of the model, and so of the database, at every instant. */
function checkRules(model: Model, ended: Map<number, string>): void {
  for (const job of model.jobs) {
    const finished = job.finished_at !== null
    const held = model.workers.some(({ id }) => id === job.locked_by)
    expect([finished, job.ready, held].filter(Boolean), 'finished, due or held by a worker on record').toHaveLength(1)

    const tries = model.attempts.filter((one) => one.job_id === job.id && one.outcome !== 'RELEASED').length
    expect(tries + (job.status === 'PROCESSING' ? 1 : 0), 'attempts counts real tries').toBe(job.attempts)
    if (job.status === 'PENDING') expect(job.attempts, 'has a try left').toBeLessThan(job.max_attempts)

    const shared = model.shared.filter((page) => page.job_id === job.id)
    if (['PENDING', 'FAILED'].includes(job.status)) expect(shared, 'nobody helps with what nobody holds').toEqual([])

    const pages = model.pages.filter((page) => page.job_id === job.id).length
    expect(pages, 'a FAILED job has no pages').toBe(job.status === 'FAILED' ? 0 : job.pages_done)
    if (job.status === 'COMPLETED') expect(pages, 'a result is whole').toBe(job.pages_total)

    if (finished) expect(JSON.stringify(job), 'never changes again').toBe(ended.get(job.id) ?? JSON.stringify(job))
    if (finished) ended.set(job.id, JSON.stringify(job))
  }
}
