import type { JobPriority } from '@adp/contract/job.ts'
import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { enqueue } from '../../src/queue/enqueue.ts'
import * as queue from '../../src/queue/job-queue.ts'
import { pauseQueue, resumeQueue } from '../../src/queue/pause.ts'
import * as provider from '../../src/queue/provider.ts'
import { makePage } from '../jobs.ts'
import * as model from './model.ts'
import * as modelProvider from './provider.ts'
import { aClaim, aWorker, both, claimOf, sorted, step, type World, workerOf, write } from './world.ts'

/** What can happen to jobs. */

const aDelay = fc.constantFrom(0, 1, 3_000, 20_000)
const anOddCase = fc.nat(7).map((n) => n === 0)
const aPage = fc.integer({ min: 1, max: 3 })
const nothing = fc.constant(null)

/** Order says nothing in these. */
const inOrder = ({ claimed, stale, from }: queue.Turn): queue.Turn => ({
  claimed: claimed.toSorted((a, b) => a.id - b.id),
  stale: sorted(stale),
  from,
})

const recordPagesTotal = ({ pool, model: m }: World, job: queue.ClaimedJob, pages: number) =>
  both(queue.recordPagesTotal(pool, job, pages, 'local', m.now), () => model.recordPagesTotal(m, job, pages))
const storePage = ({ pool, model: m }: World, job: queue.ClaimedJob, page: number) =>
  both(queue.storePage(pool, job, makePage(page), m.now), () => model.storePage(m, job, page))

const someJobs = fc.record({
  jobs: fc.integer({ min: 1, max: 3 }),
  submitter: fc.constantFrom('', 'ann', 'ben'),
  priority: fc.constantFrom<JobPriority>('high', 'normal', 'low'),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  /** Whether one is for a document that has jobs. */
  again: fc.boolean(),
})

export const enqueueSome = step('enqueue', 5, someJobs, async (world, { jobs, again, ...options }) => {
  const { pool, model: m } = world
  const documentIds = Array.from({ length: jobs }, () => uuidv7())
  const known = world.documents.at(-1)
  if (again && known) documentIds[0] = known
  const { rows: before } = await pool.query('SELECT coalesce(max(id), 0) AS last FROM document_processing_jobs')
  await pool.query(
    `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key)
     SELECT id, 'a.pdf', 'application/pdf', 1, repeat('0', 64), id::text FROM unnest($1::uuid[]) AS made (id) ON CONFLICT DO NOTHING`,
    [documentIds],
  )
  await enqueue(pool, { documentIds, ...options }, m.now)
  const { rows: made } = await pool.query(
    'SELECT id, document_id FROM document_processing_jobs WHERE id > $1 ORDER BY id',
    [before[0].last],
  )
  model.enqueue(m, made, options)
  world.documents.push(...documentIds)
  return { real: made.map((job) => job.document_id), predicted: documentIds }
})

const aTurn = fc.record({
  worker: aWorker,
  /** Claims to complete, whatever their state, and whether all of this worker's that can be completed are among them. */
  done: fc.array(aClaim, { maxLength: 3 }),
  whole: fc.boolean(),
  limit: fc.nat(4),
  /** Whether it goes on where the last one ended. */
  on: fc.boolean(),
  /** Whether it was sent before the worker looked for what it holds without knowing, and arrives after. */
  late: anOddCase,
})

export const turn = step('turn', 16, aTurn, async (world, { worker, done, whole, limit, on, late }) => {
  const { pool, model: m } = world
  const { id } = workerOf(world, worker)
  const fences = new Set(done.flatMap((n) => claimOf(world, n) ?? []))
  for (const claim of world.claims) if (whole && model.isWhole(m, claim) && claim.worker_id === id) fences.add(claim)
  const from = on ? (world.from[worker] ?? 0) : 0
  const claimant = { id, epoch: (world.epochs[worker] ?? 0) - (late ? 1 : 0) }
  const answers = await both(queue.finishAndClaim(pool, claimant, [...fences], limit, from, m.now).then(inOrder), () =>
    inOrder(model.finishAndClaim(m, claimant, [...fences], limit, from)),
  )
  if (answers.real && typeof answers.real === 'object' && 'claimed' in answers.real) {
    const taken = answers.real as queue.Turn
    world.claims.push(...taken.claimed)
    world.from[worker] = taken.from
  }
  return answers
})

