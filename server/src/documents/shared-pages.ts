import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import { type ExtractedPage, ExtractionError, type PageShares } from '../extraction/extractor.ts'
import { JobAborted } from '../queue/job-aborted.ts'
import type { ClaimedJob } from '../queue/job-queue.ts'
import type { Save } from '../queue/persist.ts'
import * as shared from '../queue/shared-pages.ts'
import { type Numbering, rowOf } from './page-rows.ts'

/** How often the holder asks for pages that others still have: only while it has nothing else to read. */
const ASK_AGAIN_MS = 100

type Sharer = Numbering & {
  pool: Pool
  /** With the fence of its holder, whoever reads. */
  job: Pick<ClaimedJob, 'id' | 'claim' | 'worker_id'>
  reader: shared.PageReader
  save: Save
  log: Logger
}

const storeAs =
  ({ pool, job, reader, save, log, numberOf }: Sharer) =>
  async (page: ExtractedPage): Promise<void> => {
    const row = rowOf(page, numberOf, log)
    if (!(await save(() => shared.storeSharedPage(pool, job, reader.workerId, row)))) throw new JobAborted('lost')
  }

/** The pages of a job as its holder shares them. What is awaited throws JobAborted when the claim is stale. */
export function shareAsHolder(sharer: Sharer): PageShares {
  const { pool, job, reader, save, numberOf, pageAt } = sharer
  let before: number | null = null
  return {
    async offer(pages) {
      if (!(await save(() => shared.offerPages(pool, job, pages.map(numberOf))))) throw new JobAborted('lost')
    },
    async next(signal) {
      for (;;) {
        signal.throwIfAborted()
        const turn = await save(() => shared.takeOwnPage(pool, job, reader.id))
        if (!turn) throw new JobAborted('lost')
        if (turn.page === null && turn.left === 0) return null
        if (turn.page !== null && turn.page === before)
          throw new ExtractionError('internal_error', `Page ${pageAt(turn.page)} was read, and is not there`)
        before = turn.page
        if (turn.page !== null) return pageAt(turn.page)
        await delay(ASK_AGAIN_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
      }
    },
    onPage: storeAs(sharer),
  }
}

/** The pages of a job as one that helps its holder sees them: `first`, which it has taken, and what `next` takes. */
export function shareAsHelper(
  sharer: Sharer,
  first: shared.TakenPage,
  next: () => Promise<shared.TakenPage | null>,
): PageShares {
  let page: shared.TakenPage | null = first
  return {
    // A helper takes what was offered.
    offer: async () => {},
    async next() {
      const taken = page ?? (await next())
      page = null
      return taken && sharer.pageAt(taken.page_number)
    },
    onPage: storeAs(sharer),
  }
}
