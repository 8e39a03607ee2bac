import type { Pool } from '../db/client.ts'
import { createHelping, type Help } from './helping.ts'
import { isLost, JobAborted } from './job-aborted.ts'
import { type ClaimedJob, notHeld } from './job-queue.ts'
import { type Outcome, writeOutcome } from './outcome.ts'
import { persist } from './persist.ts'
import { startSweeping } from './sweeping.ts'
import { createTurns } from './turns.ts'
import { createWakeUps } from './wake-ups.ts'
import { openSession, type SessionOptions } from './worker-session.ts'

export type RunnerOptions = Omit<
  SessionOptions,
  'running' | 'onJobDue' | 'onJobCanceled' | 'onPagesOffered' | 'onConnected' | 'onLost'
> & {
  pool: Pool
  /**
   * Sees a claimed job through and says how it came out; the runner writes that. Aborted with a JobAborted. It may call `onEnding` when it
   * needs its slot for some milliseconds more: the next job is claimed and gets ready meanwhile.
   */
  handle: (job: ClaimedJob, signal: AbortSignal, onEnding: () => void) => Promise<Outcome>
  /** Reads pages of jobs that others hold, while there is nothing else to do. Without it nobody is helped. */
  help?: Help
}

export type Runner = {
  /** Claims no more, waits `graceMs` for what runs, aborts the rest so that it is given back, and leaves. */
  stop(graceMs: number): Promise<void>
}

/**
 * For the connections of a worker's pool. Its statements are the same for years, and a claim of one job was planned anew each time, 0.28
 * of 0.73 ms: PostgreSQL takes the arrays for ten long where it does not look, and so a plan for all for dearer than a plan for each.
 */
export const WORKER_SETTINGS = { plan_cache_mode: 'force_generic_plan' }

type Running = { job: ClaimedJob; controller: AbortController; work: Promise<void> }

const TICK_MS = 1_000
/** Until a job whose handler has thrown is tried again. */
const FAULT_DELAY_MS = 10_000

/** Claims jobs into free slots and runs them: at once when notified or when a slot frees, every second in any case. */
export function startRunner(options: RunnerOptions): Runner {
  const { pool, log, slots } = options
  const running = new Set<Running>()
  /** Those of them whose slot may be taken by another one; no more than there are slots, or they would pile up before a slow database. */
  const ending = new Set<Running>()
  const newest = new Map<ClaimedJob['id'], Running>()
  let holding = new AbortController()
  let stopping = false

  const takenSlots = () => running.size - Math.min(ending.size, slots) + helping.size()
  const claimant = () => (stopping ? null : (session.worker()?.id ?? null))
  const turns = createTurns({
    pool,
    log,
    claimant,
    freeSlots: () => slots - takenSlots(),
    running: () => [...running].map(({ job }) => job.id),
    signal: () => holding.signal,
    onClaimed(jobs) {
      jobs.forEach(start)
      // Lost while the claim was under way: these are not ours either.
      abort('lost', ({ job }) => !session.isStill(job.worker_id))
    },
    onSpare: () => helping.look(),
  })
  const helping = createHelping({
    pool,
    log,
    help: options.help,
    taker: claimant,
    spareSlots: turns.spareSlots,
    onFree: turns.schedule,
  })
  const sweeping = startSweeping(pool, options.timeoutMs, log, () => session.worker() !== null)
  const session = openSession({
    ...options,
    running: takenSlots,
    onJobDue: turns.look,
    onJobCanceled(id) {
      abort('lost', ({ job }) => job.id === id)
      helping.abortJob(id)
    },
    onPagesOffered: helping.offer,
    onConnected,
    onLost: lose,
  })
  // Looked for every second in any case; a provider's turn and its result are worth not waiting for that.
  const wakeUps = createWakeUps(() => turns.look('anywhere'))
  const tick = setInterval(() => {
    turns.look('anywhere')
    void dropLost()
    void helping.dropLost()
  }, TICK_MS)

  function onConnected(): void {
    // Answers under way when the connection broke may be lost, and so may notifications.
    turns.doubt()
    helping.offer()
    turns.look('anywhere')
    void dropLost()
    // Who starts in the place of one that was killed does not wait for the next second to look for it.
    void sweeping.look()
  }

  function start(job: ClaimedJob): void {
    const one: Running = { job, controller: new AbortController(), work: Promise.resolve() }
    // Claimed again while it runs: the database has crashed and forgotten the claim before, and that one's fence would be the same.
    newest.get(job.id)?.controller.abort(new JobAborted('lost'))
    newest.set(job.id, one)
    running.add(one)
    one.work = run(one)
  }

  async function run(one: Running): Promise<void> {
    const { job, controller } = one
    const { signal } = controller
    const onEnding = () => {
      if (!running.has(one)) return
      ending.add(one)
      turns.schedule()
    }
    let outcome: Outcome
    try {
      outcome = await options.handle(job, signal, onEnding)
    } catch (error) {
      outcome = asFailure(error)
    }
    try {
      if (isLost(signal)) return
      if (outcome.kind === 'completed') return turns.complete(job)
      const { held, dueAt } = await persist(() => writeOutcome(pool, job, outcome), signal, log)
      if (dueAt) wakeUps.add(dueAt)
      if (!held) log.info({ job_id: job.id, claim: job.claim }, 'the claim is stale: nothing was written')
    } catch (error) {
      if (isLost(signal)) return
      log.error({ err: error, job_id: job.id }, 'how a job ended could not be written; it is given back')
      turns.doubt()
    } finally {
      running.delete(one)
      ending.delete(one)
      if (newest.get(job.id) === one) newest.delete(job.id)
      turns.schedule()
    }
  }

  function abort(reason: 'shutdown' | 'lost', which: (one: Running) => boolean = () => true): void {
    for (const one of running) if (which(one)) one.controller.abort(new JobAborted(reason))
  }

  function lose(): void {
    abort('lost')
    helping.abort('lost')
    holding.abort(new JobAborted('lost'))
    holding = new AbortController()
  }

  /** Breaks off what was canceled, deleted or taken without this worker being told. */
  async function dropLost(): Promise<void> {
    const workerId = session.worker()?.id
    const mine = [...running].filter(({ job, controller }) => job.worker_id === workerId && !controller.signal.aborted)
    if (workerId === undefined || mine.length === 0) return
    const gone = await notHeld(
      pool,
      workerId,
      mine.map(({ job }) => job.id),
    ).catch((): number[] => [])
    abort('lost', (one) => mine.includes(one) && gone.includes(one.job.id))
  }

  return {
    async stop(graceMs) {
      stopping = true
      clearInterval(tick)
      wakeUps.stop()
      const late = setTimeout(() => {
        abort('shutdown')
        helping.abort('shutdown')
        holding.abort(new JobAborted('shutdown'))
      }, graceMs)
      while (running.size > 0) await Promise.all([...running].map(({ work }) => work))
      await helping.settle()
      await turns.settle(session.worker()?.id ?? null)
      clearTimeout(late)
      sweeping.stop()
      await session.close()
    },
  }
}

/** A handler says how a job came out, errors included. One that throws instead has a fault of its own. */
function asFailure(error: unknown): Outcome {
  if (error instanceof JobAborted) return { kind: 'released' }
  const log = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: 'failed', failure: { code: 'internal_error', log, retryable: true, delayMs: FAULT_DELAY_MS } }
}
