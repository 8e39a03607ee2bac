import type { Pool } from '../db/client.ts'
import { type ClaimedJob, claim, releaseForgotten } from './job-queue.ts'
import { sweep } from './liveness.ts'
import { openSession, type SessionOptions } from './worker-session.ts'

/** Why work on a job was broken off. `shutdown`: hand the job back. `lost`: it is somebody else's by now, touch nothing. */
export class JobAborted extends Error {
  override name = 'JobAborted'
  readonly reason: 'shutdown' | 'lost'

  constructor(reason: 'shutdown' | 'lost') {
    super(reason === 'shutdown' ? 'The worker is stopping.' : 'The worker no longer holds the job.')
    this.reason = reason
  }
}

export type RunnerOptions = Omit<SessionOptions, 'onJobDue' | 'onConnected' | 'onLost'> & {
  pool: Pool
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
  const running = new Map<number, { work: Promise<void>; controller: AbortController }>()
  let wake = Promise.withResolvers<void>()
  let stopping = false
  /** Whether a job may be ours without being in `running`. */
  let forgetful = false

  const nudge = () => wake.resolve()
  const abortAll = (reason: 'shutdown' | 'lost') => {
    for (const { controller } of running.values()) controller.abort(new JobAborted(reason))
  }
  const sweeping = startSweeping(options, () => session.worker() !== null)
  const onConnected = () => {
    forgetful = true
    nudge()
    // Who starts in the place of one that was killed does not wait for the next second to look for it.
    void sweeping.look()
  }
  const session = openSession({ ...options, onJobDue: nudge, onConnected, onLost: () => abortAll('lost') })

  function start(job: ClaimedJob) {
    const controller = new AbortController()
    const work = options
      .handle(job, controller.signal)
      .catch((error) => {
        forgetful = true
        log.error({ err: error, job_id: job.id }, 'how a job ended could not be written; it is given back')
      })
      .finally(() => {
        running.delete(job.id)
        nudge()
      })
    running.set(job.id, { work, controller })
  }

  async function remember(workerId: number): Promise<void> {
    if (!forgetful) return
    forgetful = false
    try {
      const jobs = await releaseForgotten(pool, workerId, [...running.keys()])
      if (jobs > 0) log.warn({ jobs }, 'gave back jobs that this worker held without knowing it')
    } catch (error) {
      forgetful = true
      throw error
    }
  }

  async function fill(): Promise<void> {
    const worker = session.worker()
    if (!worker || stopping) return
    await remember(worker.id)
    const free = slots - running.size
    if (free < 1) return
    const claimed = await claim(pool, worker, free).catch((error) => {
      forgetful = true
      throw error
    })
    claimed.forEach(start)
    // Lost while the claim was under way: the jobs just started are not ours either.
    if (!session.isStill(worker.id)) abortAll('lost')
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      wake = Promise.withResolvers()
      await fill().catch((error) => log.warn({ reason: error.message }, 'could not claim; trying again'))
      const tick = setTimeout(nudge, TICK_MS)
      await wake.promise
      clearTimeout(tick)
    }
  }

  const looping = loop()
  return {
    async stop(graceMs) {
      stopping = true
      nudge()
      await looping
      const abort = setTimeout(() => abortAll('shutdown'), graceMs)
      await Promise.all([...running.values()].map(({ work }) => work))
      clearTimeout(abort)
      sweeping.stop()
      const worker = session.worker()
      if (worker)
        await remember(worker.id).catch((error) => log.warn({ reason: error.message }, 'jobs are left to the sweep'))
      await session.close()
    },
  }
}

/** Looks for workers that are gone, once a second, one look at a time. */
function startSweeping({ pool, timeoutMs, log }: RunnerOptions, mayBegin: () => boolean) {
  let suspects: ReadonlySet<number> = new Set()
  let underWay = false
  let lastLook = Number.NEGATIVE_INFINITY
  async function look(): Promise<void> {
    // Between two looks a worker whose connection was cut must have time to connect again.
    if (underWay || !mayBegin() || performance.now() - lastLook < TICK_MS * 0.9) return
    underWay = true
    lastLook = performance.now()
    try {
      const { workers, jobs, suspects: next } = await sweep(pool, timeoutMs, suspects)
      suspects = next
      if (workers.length > 0) log.warn({ workers, jobs }, 'workers are gone; their jobs are due again')
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'could not sweep; trying again')
    } finally {
      underWay = false
    }
  }
  const timer = setInterval(look, TICK_MS)
  return { look, stop: () => clearInterval(timer) }
}