/** Reads a claim's document, and those that its worker has claimed last. */
const readAll = write('read all', 8, fc.integer({ min: 1, max: 2 }), async (world, job, pages) => {
  const answers = []
  const others = world.claims.filter(({ worker_id }) => worker_id === job.worker_id).slice(-2)
  for (const one of new Set([job, ...others])) {
    answers.push(await recordPagesTotal(world, one, pages))
    for (let page = 1; page <= pages; page += 1) answers.push(await storePage(world, one, page))
  }
  return { real: answers.map(({ real }) => real), predicted: answers.map(({ predicted }) => predicted) }
})

const complete = write('complete', 4, nothing, ({ pool, model: m }, job) =>
  both(
    queue.complete(pool, job, m.now),
    () => model.finishAndClaim(m, { id: job.worker_id, epoch: 0 }, [job], 0, 0).stale.length === 0,
  ),
)

const aFailure = fc.record({ retryable: fc.boolean(), delayMs: aDelay })

const fail = write('fail', 4, aFailure, ({ pool, model: m }, job, how) => {
  const failure = { code: 'parser_crashed', log: 'it died', ...how } as const
  return both(queue.fail(pool, job, failure, m.now), () => model.fail(m, job, failure))
})

const wait = write('wait', 4, aDelay, ({ pool, model: m }, job, ms) => {
  const [operation, pollAt] = [`https://op/${job.claim}`, model.later(m.now, ms)]
  return both(provider.waitForProvider(pool, job, operation, pollAt, m.now), () =>
    modelProvider.waitForProvider(m, job, operation, pollAt),
  )
})

const note = write('note operation', 1, nothing, ({ pool, model: m }, job) => {
  const operation = `https://op/${job.claim}`
  return both(provider.recordOperation(pool, job, operation, m.now), () =>
    modelProvider.recordOperation(m, job, operation),
  )
})

const aPostponement = fc.record({
  ms: aDelay,
  spacingMs: fc.constantFrom(0, 1, 500),
  code: fc.constantFrom('provider_throttled' as const, 'quota_exceeded' as const),
})

const postpone = write('postpone', 3, aPostponement, ({ pool, model: m }, job, { ms, ...how }) => {
  const why = { ...how, until: model.later(m.now, ms), log: 'not now' }
  return both(provider.postpone(pool, job, why, m.now), () => modelProvider.postpone(m, job, why))
})

const release = write('release', 2, nothing, ({ pool, model: m }, job) =>
  both(queue.release(pool, job, m.now), () => model.release(m, job)),
)

const aMemory = fc.record({ worker: aWorker, known: fc.array(aClaim, { maxLength: 3 }), late: anOddCase })

const forget = step('forget', 2, aMemory, (world, { worker, known, late }) => {
  const { pool, model: m } = world
  const { id } = workerOf(world, worker)
  const ids = known.flatMap((n) => claimOf(world, n)?.id ?? [])
  const epoch = (world.epochs[worker] ?? 0) + (late ? 0 : 1)
  world.epochs[worker] = epoch
  const claimant = { id, epoch }
  return both(queue.releaseForgotten(pool, claimant, ids, m.now), () => model.releaseForgotten(m, claimant, ids))
})

const cancel = step('cancel', 2, fc.nat(5), async ({ pool, documents, model: m }, n) => {
  const id = documents.at(-1 - n)
  return id ? both(queue.cancel(pool, id, 'enough', m.now), () => model.cancel(m, id, 'enough')) : undefined
})

const deleteDocument = step('delete', 1, fc.nat(5), async ({ pool, documents, model: m }, n) => {
  const id = documents.at(-1 - n)
  await pool.query('DELETE FROM documents WHERE id = $1', [id])
  if (id) model.deleteDocument(m, id)
  return undefined
})

const lookUp = write('look up', 1, nothing, ({ pool, claims, model: m }, job) => {
  const ids = claims.map((one) => one.id)
  const real = Promise.all([queue.notHeld(pool, job.worker_id, ids), queue.storedPages(pool, job.id)])
  return both(real.then(inOrderEach), () =>
    inOrderEach([model.notHeld(m, job.worker_id, ids), model.storedPages(m, job.id)]),
  )
})
const inOrderEach = (lists: number[][]) => lists.map(sorted)

const pause = step('pause', 1, nothing, async ({ pool, model: m }) => {
  await pauseQueue(pool, 'a test', m.now)
  m.paused = true
  return undefined
})

const resume = step('resume', 2, nothing, async ({ pool, model: m }) => {
  await resumeQueue(pool)
  m.paused = false
  return undefined
})

export const jobSteps = [
  ...[enqueueSome, turn, readAll, complete, fail, wait, note, postpone, release, forget],
  write('total', 2, aPage, recordPagesTotal),
  write('page', 2, aPage, storePage),
  ...[cancel, deleteDocument, lookUp, pause, resume],
]
