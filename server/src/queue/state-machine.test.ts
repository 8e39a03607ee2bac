import { beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { makeJob, makePage } from '../../test/jobs.ts'
import { generatedOf, page, sayGenerated, stateOf, states } from '../../test/state-machine/classify.ts'
import * as explore from '../../test/state-machine/explore.ts'
import { arrow, type Effects } from '../../test/state-machine/page.ts'
import * as enqueuing from './enqueue.ts'
import * as queue from './job-queue.ts'
import * as liveness from './liveness.ts'
import * as provider from './provider.ts'
import * as shared from './shared-pages.ts'

/** docs/state-machine.md against what the functions do: whatever differs, in either direction, is a failure. */
const database = useDatabase()

describe('the functions', () => {
  let explored: explore.Explored
  beforeAll(async () => {
    explored = await explore.exploreQueue(database.pool)
  })

  test('are all called', () => {
    const exported = Object.entries({ ...enqueuing, ...queue, ...provider, ...liveness, ...shared }).flatMap(
      ([name, value]) => (typeof value === 'function' ? name : []),
    )
    const notOfAJob = ['priorityOf', 'finishAndClaim']
    const onlyRead = ['readPagesTotal', 'readResultKey']
    expect(new Set([...explore.CALLS.map(({ by }) => by), ...notOfAJob, ...onlyRead])).toEqual(new Set(exported))
  })

  test('leave a job in exactly one of the states, with what the table says of it', () => {
    for (const { row } of explored.rows) expect(generatedOf(row)).toEqual(sayGenerated(stateOf(row)))
    expect(new Set(explored.rows.map(({ row }) => stateOf(row)))).toEqual(new Set(states))
  })

  test('make the transitions that the diagram has arrows for, and no others', () => {
    const seen = explored.changes.map(({ by, before, after }) =>
      arrow({ from: stateOf(before.row), to: stateOf(after.row), by }),
    )
    expect(new Set([...seen, arrow({ from: '', to: 'waiting', by: 'enqueue' })])).toEqual(page.arrows)
    const left = new Set(explored.changes.map(({ before }) => stateOf(before.row)))
    expect(new Set(states.filter((state) => !left.has(state))), 'what is final is never left').toEqual(page.final)
  })

  test('have the effects that the table of transitions says', () => {
    const made = explored.rows[0]?.row
    const first = { due_at: 'now', claim: String(made?.claim), attempts: String(made?.attempts), 'attempt row': '' }
    const seen = explored.changes.map((change) =>
      sayEffects(
        arrow({ from: stateOf(change.before.row), to: stateOf(change.after.row), by: change.by }),
        effectsOf(change),
      ),
    )
    expect(new Set([...seen, sayEffects(arrow({ from: '', to: 'waiting', by: 'enqueue' }), first)])).toEqual(
      new Set(page.transitions.map((row) => sayEffects(arrow(row), row))),
    )
  })

  test('claim by due_at in the states that the table says, and in no others', async () => {
    for (const state of states) {
      const path = explored.rows.find(({ row }) => stateOf(row) === state)?.path ?? []
      const { pool, job, bob, now } = await explore.replay(database.pool, path)
      const due = new Date(now.getTime() + 1_000_000)
      await pool.query('UPDATE document_processing_jobs SET due_at = $1', [due])
      expect(await queue.claim(pool, bob, 1, new Date(due.getTime() - 1)), state).toEqual([])
      const claimed = await queue.claim(pool, bob, 1, due)
      const read = claimed.some(({ id }) => id === job.id) ? 'read' : 'not read'
      expect(read, state).toBe(page.states.get(state)?.get('due_at')?.rule)
    }
  })

  const sayEffects = (what: string, effects: Effects) =>
    `${what} | due_at ${effects.due_at} | claim ${effects.claim} | attempts ${effects.attempts} | ${effects['attempt row']}`

  function effectsOf({ before, after, now }: explore.Change): Effects {
    const known = new Map([
      [before.row.due_at.getTime(), 'same'],
      [now.getTime(), 'now'],
      [now.getTime() + explore.BACKOFF_MS, 'now + backoff'],
      [now.getTime() + explore.POLL_MS, 'poll'],
      [now.getTime() + explore.POSTPONED_MS, 'its turn'],
    ])
    const difference = (by: number) => (by === 0 ? 'same' : `${by > 0 ? '+' : '-'} ${Math.abs(by)}`)
    return {
      due_at: known.get(after.row.due_at.getTime()) ?? 'something else',
      claim: difference(after.row.claim - before.row.claim),
      attempts: difference(after.row.attempts - before.row.attempts),
      'attempt row': after.attempts
        .slice(before.attempts.length)
        .map((attempt) => attempt.outcome)
        .join(),
    }
  }
})

/** Of each function, calls that are wrong in one word of its fence, all else being right. `spared` must not change. */
const WRONG: Record<string, Record<string, (scene: Held) => Promise<unknown>>> = {
  claim: {
    worker: ({ pool, now }) => queue.claim(pool, { id: 0 }, 1, now),
    epoch: ({ pool, alice, now }) => queue.claim(pool, { id: alice.id, epoch: 1 }, 1, now),
  },
  releaseForgotten: {
    job: ({ pool, job, alice, now }) => queue.releaseForgotten(pool, { id: alice.id, epoch: 1 }, [job.id], now),
    worker: ({ pool, bob, now }) => queue.releaseForgotten(pool, { id: bob.id, epoch: 1 }, [], now),
    epoch: ({ pool, alice, now }) => queue.releaseForgotten(pool, { id: alice.id, epoch: 0 }, [], now),
  },
  sweep: {
    worker: async ({ pool, alice, now }) => {
      await liveness.beat(pool, alice.id, 1, now)
      expect(await liveness.sweep(pool, 1_000, new Set(), now)).toMatchObject({ workers: ['bob'] })
    },
  },
  cancel: {
    document: ({ pool, other, now }) => queue.cancel(pool, other.document_id, 'enough', now),
  },
}
const WRITES: Record<string, (scene: Held, fence: queue.ClaimedJob) => Promise<boolean>> = {
  recordPagesTotal: ({ pool, now }, fence) => queue.recordPagesTotal(pool, fence, 5, 'other', now),
  storePage: ({ pool, now }, fence) => queue.storePage(pool, fence, makePage(1), now),
  storeSharedPage: ({ pool, bob, now }, fence) => shared.storeSharedPage(pool, fence, bob.id, makePage(1), now),
  recordOperation: ({ pool, now }, fence) => provider.recordOperation(pool, fence, 'https://op/2', now),
  recordResult: ({ pool, now }, fence) =>
    provider.recordResult(pool, fence, 'another-blob', explore.RESULT_HEADER, now),
  postpone: async ({ pool, now }, fence) =>
    (await provider.postpone(pool, fence, explore.postponement(now), now)) !== null,
  waitForProvider: ({ pool, now }, fence) => provider.waitForProvider(pool, fence, 'https://op/2', now, now),
  complete: ({ pool, now }, fence) => queue.complete(pool, fence, now),
  fail: ({ pool, now }, fence) => queue.fail(pool, fence, explore.failure(true), now),
  release: ({ pool, now }, fence) => queue.release(pool, fence, now),
}
for (const [by, write] of Object.entries(WRITES)) {
  WRONG[by] = {
    // Right for the other job, which has the same claim and worker.
    job: async (scene) => expect(await write(scene, scene.other)).toBe(true),
    claim: async (scene) => expect(await write(scene, { ...scene.job, claim: scene.job.claim - 1 })).toBe(false),
    worker: async (scene) => expect(await write(scene, { ...scene.job, worker_id: scene.bob.id })).toBe(false),
  }
}
WRONG.storeSharedPage = {
  ...WRONG.storeSharedPage,
  reader: async ({ pool, job, now }) =>
    expect(await shared.storeSharedPage(pool, job, 0, makePage(1), now)).toBe(false),
}
type Held = explore.Scene & { other: queue.ClaimedJob }

test('fences are made of the words that the table says, and each word is needed', async () => {
  const said = Object.groupBy(page.transitions, ({ by }) => by)
  for (const [by, transitions = []] of Object.entries(said)) {
    for (const { fence } of transitions) expect(new Set(fence), by).toEqual(new Set(Object.keys(WRONG[by] ?? {})))
    for (const [word, wrong] of Object.entries(WRONG[by] ?? {})) {
      const scene = await (by === 'claim' ? twoWaiting() : twoHeld())
      const before = await explore.look(scene)
      await wrong(scene)
      expect(await explore.look(scene), `${by} with another ${word}`).toEqual(before)
    }
  }
})

async function twoWaiting(): Promise<Held> {
  const scene = await explore.replay(database.pool, [])
  return { ...scene, other: scene.job }
}

/** Two jobs that alice holds, with all their pages, under the same number of claim. */
async function twoHeld(): Promise<Held> {
  const scene = await explore.replay(database.pool, [])
  const { pool, alice, now } = scene
  await makeJob(pool, now)
  const [job, other] = await queue.claim(pool, alice, 2, now)
  if (!job || !other || job.claim !== other.claim) throw new Error('there are not two such jobs')
  for (const held of [job, other]) {
    await queue.recordPagesTotal(pool, held, 1, 'local', now)
    await queue.storePage(pool, held, makePage(1), now)
  }
  return { ...scene, job, other, now: new Date(now.getTime() + 60_000) }
}
