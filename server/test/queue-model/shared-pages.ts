import fc from 'fast-check'
import type SharedPages from '../../src/db/generated/public/SharedPages.ts'
import * as queue from '../../src/queue/shared-pages.ts'
import { makePage } from '../jobs.ts'
import { change, type Fence, heldBy, isReady, type Model, storePage, workerOf as workerIn } from './model.ts'
import { aWorker, both, step, workerOf, write } from './world.ts'

/** The part of the model that shares pages, and what can happen to them. */

const byPage = (a: SharedPages, b: SharedPages) => a.page_number - b.page_number
const isFree = (model: Model, page: SharedPages, reader: string) =>
  page.taken_by === null || page.reader === reader || !workerIn(model, page.taken_by)

function offerPages(model: Model, fence: Fence, pages: number[]): boolean {
  const job = heldBy(model, fence)
  const has = (rows: { job_id: number; page_number: number }[], page: number) =>
    rows.some((row) => row.job_id === job?.id && row.page_number === page)
  for (const page_number of job ? pages : [])
    if (job && !has(model.pages, page_number) && !has(model.shared, page_number))
      model.shared.push({ job_id: job.id, page_number, taken_by: null, reader: null, holder_only: false })
  return job !== undefined
}

function takeOwnPage(model: Model, fence: Fence, reader: string): queue.OwnTurn | null {
  const job = heldBy(model, fence)
  if (!job) return null
  const left = model.shared.filter((page) => page.job_id === job.id)
  const [page] = left
    .filter((one) => isFree(model, one, reader))
    .sort((a, b) => Number(a.holder_only) - Number(b.holder_only) || byPage(a, b))
  if (page) Object.assign(page, { taken_by: fence.worker_id, reader })
  return { page: page?.page_number ?? null, left: left.length }
}

function takePage(model: Model, reader: queue.PageReader): queue.HelpersTurn {
  const isDue = model.jobs.some(
    (job) => isReady(job) && job.due_at <= model.now && (!model.paused || job.priority === 0),
  )
  const jobOf = (page: SharedPages) => model.jobs.find((job) => job.id === page.job_id)
  const [page] = model.shared
    .filter((one) => !one.holder_only && jobOf(one)?.locked_by && isFree(model, one, reader.id))
    .sort((a, b) => (jobOf(a)?.priority ?? 0) - (jobOf(b)?.priority ?? 0) || a.job_id - b.job_id || byPage(a, b))
  const job = page && jobOf(page)
  if (!page || !job?.locked_by || isDue || !workerIn(model, reader.workerId))
    return { page: null, mayComeLater: model.shared.some((one) => jobOf(one)?.locked_by) }
  Object.assign(page, { taken_by: reader.workerId, reader: reader.id })
  const { id, claim, document_id, locked_by } = job
  return { page: { id, claim, worker_id: locked_by, document_id, page_number: page.page_number }, mayComeLater: true }
}

function storeSharedPage(model: Model, fence: Fence, workerId: number, page: number): boolean {
  const job = heldBy(model, fence)
  if (!job || !workerIn(model, workerId)) return false
  storePage(model, fence, page)
  model.shared = model.shared.filter((one) => one.job_id !== job.id || one.page_number !== page)
  change(model, job, {})
  return true
}

function giveBackPage(model: Model, jobId: number, reader: string, failed: boolean): void {
  for (const page of model.shared)
    if (page.job_id === jobId && page.reader === reader)
      Object.assign(page, { taken_by: null, reader: null, holder_only: failed })
}

const READERS = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`)
const aReader = fc.constantFrom(...READERS)
const aPage = fc.integer({ min: 1, max: 2 })

const offer = write('offer', 4, fc.array(aPage, { minLength: 1, maxLength: 2 }), ({ pool, model }, job, pages) =>
  both(queue.offerPages(pool, job, pages), () => offerPages(model, job, pages)),
)

const takeOwn = write('take own', 3, aReader, ({ pool, model }, job, reader) =>
  both(queue.takeOwnPage(pool, job, reader), () => takeOwnPage(model, job, reader)),
)

const help = step('help', 4, fc.record({ worker: aWorker, id: aReader }), (world, { worker, id }) => {
  const { pool, model } = world
  const reader = { id, workerId: workerOf(world, worker).id }
  return both(queue.takePage(pool, reader, null, model.now), () => takePage(model, reader))
})

const store = write('store shared', 4, fc.record({ worker: aWorker, page: aPage }), (world, job, { worker, page }) => {
  const { pool, model } = world
  const { id } = workerOf(world, worker)
  return both(queue.storeSharedPage(pool, job, id, makePage(page), model.now), () =>
    storeSharedPage(model, job, id, page),
  )
})

const giveBack = write(
  'give back',
  2,
  fc.record({ reader: aReader, failed: fc.boolean() }),
  ({ pool, model }, job, { reader, failed }) =>
    both(queue.giveBackPage(pool, job.id, reader, failed), () => giveBackPage(model, job.id, reader, failed)),
)

export const sharingSteps = [offer, takeOwn, help, store, giveBack]
