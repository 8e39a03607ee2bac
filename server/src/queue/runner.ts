import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import { type ClaimedJob, claim, sweep } from './job-queue.ts'
import { openSession } from './worker-session.ts'

/** Why work on a job was broken off. `shutdown`: hand the job back. `lost`: it is somebody else's by now, touch nothing. */
export class JobAborted extends Error {
  override name = 'JobAborted'
  readonly reason: 'shutdown' | 'lost'

  constructor(reason: 'shutdown' | 'lost') {
    super(reason === 'shutdown' ? 'The worker is stopping.' : 'The worker no longer holds the job.')
    this.reason = reason
  }
}

export type RunnerOptions = {
  pool: Pool
  databaseUrl: string
  name: string
  version: string
  slots: number
  timeoutMs: number
  log: Logger
  /** Sees a claimed job to its end and writes how it ended. Aborted with a JobAborted. */
  handle: (job: ClaimedJob, signal: AbortSignal) => Promise<void>
}

export type Runner = {
  /** Claims no more, waits `graceMs` for what runs, aborts the rest so that it is given back, and leaves. */
  stop(graceMs: number): Promise<void>
}

const TICK_MS = 1_000

/** Claims jobs into free slots and runs them: at once when notified or when a slot frees, every second in any case. */
export function startRunner(options: RunnerOptions): Runner {
  const { pool, log, slots } = options
  const running = new Map<Promise<void>, AbortController>()
  let wake = Promise.withResolvers<void>()
  let stopping = false

  const nudge = () => wake.resolve()
  const abortAll = (reason: 'shutdown' | 'lost') => {
    for (const controller of running.values()) controller.abort(new JobAborted(reason))
  }
  const session = openSession({ ...options, onJobDue: nudge, onLost: () => abortAll('lost') })

  function start(job: ClaimedJob) {
    const controller = new AbortController()
    const work = options
      .handle(job, controller.signal)
      .catch((error) =>
        log.error({ err: error, job_id: job.id }, 'a job could not be seen to its end; it will be swept or run again'),
      )
      .finally(() => {
        running.delete(work)
        nudge()
      })
    running.set(work, controller)
  }

  async function fill(): Promise<void> {
    const worker = session.worker()
    const free = slots - running.size
    if (!worker || free < 1 || stopping) return
    for (const job of await claim(pool, worker, free)) {
      start(job)
      // Lost while the claim was under way: the job just started is not ours either.
      if (!session.isStill(worker.id)) abortAll('lost')
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      wake = Promise.withResolvers()
      await fill().catch((error) => log.warn({ err: error }, 'could not claim; trying again'))
      const tick = setTimeout(nudge, TICK_MS)
      await wake.promise
      clearTimeout(tick)
    }
  }

  const sweeping = setInterval(async () => {
    if (!session.worker()) return
    try {
      const lost = await sweep(pool, options.timeoutMs)
      if (lost.workers.length > 0) log.warn(lost, 'workers are gone; their jobs are due again')
    } catch (error) {
      log.warn({ err: error }, 'could not sweep; trying again')
    }
  }, TICK_MS)

  const looping = loop()
  return {
    async stop(graceMs) {
      stopping = true
      nudge()
      await looping
      const abort = setTimeout(() => abortAll('shutdown'), graceMs)
      await Promise.all(running.keys())
      clearTimeout(abort)
      clearInterval(sweeping)
      await session.close()
    },
  }
}
