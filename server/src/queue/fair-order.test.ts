import type { JobPriority } from '@adp/contract/job.ts'
import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { at, useQueue } from '../../test/queue.ts'
import { enqueue, PRIORITIES } from './enqueue.ts'
import * as queue from './job-queue.ts'

/** Who goes first: shares and bounds that hold whatever was enqueued, told from the jobs that real claims take. */
const database = useQueue()

/** A queue whose claims go on where the last one ended, as a worker's do, and its clock. */
function openQueue() {
  let now = 0
  let from = 0
  const submitterOf = new Map<number, string>()
  return {
    /** @returns the ids of the new jobs */
    async enqueue(submitter: string, jobs = 1, priority: JobPriority = 'normal'): Promise<number[]> {
      now += 0.001
      const documentIds = Array.from({ length: jobs }, () => uuidv7())
      await enqueue(database.pool, { documentIds, maxAttempts: 9, submitter, priority }, at(now))
      const { rows } = await database.pool.query<{ id: number }>(
        'SELECT id FROM document_processing_jobs WHERE document_id = ANY ($1) ORDER BY id',
        [documentIds],
      )
      for (const { id } of rows) submitterOf.set(id, submitter)
      return rows.map(({ id }) => id)
    },
    async claim(limit = 1): Promise<queue.ClaimedJob[]> {
      now += 0.001
      const turn = await queue.finishAndClaim(
        database.pool,
        { id: database.alice.id, epoch: 0 },
        [],
        limit,
        from,
        at(now),
      )
      // Behind what was claimed; with none left, behind all whose transactions may still be open.
      from = turn.claimed.length === limit ? turn.from : Math.max(0, turn.from - 60_000_000)
      return turn.claimed.sort((a, b) => a.id - b.id)
    },
    /** Who comes next. */
    async next(): Promise<string> {
      const [job] = await this.claim()
      return submitterOf.get(job?.id ?? 0) ?? 'nobody'
    },
    fail(job: queue.ClaimedJob, delayMs: number) {
      // As a worker does within a second: what comes back stands before what was claimed since.
      from = 0
      const failure = { code: 'parser_crashed', log: 'x', retryable: true, delayMs } as const
      return queue.fail(database.pool, job, failure, at(now))
    },
    pass(seconds: number) {
      now += seconds
      // As a worker does every second: what came back may stand anywhere.
      from = 0
    },
    whose: (job: queue.ClaimedJob) => submitterOf.get(job.id) ?? 'nobody',
  }
}

const aPriority = fc.constantFrom<JobPriority>('high', 'normal', 'low')

/** Each run begins with an empty queue. */
async function property<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>, numRuns: number) {
  const run = fc.asyncProperty(arbitrary, check).beforeEach(async () => {
    await database.pool.query('DELETE FROM document_processing_jobs')
  })
  await fc.assert(run, { numRuns })
}

describe('somebody with one document', () => {
  const arrival = fc.record({
    batch: fc.constantFrom<JobPriority>('normal', 'low'),
    one: fc.constantFrom<JobPriority>('high', 'normal'),
    claimedBefore: fc.nat(40),
  })

  test('starts second at the latest, however long a batch of somebody else is', async () => {
    await property(
      arrival,
      async ({ batch, one, claimedBefore }) => {
        const line = openQueue()
        await line.enqueue('batch', 300, batch)
        for (let n = 0; n < claimedBefore; n += 1) await line.next()
        await line.enqueue('person', 1, one)
        expect([await line.next(), await line.next()]).toContain('person')
      },
      30,
    )
  })
})

