import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import { isLost, JobAborted } from './job-aborted.ts'
import { notHeld } from './job-queue.ts'
import { persist } from './persist.ts'
import { giveBackPage, type HelpersTurn, type PageReader, type TakenPage, takePage } from './shared-pages.ts'

/**
 * Reads pages of a job that another slot, of this worker or of another one, holds: `first`, and then what `next` gives, until that is null.
 * Throws when it cannot read a page: the holder reads it then.
 */
export type Help = (
  reader: PageReader,
  first: TakenPage,
  next: () => Promise<TakenPage | null>,
  signal: AbortSignal,
) => Promise<void>

export type HelpingOptions = {
  pool: Pool
  log: Logger
  help: Help | undefined
  /** Under which id pages may be taken now; null when none may be. */
  taker: () => number | null
  /** How many slots have nothing to do and are asked for by no claim. */
  spareSlots: () => number
  /** A slot is free again. */
  onFree: () => void
}

/** Until a worker that could not read a page takes another: its storage may be away, and each page it fails at is the holder's alone then. */
const REST_MS = 10_000

type Helper = { first: TakenPage; controller: AbortController; work: Promise<void> }

/** Lends slots that have nothing to do to the jobs of others, a page at a time. */
export function createHelping(options: HelpingOptions) {
  const { pool, log } = options
  const helpers = new Set<Helper>()
  let underWay: Promise<void> | null = null
  let asking = new AbortController()
  /** Whether pages may be shared that nobody here has looked for. */
  let offered = true
  let restUntil = 0

  function look(): void {
    if (!options.help || !offered || underWay || performance.now() < restUntil) return
    const workerId = options.taker()
    if (workerId === null || options.spareSlots() < 1) return
    asking = new AbortController()
    underWay = begin(options.help, workerId, asking.signal).finally(() => {
      underWay = null
      options.onFree()
    })
  }

  async function begin(help: Help, workerId: number, signal: AbortSignal): Promise<void> {
    const reader = { id: randomUUID(), workerId }
    offered = false
    let turn: HelpersTurn
    try {
      turn = await takePage(pool, reader)
    } catch (error) {
      // Taken or not, nobody knows: as long as this worker lives, the page would be nobody's.
      log.warn({ reason: (error as Error).message }, 'could not look for shared pages; trying again')
      offered = true
      restUntil = performance.now() + REST_MS
      return giveBack(null, reader.id, false, signal)
    }
    offered ||= turn.mayComeLater
    if (!turn.page) return
    if (signal.aborted) return giveBack(turn.page.id, reader.id, false, signal)
    const helper: Helper = { first: turn.page, controller: new AbortController(), work: Promise.resolve() }
    helpers.add(helper)
    helper.work = run(help, helper, reader)
  }

  async function run(help: Help, helper: Helper, reader: PageReader): Promise<void> {
    const { first, controller } = helper
    const { signal } = controller
    const about = { job_id: first.id, document_id: first.document_id, claim: first.claim }
    let failed = false
    const next = async () => {
      if (options.taker() !== reader.workerId) return null
      return (await persist(() => takePage(pool, reader, first.id), signal, log)).page
    }
    try {
      log.debug(about, 'helping with the pages of a job')
      await help(reader, first, next, signal)
    } catch (error) {
      failed = !signal.aborted && !(error instanceof JobAborted)
      if (failed)
        log.warn({ ...about, err: error }, 'a shared page could not be read here; the holder of the job reads it')
      if (failed) restUntil = performance.now() + REST_MS
    }
    await giveBack(first.id, reader.id, failed, signal)
    helpers.delete(helper)
    options.onFree()
  }

  /** What is lost is given back by that. */
  async function giveBack(jobId: number | null, readerId: string, failed: boolean, signal: AbortSignal): Promise<void> {
    if (isLost(signal)) return
    await persist(() => giveBackPage(pool, jobId, readerId, failed), signal, log).catch((error) =>
      log.warn({ reason: (error as Error).message }, 'a shared page could not be given back'),
    )
  }

  function abort(reason: 'shutdown' | 'lost', which: (helper: Helper) => boolean): void {
    for (const helper of helpers) if (which(helper)) helper.controller.abort(new JobAborted(reason))
  }

  function abortAll(reason: 'shutdown' | 'lost'): void {
    asking.abort(new JobAborted(reason))
    abort(reason, () => true)
  }

  return {
    /** How many slots help, or may in a moment. */
    size: () => helpers.size + (underWay ? 1 : 0),
    /** Pages are offered, or may have been. */
    offer(): void {
      offered = true
      look()
    },
    /** A slot may have nothing to do. */
    look,
    /** Breaks off all help: pages are given back, or lost with all that this worker had. */
    abort: abortAll,
    /** Breaks off the help with a job that was canceled. */
    abortJob: (jobId: number) => abort('lost', ({ first }) => first.id === jobId),
    /** Breaks off what is read for nobody: the job's holder has ended or lost it, and nobody was told. */
    async dropLost(): Promise<void> {
      for (const helper of [...helpers]) {
        const { id, worker_id } = helper.first
        const gone = await notHeld(pool, worker_id, [id]).catch(() => [])
        if (gone.length > 0) abort('lost', (one) => one === helper)
      }
    },
    /** Resolves when nobody helps any more. */
    async settle(): Promise<void> {
      while (underWay || helpers.size > 0) await Promise.all([underWay, ...[...helpers].map(({ work }) => work)])
    },
  }
}
