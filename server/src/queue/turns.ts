import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isConnectionError, type Pool } from '../db/client.ts'
import { type ClaimedJob, complete, fail, finishAndClaim, releaseForgotten } from './job-queue.ts'
import { persist } from './persist.ts'

export type TurnsOptions = {
  pool: Pool
  log: Logger
  /** Under which id jobs may be claimed now; null when none may be. */
  claimant: () => number | null
  /** How many more jobs may run. */
  freeSlots: () => number
  /** Jobs that run, by id. */
  running: () => number[]
  /** Aborted with a JobAborted when what this worker holds is lost, or has to be let go. */
  signal: () => AbortSignal
  onClaimed: (jobs: ClaimedJob[]) => void
  /** All that was due is claimed, and slots are left. */
  onSpare: () => void
}

/** More than this gains nothing; two turns of 250 under way drain twice as fast as one of 500 (one connection is one core). */
const LARGEST = 250
/** A second turn beside one under way pays only when it carries much; with ten slots it would halve what each carries. */
const WORTH_A_SECOND = 100
/** Each size is a statement prepared on each connection, so there are few. */
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 32, 48, 64, 100, 150, 200, LARGEST]
const RETRY_MS = 500
/** When all that was due is claimed, later jobs stand behind it, except for those whose transaction is open since before. In µs. */
const MARGIN = 60_000_000

/**
 * Writes what is completed and claims what is free, in one statement, a turn. A turn is sent when there is something to write or to fill
 * and none is under way: at once when idle, and carrying more the more there is to do.
 */
export function createTurns(options: TurnsOptions) {
  const { pool, log } = options
  const completed: ClaimedJob[] = []
  const beingWritten = new Set<ClaimedJob>()
  const underWay = new Set<Promise<void>>()
  /** Slots that turns under way may fill. */
  let asked = 0
  let scheduled = false
  /** Whether jobs may be due that no turn has looked for; and how often that was said. */
  let hungry = false
  let calls = 0
  /** Where to look in the fair order; see finishAndClaim. */
  let from = 0
  /** How often a job may have become ours without being known here; and how many of these doubts are settled. */
  let doubts = 0
  let epoch = 0

  // After what is going on now, so that all that completes together is written together.
  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const claimant = options.claimant()
      if (isForgetful() && claimant !== null && underWay.size === 0) begin(remember(claimant))
      while (isDue()) begin(takeTurn())
    })
  }

  function begin(turn: Promise<void>): void {
    underWay.add(turn)
    void turn.finally(() => {
      underWay.delete(turn)
      schedule()
    })
  }

  const isForgetful = () => epoch < doubts
  const claimable = () => (options.claimant() === null || isForgetful() ? 0 : options.freeSlots() - asked)

  const spareSlots = () => (hungry ? 0 : claimable())

  function isDue(): boolean {
    const most = Math.max(completed.length, hungry ? claimable() : 0)
    return underWay.size === 0 ? most > 0 : underWay.size === 1 && most >= WORTH_A_SECOND
  }

  async function takeTurn(): Promise<void> {
    const batch = completed.splice(0, LARGEST)
    const workerId = batch[0]?.worker_id ?? options.claimant()
    if (workerId === null) return
    let limit = workerId === options.claimant() ? sizeFor(claimable()) : 0
    const [wanted, callsBefore] = [limit, calls]
    asked += wanted
    for (const job of batch) beingWritten.add(job)
    const send = () =>
      finishAndClaim(pool, { id: workerId, epoch }, batch, limit, from).catch((error) => {
        // Claimed or not, nobody knows: what was is given back, and this turn claims no more.
        if (limit > 0) doubts += 1
        limit = 0
        throw error
      })
    try {
      const turn = await (batch.length > 0 ? persist(send, options.signal(), log) : send())
      for (const job of batch) tellEnd(job, !turn.stale.includes(job.id))
      if (limit > 0) {
        const full = turn.claimed.length === limit
        hungry = full || calls !== callsBefore
        if (calls === callsBefore) from = full ? Math.max(from, turn.from) : Math.max(0, turn.from - MARGIN)
      }
      asked -= wanted
      if (turn.claimed.length > 0) options.onClaimed(turn.claimed)
      if (spareSlots() > 0) options.onSpare()
    } catch (error) {
      asked -= wanted
      if (batch.length === 0) await rest('could not claim; trying again', error)
      else await writeSingly(batch, error)
    } finally {
      for (const job of batch) beingWritten.delete(job)
    }
  }

  function tellEnd(job: ClaimedJob, held: boolean): void {
    const about = { job_id: job.id, document_id: job.document_id, claim: job.claim, attempt: job.attempts }
    if (held) log.info(about, 'job completed')
    else log.info(about, 'the claim is stale: nothing was written, another worker has the job or it is gone')
  }

  /** A turn that the database refuses has a job that it refuses; the others are not to suffer from it. */
  async function writeSingly(batch: ClaimedJob[], error: unknown): Promise<void> {
    if (isConnectionError(error) || options.signal().aborted) return forget(error)
    for (const job of batch) {
      try {
        tellEnd(job, await persist(() => complete(pool, job), options.signal(), log))
      } catch (refusal) {
        log.error({ err: refusal, job_id: job.id }, 'the database refuses to complete the job')
        const failure = { code: 'internal_error', log: String(refusal), retryable: true, delayMs: RETRY_MS } as const
        await persist(() => fail(pool, job, failure), options.signal(), log).catch(forget)
      }
    }
  }

  function forget(error: unknown): void {
    doubts += 1
    log.error({ err: error }, 'how jobs ended could not be written; they are given back')
  }

  /** Gives back what a lost answer has left in this worker's name. Alone, so that nothing is claimed meanwhile. */
  async function remember(workerId: number): Promise<void> {
    const known = [...options.running(), ...completed.map((job) => job.id), ...[...beingWritten].map((job) => job.id)]
    const settling = doubts
    try {
      const jobs = await releaseForgotten(pool, { id: workerId, epoch: settling }, known)
      epoch = settling
      if (jobs > 0) log.warn({ jobs }, 'gave back jobs that this worker held without knowing it')
    } catch (error) {
      // Sent again under a number of its own: the one that was not answered may still arrive.
      doubts += 1
      await rest('could not look for jobs held without knowing; trying again', error)
    }
  }

  async function rest(message: string, error: unknown): Promise<void> {
    log.warn({ reason: (error as Error).message }, message)
    await delay(RETRY_MS)
  }

  return {
    /** The job is done; the next turn writes it. */
    complete(job: ClaimedJob): void {
      completed.push(job)
      schedule()
    },
    /** Jobs may be due: behind all that was claimed before, or anywhere. */
    look(where: 'behind' | 'anywhere'): void {
      calls += 1
      hungry = true
      if (where === 'anywhere') from = 0
      schedule()
    },
    /** A slot is free. */
    schedule,
    /** Slots that have nothing to do and that no claim asks for. */
    spareSlots,
    /** The worker may hold jobs that are not known here. */
    doubt(): void {
      doubts += 1
    },
    /** Resolves when nothing is under way and all is written that can be. */
    async settle(workerId: number | null): Promise<void> {
      while (underWay.size > 0 || completed.length > 0) {
        schedule()
        await Promise.all([...underWay, new Promise(setImmediate)])
      }
      if (isForgetful() && workerId !== null) await remember(workerId)
    },
  }
}

const sizeFor = (free: number) => SIZES.findLast((size) => size <= free) ?? 0