describe('a batch, while others come with one document each,', () => {
  const pairs: [batch: JobPriority, newcomers: JobPriority, ratio: number][] = [
    ['normal', 'normal', 4],
    ['normal', 'high', 16],
    ['low', 'normal', 16],
    ['low', 'high', 64],
  ]

  /** How many claims each job of the batch took, its own included. */
  async function waits(pair: (typeof pairs)[number], claims: number, comesBefore: (claim: number) => boolean) {
    const [batch, newcomers, ratio] = pair
    expect(PRIORITIES[batch].step / PRIORITIES[newcomers].first, 'newcomers between two of its places').toBe(ratio)
    const line = openQueue()
    await line.enqueue('batch', 300, batch)
    const taken: number[] = []
    let wait = 0
    for (let n = 0; n < claims; n += 1) {
      if (comesBefore(n)) await line.enqueue(`newcomer ${n}`, 1, newcomers)
      wait += 1
      if ((await line.next()) !== 'batch') continue
      taken.push(wait)
      wait = 0
    }
    return { taken, wait }
  }

  test.each(pairs)('%s beside %s, gets what they leave: one claim for %i of theirs', async (...pair) => {
    const [, , ratio] = pair
    const { taken, wait } = await waits(pair, 5 * (ratio + 1), (n) => n % (ratio + 1) !== 0)
    expect(Math.max(...taken, wait)).toBeLessThanOrEqual(ratio + 1)
  })

  /** Who comes with every claim leaves nothing: one more waits after each claim of the batch. So each wait is longer, and none is for ever. */
  test.each(pairs)('%s beside %s, moves even if they come faster than all are claimed', async (...pair) => {
    const [, , ratio] = pair
    const { taken, wait } = await waits(pair, 7 * ratio, () => true)
    expect(taken.length).toBeGreaterThanOrEqual(4)
    for (const [n, took] of [...taken, wait].entries()) expect(took).toBeLessThanOrEqual(Math.max(1, n * ratio))
  })

  test('is not held up by one of its jobs that comes back to its old place', async () => {
    const line = openQueue()
    await line.enqueue('batch', 300)
    const [first] = await line.claim()
    if (first) await line.fail(first, 1_000)
    for (let n = 0; n < 100; n += 1) await line.next()
    line.pass(2)
    const had: string[] = []
    for (let n = 0; n < 30; n += 1) {
      if (n % 5 !== 0) await line.enqueue(`newcomer ${n}`)
      had.push(await line.next())
    }
    for (let n = 0; n + 5 <= had.length; n += 1) expect(had.slice(n, n + 5)).toContain('batch')
  })
})

describe('submitters that all have jobs waiting', () => {
  test('take turns: after any number of rounds each has had as many as the others, but for one', async () => {
    const some = fc.record({ others: fc.integer({ min: 1, max: 3 }), headStart: fc.nat(30), rounds: fc.nat(25) })
    await property(
      some,
      async ({ others, headStart, rounds }) => {
        const line = openQueue()
        await line.enqueue('first', 80)
        for (let n = 0; n < headStart; n += 1) await line.next()
        for (let n = 0; n < others; n += 1) await line.enqueue(`other ${n}`, 30)
        const had = new Map<string, number>()
        for (let n = 0; n < (others + 1) * rounds; n += 1) {
          const who = await line.next()
          had.set(who, (had.get(who) ?? 0) + 1)
        }
        for (const times of had.values()) expect(Math.abs(times - rounds)).toBeLessThanOrEqual(1)
      },
      25,
    )
  })

  /**
   * A submitter whose first job stands at p has had, when the claims have come to place t, all n places p, p + step, ... before t, and
   * those at t or not: t - p <= n * step <= t - p + step. So n * step differs between two by no more than their p do, and one step.
   */
  test('share 16 to 4 to 1 by their priorities, at every moment', async () => {
    const some = fc.record({ priorities: fc.array(aPriority, { minLength: 2, maxLength: 5 }), limit: fc.nat(4) })
    await property(
      some,
      async ({ priorities, limit }) => {
        const line = openQueue()
        const places: number[] = []
        for (const [n, priority] of priorities.entries())
          places.push(await placeOf(await line.enqueue(`${n}`, 120, priority)))
        const had = priorities.map(() => 0)
        for (let claims = 0; claims < 60; claims += 1) {
          for (const job of await line.claim(limit + 1))
            had[Number(line.whose(job))] = (had[Number(line.whose(job))] ?? 0) + 1
          if (Math.max(...had) >= 120) break
          const served = priorities.map((priority, n) => (places[n] ?? 0) + (had[n] ?? 0) * PRIORITIES[priority].step)
          for (const [n, priority] of priorities.entries())
            for (const other of served) expect((served[n] ?? 0) - other).toBeLessThanOrEqual(PRIORITIES[priority].step)
        }
      },
      25,
    )
  })

  async function placeOf([id]: number[]): Promise<number> {
    const { rows } = await database.pool.query('SELECT priority FROM document_processing_jobs WHERE id = $1', [id])
    return rows[0].priority
  }
})

