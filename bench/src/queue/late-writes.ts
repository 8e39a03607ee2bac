import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { createPool, type Pool } from '../../../server/src/db/client.ts'
import { enqueue } from '../../../server/src/queue/enqueue.ts'
import * as queue from '../../../server/src/queue/job-queue.ts'
import * as liveness from '../../../server/src/queue/liveness.ts'
import * as provider from '../../../server/src/queue/provider.ts'
import { makePage } from '../../../server/test/jobs.ts'

type Worker = { id: number; name: string; epoch: number }
type Job = queue.ClaimedJob
type Scene = { pool: Pool; alice: Worker; bob: Worker; registerAlice: () => Promise<Worker> }

const TIMEOUT_MS = 15_000
const FAILURE = { code: 'internal_error', log: 'too late', retryable: true, delayMs: 0 } as const

/** What takes a job from alice. The job is due afterwards, or finished. */
const LOSSES: Record<string, (scene: Scene, job: Job) => Promise<unknown>> = {
  async swept(scene) {
    await scene.pool.query("UPDATE workers SET beat_at = now() - interval '1 hour' WHERE id = $1", [scene.alice.id])
    await liveness.sweep(scene.pool, TIMEOUT_MS, new Set())
    scene.alice = await scene.registerAlice()
  },
  released: ({ pool }, job) => queue.release(pool, job),
  forgotten: ({ pool, alice }) => {
    alice.epoch += 1
    return queue.releaseForgotten(pool, alice, [])
  },
  failed: ({ pool }, job) => queue.fail(pool, job, FAILURE),
  'failed for good': ({ pool }, job) => queue.fail(pool, job, { ...FAILURE, retryable: false }),
  'left to its provider': ({ pool }, job) => provider.waitForProvider(pool, job, 'operation', new Date(0)),
  canceled: ({ pool }, job) => queue.cancel(pool, job.document_id, 'canceled'),
  completed: ({ pool }, job) => queue.complete(pool, job),
}

/** Who has it when the late write comes. */
const NEXT: Record<string, (scene: Scene) => Promise<unknown>> = {
  nobody: async () => {},
  alice: ({ pool, alice }) => queue.claim(pool, alice, 1),
  bob: ({ pool, bob }) => queue.claim(pool, bob, 1),
  'bob, who completes it': async ({ pool, bob }) => {
    for (const job of await queue.claim(pool, bob, 1)) await queue.complete(pool, job)
  },
}

/** What alice still writes. */
const WRITES: Record<string, (scene: Scene, job: Job) => Promise<boolean>> = {
  complete: ({ pool }, job) => queue.complete(pool, job),
  'complete, and claim': async ({ pool }, job) =>
    (await queue.finishAndClaim(pool, { id: job.worker_id, epoch: 0 }, [job], 0)).stale.length === 0,
  fail: ({ pool }, job) => queue.fail(pool, job, FAILURE),
  'fail for good': ({ pool }, job) => queue.fail(pool, job, { ...FAILURE, retryable: false }),
  release: ({ pool }, job) => queue.release(pool, job),
  'wait for the provider': ({ pool }, job) => provider.waitForProvider(pool, job, 'late operation', new Date()),
  'store a page': ({ pool }, job) => queue.storePage(pool, job, makePage(2)),
  'count pages': ({ pool }, job) => queue.recordPagesTotal(pool, job, 9, 'late provider'),
}

async function registerWorkers(sessions: pg.Client): Promise<{ alice: Worker; bob: Worker }> {
  const register = async (name: string) => ({
    id: await liveness.registerWorker(sessions, { name, version: 'bench', slots: 1 }),
    name,
    epoch: 0,
  })
  return { alice: await register('alice'), bob: await register('bob') }
}

/** A job that alice holds. One page of it is there; it may have more, unless it is to be completed. */
async function heldJob({ pool, alice }: Scene, complete: boolean): Promise<Job> {
  const id = uuidv7()
  await pool.query(
    `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key)
     VALUES ($1::uuid, 'a.pdf', 'application/pdf', 1, repeat('0', 64), $1::uuid::text)`,
    [id],
  )
  await enqueue(pool, { documentIds: [id], maxAttempts: 3 })
  const [job] = await queue.claim(pool, alice, 1)
  if (job?.document_id !== id) throw new Error('the claim found another job than the only one')
  await queue.recordPagesTotal(pool, job, complete ? 1 : 2, 'local')
  await queue.storePage(pool, job, makePage(1))
  return job
}

/** All that is known about a job. */
async function look(pool: Pool, id: number): Promise<string> {
  const { rows } = await pool.query(
    `SELECT to_json(job) AS job,
       (SELECT json_agg(one ORDER BY claim) FROM document_processing_attempts AS one WHERE job_id = job.id) AS attempts,
       (SELECT json_agg(one ORDER BY page_number) FROM document_pages AS one WHERE job_id = job.id) AS pages
     FROM document_processing_jobs AS job WHERE id = $1`,
    [id],
  )
  return JSON.stringify(rows)
}

function draw<T>(choices: Record<string, T>): [string, T] {
  const entries = Object.entries(choices)
  return entries[Math.floor(Math.random() * entries.length)] as [string, T]
}

/**
 * Random trials on the level of SQL: alice claims a job, loses it, somebody else has it or nobody, and then she writes as if she had it.
 * A write counts as applied when it says so, or when anything about the job has changed. As control, each write is made by an alice who
 * has lost nothing as well: that one has to be applied, or the trial could not have failed.
 */
export async function lateWrites(url: string, trials: number) {
  const pool = createPool(url, 'bench', 4, () => {})
  const sessions = new pg.Client({ connectionString: url })
  await sessions.connect()
  const scene: Scene = {
    pool,
    ...(await registerWorkers(sessions)),
    registerAlice: async () => (await registerWorkers(sessions)).alice,
  }
  const isApplied = async (write: (scene: Scene, job: Job) => Promise<boolean>, job: Job) => {
    const before = await look(pool, job.id)
    const held = await write(scene, job)
    return held || (await look(pool, job.id)) !== before
  }
  const late = { writes: 0, applied: 0, kinds: 0 }
  const control = { writes: 0, applied: 0 }
  const kinds = new Set<string>()
  for (let n = 0; n < trials; n += 1) {
    const [loss, lose] = draw(LOSSES)
    const [next, take] = draw(NEXT)
    const [name, write] = draw(WRITES)
    const complete = [loss, next, name].some((what) => what.includes('complete'))

    const lost = await heldJob(scene, complete)
    await lose(scene, lost)
    await take(scene)
    if (await isApplied(write, lost)) {
      late.applied += 1
      console.error(`applied: ${name}, after the job was ${loss} and went to ${next}`)
    }
    late.writes += 1
    kinds.add(`${loss}, ${next}, ${name}`)
    await pool.query('DELETE FROM documents')

    const held = await heldJob(scene, name.includes('complete'))
    if (await isApplied(write, held)) control.applied += 1
    control.writes += 1
    await pool.query('DELETE FROM documents')
  }
  late.kinds = kinds.size
  await sessions.end()
  await pool.end()
  return { late, control }
}
