import type { Pool } from '../../src/db/client.ts'
import type DocumentProcessingAttempts from '../../src/db/generated/public/DocumentProcessingAttempts.ts'
import type DocumentProcessingJobs from '../../src/db/generated/public/DocumentProcessingJobs.ts'
import { enqueue } from '../../src/queue/enqueue.ts'
import * as queue from '../../src/queue/job-queue.ts'
import * as liveness from '../../src/queue/liveness.ts'
import * as provider from '../../src/queue/provider.ts'
import * as shared from '../../src/queue/shared-pages.ts'
import { makeJob, makePage, readAttempts, readJob } from '../jobs.ts'
import { at } from '../queue.ts'

/** Calls every function of the queue in every state that a job can get into, and says what each did to the job. */

export const MAX_ATTEMPTS = 2
export const BACKOFF_MS = 7_000
export const POLL_MS = 11_000
export const POSTPONED_MS = 13_000
const TIMEOUT_MS = 15_000
/** Between two calls; longer than any backoff, poll or beat, so that what can be due is due. */
const STEP_SECONDS = 1_000
const READER = '00000000-0000-4000-8000-000000000001'
const NOBODY: ReadonlySet<number> = new Set()

export type Scene = {
  pool: Pool
  /** The job in question, claimed by alice if by anybody. */
  job: queue.ClaimedJob
  alice: { id: number }
  bob: { id: number }
  now: Date
}

/** What is to be seen of a job. */
export type Seen = { row: DocumentProcessingJobs; attempts: DocumentProcessingAttempts[]; pages: number[] }
export type Change = { by: string; before: Seen; after: Seen; now: Date }
export type Path = Call[]

type Call = { by: string; run: (scene: Scene) => Promise<unknown> }
const call = (by: string, run: Call['run']): Call => ({ by, run })

export const failure = (retryable: boolean) =>
  ({ code: 'parser_crashed', log: 'it died', retryable, delayMs: BACKOFF_MS }) as const
export const postponement = (now: Date) => {
  const until = new Date(now.getTime() + POSTPONED_MS)
  return { until, spacingMs: 1, code: 'provider_throttled', log: 'too many' } as const
}
export const RESULT_HEADER = { apiVersion: '2024-11-30', modelId: 'm', stringIndexType: 'utf16CodeUnit' } as const
const poll = (now: Date) => new Date(now.getTime() + POLL_MS)

/** Every exported function of the queue's SQL, some of them in several ways. `finishAndClaim` goes by the half that is used. */
export const CALLS: Call[] = [
  call('enqueue', ({ pool, job, now }) =>
    enqueue(pool, { documentIds: [job.document_id], maxAttempts: MAX_ATTEMPTS }, now),
  ),
  call('claim', ({ pool, alice, now }) => queue.finishAndClaim(pool, { id: alice.id, epoch: 0 }, [], 1, 0, now)),
  call('claim', ({ pool, alice, now }) => queue.claim(pool, alice, 1, now)),
  call('complete', ({ pool, alice, job, now }) =>
    queue.finishAndClaim(pool, { id: alice.id, epoch: 0 }, [job], 0, 0, now),
  ),
  call('complete', ({ pool, job, now }) => queue.complete(pool, job, now)),
  call('recordPagesTotal', ({ pool, job, now }) => queue.recordPagesTotal(pool, job, 1, 'local', now)),
  call('storePage', ({ pool, job, now }) => queue.storePage(pool, job, makePage(1), now)),
  call('offerPages', ({ pool, job }) => shared.offerPages(pool, job, [1])),
  call('takeOwnPage', ({ pool, job }) => shared.takeOwnPage(pool, job, READER)),
  call('takePage', ({ pool, bob, now }) => shared.takePage(pool, { id: READER, workerId: bob.id }, null, now)),
  call('storeSharedPage', ({ pool, job, bob, now }) => shared.storeSharedPage(pool, job, bob.id, makePage(1), now)),
  call('giveBackPage', ({ pool, job }) => shared.giveBackPage(pool, job.id, READER, false)),
  call('storedPages', ({ pool, job }) => queue.storedPages(pool, job.id)),
  call('notHeld', ({ pool, alice, job }) => queue.notHeld(pool, alice.id, [job.id])),
  call('fail', ({ pool, job, now }) => queue.fail(pool, job, failure(true), now)),
  call('fail', ({ pool, job, now }) => queue.fail(pool, job, failure(false), now)),
  call('release', ({ pool, job, now }) => queue.release(pool, job, now)),
  call('releaseForgotten', ({ pool, alice, now }) => queue.releaseForgotten(pool, { id: alice.id, epoch: 1 }, [], now)),
  call('recordOperation', ({ pool, job, now }) => provider.recordOperation(pool, job, 'https://op/1', now)),
  call('recordResult', ({ pool, job, now }) => provider.recordResult(pool, job, 'a-blob', RESULT_HEADER, now)),
  call('postpone', ({ pool, job, now }) => provider.postpone(pool, job, postponement(now), now)),
  call('waitForProvider', ({ pool, job, now }) => provider.waitForProvider(pool, job, 'https://op/1', poll(now), now)),
  call('cancel', ({ pool, job, now }) => queue.cancel(pool, job.document_id, 'enough', now)),
  call('sweep', ({ pool, now }) => liveness.sweep(pool, TIMEOUT_MS, NOBODY, now)),
  call('beat', ({ pool, alice, now }) => liveness.beat(pool, alice.id, 1, now)),
  call('registerWorker', ({ pool, now }) => register(pool, 'carol', now)),
  call('relockWorker', ({ pool, alice }) => liveness.relockWorker(pool, alice.id)),
  call('unregisterWorker', ({ pool, alice }) => liveness.unregisterWorker(pool, alice.id)),
]

