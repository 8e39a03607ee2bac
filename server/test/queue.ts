import pg from 'pg'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import * as queue from '../src/queue/job-queue.ts'
import * as liveness from '../src/queue/liveness.ts'
import { useDatabase } from './database.ts'
import { emptyTables } from './jobs.ts'

export type TestWorker = { id: number; name: string }

/** The clock of the queue's tests: seconds after an instant of its own. */
export const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1) + seconds * 1000)

/** A database with two registered workers, alice and bob, made anew before each test. Read the fields inside tests, not before. */
export function useQueue() {
  const used = useDatabase() as ReturnType<typeof useDatabase> & {
    alice: TestWorker
    bob: TestWorker
    sessions: pg.Client
  }
  // Holds the workers' locks, as their sessions would, so that only the beat decides.
  beforeAll(async () => {
    used.sessions = new pg.Client({ connectionString: used.url })
    await used.sessions.connect()
  })
  afterAll(() => used.sessions.end())
  beforeEach(async () => {
    await emptyTables(used.pool)
    used.alice = await register(used.sessions, 'alice')
    used.bob = await register(used.sessions, 'bob')
  })
  return used
}

export async function register(session: pg.Client, name: string): Promise<TestWorker> {
  return { id: await liveness.registerWorker(session, { name, version: '1', slots: 4 }, at(0)), name }
}

/** Claims the next due job. @throws Error when none is due */
export async function claimOne(db: pg.Pool, worker: TestWorker, seconds: number): Promise<queue.ClaimedJob> {
  const [job] = await queue.claim(db, worker, 1, at(seconds))
  if (!job) throw new Error('nothing to claim')
  return job
}
