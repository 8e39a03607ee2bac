import { backInLine, endAttempt, later, type Model, type ModelWorker, retryOrFail, workerOf } from './model.ts'

/** The model's workers: who beats, who seems to be gone, and what becomes of their jobs. */

export function beat(model: Model, workerId: number, running: number): boolean {
  const worker = workerOf(model, workerId)
  if (worker) Object.assign(worker, { beat_at: model.now, running })
  return worker !== undefined
}

export function unregisterWorker(model: Model, workerId: number): void {
  if (!model.jobs.some((job) => job.locked_by === workerId)) removeWorker(model, workerId)
}
const removeWorker = (model: Model, id: number) => {
  model.workers = model.workers.filter((worker) => worker.id !== id)
}

const isSilent = (model: Model, worker: ModelWorker, timeoutMs: number) => worker.beat_at < later(model.now, -timeoutMs)

/** The first half of a sweep: whom it suspects, and who seems to be gone. */
export function lookForDead(model: Model, timeoutMs: number, suspected: ReadonlySet<number>) {
  const found = model.workers.filter((worker) => isSilent(model, worker, timeoutMs) || !worker.locked)
  const gone = found.filter((worker) => isSilent(model, worker, timeoutMs) || suspected.has(worker.id))
  return { suspects: new Set(found.map(({ id }) => id)), gone: gone.map(({ id }) => id) }
}

/** The second half: who is gone still loses everything. */
export function takeJobsFrom(model: Model, ids: number[], timeoutMs: number): { workers: string[]; jobs: number } {
  const gone = model.workers.filter(
    (worker) => ids.includes(worker.id) && (isSilent(model, worker, timeoutMs) || !worker.locked),
  )
  const lost = model.jobs.filter((job) => gone.some(({ id }) => id === job.locked_by))
  const places = lost.map((job) => backInLine(model, job))
  lost.forEach((job, n) => {
    const name = workerOf(model, job.locked_by)?.name
    const log = `Worker ${name} was lost during attempt ${job.attempts} of ${job.max_attempts}.`
    const error = { code: 'worker_lost', log }
    endAttempt(model, job, 'WORKER_LOST', error)
    retryOrFail(model, job, true, model.now, error, places[n] ?? job.priority)
  })
  for (const { id } of gone) removeWorker(model, id)
  return { workers: gone.map(({ name }) => name), jobs: lost.length }
}