const register = async (pool: Pool, name: string, now: Date) => ({
  id: await liveness.registerWorker(pool, { name, version: '1', slots: 1 }, now),
})

/** A job that has been through these calls, the only one there is. */
export async function replay(pool: Pool, path: Path): Promise<Scene> {
  // Not a TRUNCATE: that takes many times as long, and there are hundreds of these.
  await pool.query('DELETE FROM documents; DELETE FROM document_processing_jobs; DELETE FROM workers')
  const now = at(0)
  const id = await makeJob(pool, now, MAX_ATTEMPTS)
  const [alice, bob] = [await register(pool, 'alice', now), await register(pool, 'bob', now)]
  const { document_id } = await readJob(pool, id)
  const job = {
    id,
    document_id,
    claim: 0,
    worker_id: alice.id,
    attempts: 0,
    max_attempts: MAX_ATTEMPTS,
    operation: null,
  }
  const scene: Scene = { pool, job, alice, bob, now }
  for (const one of path) await perform(one, scene)
  return scene
}

/** Makes a call, a while later. What the schema refuses changes nothing, and says so. */
async function perform({ run }: Call, scene: Scene): Promise<void> {
  scene.now = new Date(scene.now.getTime() + STEP_SECONDS * 1000)
  await run(scene).catch((error) => {
    if (error.code !== '23514') throw error
  })
  const { rowCount } = await scene.pool.query('SELECT FROM workers WHERE id = $1', [scene.alice.id])
  if (rowCount === 0) scene.alice = await register(scene.pool, 'alice', scene.now)
  const { claim } = await readJob(scene.pool, scene.job.id)
  scene.job = { ...scene.job, claim, worker_id: scene.alice.id }
}

export async function look({ pool, job }: Pick<Scene, 'pool' | 'job'>): Promise<Seen> {
  return {
    row: await readJob(pool, job.id),
    attempts: await readAttempts(pool, job.id),
    pages: (await queue.storedPages(pool, job.id)).sort(),
  }
}

export type Explored = {
  changes: Change[]
  /** Every row that was seen, and a way to it. */
  rows: { row: DocumentProcessingJobs; path: Path }[]
}

/** Goes everywhere that calls lead to, from a job just made; two jobs are in the same place when nothing that matters differs. */
export async function exploreQueue(pool: Pool): Promise<Explored> {
  const changes: Change[] = []
  const rows: Explored['rows'] = []
  const places = new Set<string>()
  const paths: Path[] = []
  const arrive = (row: DocumentProcessingJobs, path: Path) => {
    rows.push({ row, path })
    if (places.has(placeOf(row))) return
    places.add(placeOf(row))
    paths.push(path)
  }
  arrive((await look(await replay(pool, []))).row, [])
  for (const path of paths) {
    let scene: Scene | undefined
    for (const one of CALLS) {
      scene ??= await replay(pool, path)
      const before = await look(scene)
      await perform(one, scene)
      const after = await look(scene)
      const changed = JSON.stringify(after) !== JSON.stringify(before)
      if (changed) {
        changes.push({ by: one.by, before, after, now: scene.now })
        arrive(after.row, [...path, one])
      }
      if (changed || one.by === 'enqueue') scene = undefined
    }
  }
  return { changes, rows }
}

const placeOf = (row: DocumentProcessingJobs) =>
  JSON.stringify([
    row.status,
    row.locked_by !== null,
    row.operation !== null,
    row.error_code,
    row.attempts,
    row.pages_done,
    row.pages_total,
  ])
