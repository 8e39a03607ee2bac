import { setTimeout as delay } from 'node:timers/promises'
import { distinctPdfs, enqueueAll, type StoredDocument, storeContents } from '../azure-fleet/documents.ts'
import { blankPdf } from '../fixtures.ts'
import type { Arena } from './arena.ts'
import { type Ending, readEnding } from './check.ts'
import { UNREAD_MODEL } from './killing-emulator.ts'
import { closeGate, killBetweenPolls } from './moments.ts'
import { PAGES, STEPS, type Step } from './steps.ts'

/** A document whose job is not over by then is lost. */
const GIVE_UP_MS = 120_000
const LOOK_MS = 100
const ATTEMPTS = 5

/** One document for each step, all at once, and the worker of each killed there. @param n the round's number, which decides who comes first */
export async function runRound(arena: Arena, n: number): Promise<Ending[]> {
  const { pool, blobs, emulator, workers } = arena
  const steps = STEPS.map((_, index) => STEPS[(index + n) % STEPS.length] as Step)
  const contents = distinctPdfs(await blankPdf(PAGES), steps.length)
  const documents = await storeContents(pool, blobs, contents, (index) =>
    isUnread(steps[index]) ? { model: UNREAD_MODEL } : null,
  )
  const over = new AbortController()
  const kills = await Promise.all(
    steps.map((step, index) => arm(arena, step, documents[index] as StoredDocument, over.signal)),
  )
  const killing = Promise.all(kills.map((kill) => kill()))
  // Awaited below, when the round is over.
  killing.catch(() => {})
  await enqueueAll(pool, documents, ATTEMPTS)
  await untilFinished(arena, documents)
  over.abort()
  const killed = await killing
  const from = { pool, emulator, log: workers.log() }
  return Promise.all(
    steps.map((step, index) => readEnding(from, documents[index] as StoredDocument, step, killed[index] === true)),
  )
}

const isUnread = (step: Step | undefined) =>
  typeof step?.moment === 'object' && 'request' in step.moment && step.moment.request === 'unread'

/** Prepares a document's kill. @returns what waits for its moment and resolves to whether that came before the signal */
async function arm(
  { pool, emulator, workers }: Arena,
  { moment }: Step,
  document: StoredDocument,
  signal: AbortSignal,
): Promise<() => Promise<boolean>> {
  const deps = { pool, workers, signal }
  if (moment === 'waiting') {
    const result = emulator.holdResult(document, pool)
    return () => killBetweenPolls(deps, document.id, result.asked).finally(result.release)
  }
  if ('statement' in moment) return closeGate(deps, document.id, moment.statement)
  const struck = emulator.killAt(moment.request, document, deps)
  return async () => {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return struck()
  }
}

async function untilFinished({ pool }: Arena, documents: StoredDocument[]): Promise<void> {
  const began = performance.now()
  const ids = documents.map(({ id }) => id)
  while (performance.now() - began < GIVE_UP_MS) {
    const { rowCount } = await pool.query(
      `SELECT FROM document_processing_jobs WHERE document_id = ANY ($1) AND status IN ('PENDING', 'PROCESSING') LIMIT 1`,
      [ids],
    )
    if (rowCount === 0) return
    await delay(LOOK_MS)
  }
}
