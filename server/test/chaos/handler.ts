import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Pool } from '../../src/db/client.ts'
import { JobAborted } from '../../src/queue/job-aborted.ts'
import * as queue from '../../src/queue/job-queue.ts'
import type { Outcome } from '../../src/queue/outcome.ts'
import { persist } from '../../src/queue/persist.ts'
import { makePage } from '../jobs.ts'
import type { LogLine } from './evidence.ts'
import { type Behaviour, planClaim, planPages } from './plan.ts'

type Note = Omit<LogLine, 'at' | 'worker'>

/** Writes a line to the worker's own log, before anything else happens. */
export type WriteDown = (line: Note) => void

export type HandlerDeps = { pool: Pool; log: Logger; writeDown: WriteDown; worker: string; seed: number }

/**
 * Does with a claim what the seed says, as processDocument does with a document: page by page, skipping what earlier attempts have
 * stored, each write sent until it is answered, and nothing more once the signal says so.
 */
export async function handle(deps: HandlerDeps, job: queue.ClaimedJob, signal: AbortSignal): Promise<Outcome> {
  const behaviour = planClaim(deps.seed, job.id, job.claim)
  const of = { job: job.id, claim: job.claim }
  try {
    deps.writeDown({ event: 'claimed', ...of })
    await storePages(deps, job, behaviour, signal)
  } catch (error) {
    if (error instanceof JobAborted || signal.reason instanceof JobAborted) return { kind: 'released' }
    throw error
  }
  // What is written down happens: a fault of the handler stays one, whether its worker is to stop by then or not.
  deps.writeDown({ event: 'ending', ...of, ending: behaviour.ending })
  return outcomeOf(behaviour, job)
}

async function storePages(deps: HandlerDeps, job: queue.ClaimedJob, behaviour: Behaviour, signal: AbortSignal) {
  const { pool, log, writeDown, worker, seed } = deps
  const { pausesMs, longMs, deaf, ending } = behaviour
  const pages = planPages(seed, job.id)
  const of = { job: job.id, claim: job.claim }
  const listen = () => {
    if (!deaf) signal.throwIfAborted()
  }
  const pause = (ms: number) => (deaf ? delay(ms) : delay(ms, undefined, { signal }))
  const whileHeld = async (note: Pick<Note, 'event' | 'page'>, send: () => Promise<boolean>) => {
    listen()
    const held = await persist(send, signal, log)
    writeDown({ ...note, ...of, held })
    if (!held) throw new JobAborted('lost')
  }

  await whileHeld({ event: 'opened', page: pages }, () => queue.recordPagesTotal(pool, job, pages, 'chaos'))
  const stored = new Set(await persist(() => queue.storedPages(pool, job.id), signal, log))
  const by = JSON.stringify({ ...of, workerId: job.worker_id, worker, pid: process.pid })
  await pause(longMs)
  // What does not end well ends somewhere before its last page.
  const last = ending === 'completed' ? pages : pages - 1
  for (let page = 1; page <= last; page += 1) {
    if (stored.has(page)) continue
    await pause(pausesMs[page] ?? 0)
    await whileHeld({ event: 'page', page }, () => queue.storePage(pool, job, makePage(page, by)))
  }
  await pause(pausesMs[0] ?? 0)
  listen()
}

function outcomeOf({ ending, laterMs }: Behaviour, job: queue.ClaimedJob): Outcome {
  switch (ending) {
    case 'completed':
      return { kind: 'completed' }
    case 'wait':
      return { kind: 'wait', operation: `${job.id}/${job.claim}`, pollAt: new Date(Date.now() + laterMs) }
    case 'crash':
      throw new Error('the handler has a fault')
    default: {
      const retryable = ending === 'retryable'
      return { kind: 'failed', failure: { code: 'parser_crashed', log: ending, retryable, delayMs: laterMs } }
    }
  }
}