const arrivals = fc.record({
  who: fc.constantFrom('ann', 'ben', 'cem'),
  jobs: fc.integer({ min: 1, max: 12 }),
  priority: aPriority,
})
const claims = fc.record({ limit: fc.integer({ min: 1, max: 5 }) })
const failures = fc.record({ failMs: fc.constantFrom(0, 500, 3_000), claim: fc.nat(9) })
const waits = fc.record({ seconds: fc.integer({ min: 1, max: 3 }) })
const history = <T>(moment: fc.Arbitrary<T>) => fc.array(moment, { minLength: 10, maxLength: 60, size: 'max' })

test('jobs of one submitter and priority start in the order they came', async () => {
  await property(
    history(fc.oneof(arrivals, claims, claims, failures, waits)),
    async (moments) => {
      const line = openQueue()
      const claimed: queue.ClaimedJob[] = []
      for (const moment of moments) {
        if ('who' in moment) await line.enqueue(moment.who, moment.jobs, moment.priority)
        else if ('limit' in moment) claimed.push(...(await line.claim(moment.limit)))
        else if ('seconds' in moment) line.pass(moment.seconds)
        else {
          const job = claimed.at(-1 - moment.claim)
          if (job) await line.fail(job, moment.failMs)
        }
      }
      const started = claimed.filter(({ claim }) => claim === 1).map(({ id }) => id)
      const { rows } = await database.pool.query<{ came: number[] }>(
        'SELECT array_agg(id ORDER BY id) AS came FROM document_processing_jobs GROUP BY submitter, step',
      )
      for (const { came } of rows) {
        const theirs = started.filter((id) => came.includes(id))
        expect(theirs).toEqual(came.slice(0, theirs.length))
      }
    },
    40,
  )
})

test('a batch whose last job was canceled still has its submitter’s next job behind it, but for the last few', async () => {
  const { pool } = database
  const q = openQueue()
  const batch = await q.enqueue('ann', 200)
  const last = 'SELECT document_id FROM document_processing_jobs ORDER BY priority DESC LIMIT 1'
  await queue.cancel(pool, (await pool.query(last)).rows[0].document_id, 'enough')
  const [later] = await q.enqueue('ann')
  // Its place is that of the 193rd, who came first.
  expect((await q.claim(193)).map(({ id }) => id)).toEqual(batch.slice(0, 193))
  expect((await q.claim()).map(({ id }) => id)).toEqual([later])
  expect((await q.claim(201)).map(({ id }) => id)).toEqual(batch.slice(193, -1))
})

test('who comes while others wait stands behind what was claimed, where the next claim begins to look', async () => {
  await property(
    history(fc.oneof(arrivals, claims)),
    async (moments) => {
      const line = openQueue()
      for (const moment of moments) {
        if ('who' in moment) await line.enqueue(moment.who, moment.jobs, moment.priority)
        else {
          const { rows } = await database.pool.query<{ id: number }>(
            `SELECT id FROM (SELECT id FROM document_processing_jobs WHERE ready ORDER BY priority, due_at, id LIMIT $1) AS first ORDER BY id`,
            [moment.limit],
          )
          expect((await line.claim(moment.limit)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
        }
      }
    },
    40,
  )
})
