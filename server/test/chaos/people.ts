import { setTimeout as delay } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { isConnectionError, type Pool, transaction } from '../../src/db/client.ts'
import { cancelJob, reprocessDocument } from '../../src/documents/change-documents.ts'
import { ProblemError } from '../../src/documents/problem.ts'
import { enqueue } from '../../src/queue/enqueue.ts'
import { createWakeUp } from '../../src/queue/wake-up.ts'
import type { Evidence } from './evidence.ts'
import { planSubmissions, planWishes, type Submission, type Wish } from './plan.ts'

/** What people do: they submit documents, cancel jobs and have documents processed again, while the database crashes. */

const CHUNK = 10

/** Documents by id: once for each job that was acknowledged, once for each cancellation that was, and those asked to be processed again. */
export type Acknowledged = Pick<Evidence, 'submitted' | 'canceled' | 'askedAgain'>

/** Submits so many jobs over so long, and changes its mind about some of them meanwhile. */
export function startPeople(pool: Pool, seed: number, jobs: number, overMs: number) {
  const acknowledged: Acknowledged = { submitted: [], canceled: [], askedAgain: [] }
  let arrived = false
  const submitting = submit(pool, planSubmissions(seed, Math.ceil(jobs / CHUNK)), overMs, acknowledged).finally(() => {
    arrived = true
  })
  const interfering = interfere(pool, planWishes(seed, 10_000), acknowledged, () => arrived)
  return {
    acknowledged,
    done: Promise.all([submitting, interfering]),
    /** A batch at once, without a change of mind. */
    submitMore: (more: number) => submit(pool, planSubmissions(seed + 1, Math.ceil(more / CHUNK)), 0, acknowledged),
  }
}

/** In chunks. One whose answer is lost is sent again. */
async function submit(pool: Pool, plan: Submission[], overMs: number, acknowledged: Acknowledged): Promise<void> {
  const wakeUp = createWakeUp(pool)
  for (const submission of plan) {
    const ids = Array.from({ length: CHUNK }, () => uuidv7())
    await untilAnswered(() => insert(pool, ids, submission))
    wakeUp.send()
    acknowledged.submitted.push(...ids)
    await delay(overMs / plan.length)
  }
}

function insert(pool: Pool, ids: string[], submission: Submission): Promise<void> {
  return transaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key)
       SELECT id, 'a.pdf', 'application/pdf', 1, repeat('0', 64), id::text FROM unnest($1::uuid[]) AS given (id)
       ON CONFLICT DO NOTHING`,
      [ids],
    )
    // Or they are there already: the answer to an earlier COMMIT was lost.
    if (rowCount === CHUNK) await enqueue(client, { documentIds: ids, ...submission })
  })
}

/** Cancels and reprocesses documents as planned, until `enough`. */
async function interfere(pool: Pool, plan: Wish[], acknowledged: Acknowledged, enough: () => boolean): Promise<void> {
  for (const { kind, afterMs, back } of plan) {
    await delay(afterMs)
    if (enough()) return
    const id = acknowledged.submitted.at(-1 - back)
    if (id === undefined) continue
    if (kind === 'reprocess') acknowledged.askedAgain.push(id)
    const change = () => (kind === 'cancel' ? cancelJob(pool, id) : reprocessDocument(pool, id, 3))
    const done = await untilAnswered(change).catch((error) => {
      if (error instanceof ProblemError) return null
      throw error
    })
    if (done) acknowledged[kind === 'cancel' ? 'canceled' : 'submitted'].push(id)
  }
}

/** Asks again while the database is away. */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isConnectionError(error)) throw error
      await delay(100)
    }
  }
}
