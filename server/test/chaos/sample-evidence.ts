import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createPool } from '../../src/db/client.ts'
import * as queue from '../../src/queue/job-queue.ts'
import * as liveness from '../../src/queue/liveness.ts'
import * as provider from '../../src/queue/provider.ts'
import { makeJob, makePage } from '../jobs.ts'
import { type Evidence, type LogLine, readTables } from './evidence.ts'

/** Who acts on the queue, and what it writes down. */
type Actor = { name: string; id: number; pool: ReturnType<typeof createPool> }

/**
 * What a small history without any fault leaves in an empty database: job 1 is completed by a second claim after a wait for its provider,
 * 2 fails for good after a retry, 3 loses its worker and is completed, 4 is given back and canceled.
 */
export async function makeEvidence(url: string): Promise<Evidence> {
  const people = createPool(named(url, 'people'), '', 1, () => {})
  await people.query(await readFile(path.join(import.meta.dirname, 'audit.sql'), 'utf8'))
  const log: LogLine[] = []
  const [one, two] = [await join(url, 'w1'), await join(url, 'w2')]
  const documents: string[] = []

  const submit = async () => {
    const id = await makeJob(people, new Date(), 3)
    const { rows } = await people.query('SELECT document_id FROM document_processing_jobs WHERE id = $1', [id])
    documents.push(rows[0].document_id)
  }
  const claim = async (by: Actor) => {
    const [job] = await queue.claim(by.pool, by, 1)
    if (!job) throw new Error('nothing is due')
    return job
  }
  const note = (by: Actor, job: queue.ClaimedJob, line: Omit<LogLine, 'at' | 'worker' | 'job' | 'claim'>) =>
    log.push({ at: Date.now(), worker: by.name, job: job.id, claim: job.claim, ...line })
  const store = async (by: Actor, job: queue.ClaimedJob, pages: number) => {
    const held = await queue.recordPagesTotal(by.pool, job, 2, 'sample')
    note(by, job, { event: 'opened', page: 2, held })
    const content = JSON.stringify({ job: job.id, claim: job.claim, workerId: by.id, worker: by.name })
    for (let page = 1; page <= pages; page += 1) {
      note(by, job, { event: 'page', page, held: await queue.storePage(by.pool, job, makePage(page, content)) })
    }
  }
  const end = async (by: Actor, job: queue.ClaimedJob, ending: string, write: () => Promise<boolean>) => {
    note(by, job, { event: 'ending', ending })
    if (!(await write())) throw new Error('the claim is stale')
    note(by, job, { event: 'acknowledged', ending })
  }
  const failure = (retryable: boolean) => ({ code: 'parser_crashed' as const, log: 'x', retryable, delayMs: 0 })

  await submit()
  const first = await claim(one)
  await end(one, first, 'wait', () => provider.waitForProvider(one.pool, first, 'operation', new Date()))
  const again = await claim(two)
  await store(two, again, 2)
  await end(two, again, 'completed', () => queue.complete(two.pool, again))

  await submit()
  for (const ending of ['retryable', 'permanent']) {
    const job = await claim(one)
    await store(one, job, 1)
    await end(one, job, ending, () => queue.fail(one.pool, job, failure(ending === 'retryable')))
  }

  await submit()
  await store(two, await claim(two), 1)
  await people.query("UPDATE workers SET beat_at = now() - interval '1 hour' WHERE id = $1", [two.id])
  await liveness.sweep(one.pool, 5_000, new Set())
  const rescued = await claim(one)
  await store(one, rescued, 2)
  await end(one, rescued, 'completed', () => queue.complete(one.pool, rescued))

  await submit()
  await queue.release(one.pool, await claim(one))
  await claim(one)
  const canceled = documents.slice(-1)
  for (const id of canceled) await queue.cancel(people, id, 'x')

  await Promise.all([one.pool.end(), two.pool.end(), people.end()])
  const exit = { at: Date.now(), code: 0, signal: null, asked: 'SIGTERM' as const, stderr: '' }
  const exits = ['w1', 'w2'].map((name) => ({ ...exit, name }))
  return { ...(await readTables(url)), log, exits, submitted: documents, canceled, askedAgain: [] }
}

async function join(url: string, name: string): Promise<Actor> {
  // One connection: it holds the worker's lock.
  const pool = createPool(named(url, `${name} pool`), '', 1, () => {})
  return { name, pool, id: await liveness.registerWorker(pool, { name, version: '1', slots: 1 }) }
}

function named(url: string, name: string): string {
  const address = new URL(url)
  address.searchParams.set('application_name', name)
  return address.href
}
