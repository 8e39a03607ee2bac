import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeJob, makePage, readAttempts, readJob } from '../../test/jobs.ts'
import { openTransaction } from '../../test/locks.ts'
import { useQueue } from '../../test/queue.ts'
import type { Pool } from '../db/client.ts'
import * as queue from './job-queue.ts'
import { createTurns } from './turns.ts'

/** Turns by themselves: nobody looks for due jobs but these tests. */
const database = useQueue()
const MINUTE_MS = 60_000
let running: queue.ClaimedJob[]
let slots: number

beforeEach(() => {
  running = []
  slots = 4
})

function start(pool: Pool = database.pool) {
  const { signal } = new AbortController()
  return createTurns({
    pool,
    log: pino({ level: 'silent' }),
    claimant: () => database.alice.id,
    freeSlots: () => slots - running.length,
    running: () => running.map((job) => job.id),
    signal: () => signal,
    onClaimed: (jobs) => running.push(...jobs),
    onSpare: () => {},
  })
}

/** Resolves when all is done that was asked for. */
async function quiet(turns: ReturnType<typeof createTurns>): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    await new Promise(setImmediate)
    await turns.settle(null)
  }
}

const runningIds = () => running.map((job) => job.id).sort((a, b) => a - b)
const makeDue = (msAgo = 0) => makeJob(database.pool, new Date(Date.now() - msAgo), 1)

/** The pool, but something happens to an answer before it arrives. */
const through = (change: (answer: unknown) => Promise<unknown>): Pool =>
  Object.create(database.pool, {
    query: { value: async (...args: [never]) => change(await database.pool.query(...args)) },
  })

describe('a call', () => {
  test('while a turn is under way is answered after it', async () => {
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const turns = start(
      through(async (answer) => {
        asked.resolve()
        await answered.promise
        return answer
      }),
    )
    turns.look('behind')
    await asked.promise
    const id = await makeDue()
    turns.look('behind')
    answered.resolve()
    await quiet(turns)
    expect(runningIds()).toEqual([id])
  })

  test('finds a job whose transaction was open while others were claimed that stand behind it', async () => {
    const turns = start()
    await using late = await openTransaction(database.url)
    const first = await makeJob(late.client, new Date(Date.now() - 1_000))
    const second = await makeDue()
    turns.look('behind')
    await quiet(turns)
    expect(runningIds()).toEqual([second])
    await late.commit()
    turns.look('behind')
    await quiet(turns)
    expect(runningIds()).toEqual([first, second].sort((a, b) => a - b))
  })

  test('for anywhere finds a job that came back long after those behind it were claimed', async () => {
    const turns = start()
    const old = await makeDue(2 * MINUTE_MS)
    const [held] = await queue.claim(database.pool, database.bob, 1)
    const young = await makeDue()
    turns.look('behind')
    await quiet(turns)
    if (held) await queue.release(database.pool, held)
    turns.look('anywhere')
    await quiet(turns)
    expect(runningIds()).toEqual([old, young])
  })
})

test('turns under way together claim no more than there are slots', async () => {
  slots = 200
  await Promise.all(Array.from({ length: 500 }, () => makeDue()))
  const turns = start()
  turns.look('anywhere')
  await quiet(turns)
  expect(running).toHaveLength(slots)
})

describe('what a lost answer has left in the worker’s name is given back', () => {
  const lost = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

  test('and claimed again, while what runs stays', async () => {
    let losing = false
    const turns = start(
      through(async (answer) => {
        if (!losing) return answer
        losing = false
        throw lost()
      }),
    )
    const known = await makeDue()
    turns.look('behind')
    await quiet(turns)
    losing = true
    const forgotten = await makeDue()
    turns.look('behind')
    await quiet(turns)
    expect(runningIds()).toEqual([known, forgotten])
    expect(await readAttempts(database.pool, known)).toEqual([])
    expect(await readAttempts(database.pool, forgotten)).toMatchObject([{ attempt: 1, outcome: 'RELEASED' }])
    expect(await readJob(database.pool, forgotten)).toMatchObject({ status: 'PROCESSING', attempts: 1 })
  })

  test('and a claim that arrives only after that takes nothing', async () => {
    const onTheWay: [never][] = []
    const cut: Pool = Object.create(database.pool, {
      query: {
        value: async (...args: [never]) => {
          if (onTheWay.length > 0) return database.pool.query(...args)
          onTheWay.push(args)
          throw lost()
        },
      },
    })
    const turns = start(cut)
    turns.look('behind')
    await quiet(turns)
    const id = await makeDue()
    for (const args of onTheWay) await database.pool.query(...args)
    expect(await readJob(database.pool, id)).toMatchObject({ status: 'PENDING', claim: 0 })
    turns.look('behind')
    await quiet(turns)
    expect(runningIds()).toEqual([id])
  })

  test('but nothing is given back by a look that arrives after a later one', async () => {
    const { pool, alice } = database
    const id = await makeDue()
    await queue.releaseForgotten(pool, { id: alice.id, epoch: 2 }, [])
    await queue.claim(pool, { id: alice.id, epoch: 2 }, 1)
    expect(await queue.releaseForgotten(pool, { id: alice.id, epoch: 1 }, [])).toBe(0)
    expect(await readJob(pool, id)).toMatchObject({ status: 'PROCESSING', locked_by: alice.id })
  })

  test('but not what is done and only has to be written', async () => {
    const turns = start()
    const id = await makeDue()
    turns.look('behind')
    await quiet(turns)
    const [job] = running.splice(0)
    if (!job) throw new Error('nothing was claimed')
    await queue.recordPagesTotal(database.pool, job, 1, 'local')
    await queue.storePage(database.pool, job, makePage(1))
    turns.doubt()
    turns.complete(job)
    await quiet(turns)
    expect(await readAttempts(database.pool, id)).toMatchObject([{ outcome: 'COMPLETED' }])
    expect(await readJob(database.pool, id)).toMatchObject({ status: 'COMPLETED' })
  })
})
