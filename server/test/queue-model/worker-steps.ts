import fc from 'fast-check'
import * as liveness from '../../src/queue/liveness.ts'
import { enqueueSome, jobSteps, turn } from './job-steps.ts'
import { later, type Model } from './model.ts'
import { sharingSteps } from './shared-pages.ts'
import * as model from './workers.ts'
import { aWorker, both, registerWorker, type Step, sorted, step, take, workerOf } from './world.ts'

/** What can happen to workers, and any step at all. */

const TIMEOUT_MS = 15_000

// A worker that learns that it was swept registers anew, as the session does.
const beat = step('beat', 4, fc.record({ worker: aWorker, running: fc.nat(4) }), async (world, { worker, running }) => {
  const { id, name } = workerOf(world, worker)
  const { pool, model: m } = world
  const answers = await both(liveness.beat(pool, id, running, m.now), () => model.beat(m, id, running))
  if (!answers.real) {
    world.workers[worker] = await registerWorker(world, name)
    world.epochs[worker] = 0
  }
  return answers
})

const cutOff = step('cut off', 1, aWorker, async (world, worker) => {
  const { id } = workerOf(world, worker)
  await world.sessions.query(`SELECT pg_advisory_unlock(${liveness.WORKER_LOCK}, $1)`, [id])
  setLocked(world.model, id, false)
  return undefined
})

const connect = step('connect', 2, aWorker, async (world, worker) => {
  const { id } = workerOf(world, worker)
  // A lock taken twice would have to be given back twice.
  const isFree = world.model.workers.some((one) => one.id === id && !one.locked)
  if (isFree) await liveness.relockWorker(world.sessions, id)
  setLocked(world.model, id, true)
  return undefined
})

const leave = step('leave', 1, aWorker, async (world, worker) => {
  const { id } = workerOf(world, worker)
  await liveness.unregisterWorker(world.pool, id)
  model.unregisterWorker(world.model, id)
  return undefined
})

function setLocked(m: Model, id: number, locked: boolean): void {
  for (const worker of m.workers) if (worker.id === id) worker.locked = locked
}

const aMoment = fc.oneof(...jobSteps, ...sharingSteps, beat, cutOff, connect, leave)
const aSweep = fc.record({ by: fc.constantFrom(0, 1), between: fc.array(aMoment, { maxLength: 2 }) })

/** A sweep, with whatever happens between its look and its taking. */
const sweep = step('sweep', 6, aSweep, async (world, { by, between }) => {
  const { pool, model: m } = world
  let predicted: liveness.Swept | undefined
  const looking = Object.create(pool, {
    query: {
      value: async (...args: [never]) => {
        const found = await pool.query(...args)
        const { gone, suspects } = model.lookForDead(m, TIMEOUT_MS, world.suspects[by])
        for (const one of between) await take(one, world)
        predicted = { ...model.takeJobsFrom(m, gone, TIMEOUT_MS), suspects }
        return found
      },
    },
  })
  const real = await liveness.sweep(looking, TIMEOUT_MS, world.suspects[by], m.now)
  world.suspects[by] = real.suspects
  return { real: inOrder(real), predicted: predicted && inOrder(predicted) }
})
const inOrder = ({ workers, jobs, suspects }: liveness.Swept) => ({
  ...{ workers: workers.toSorted(), jobs, suspects: sorted(suspects) },
})

const someTime = fc.constantFrom(1, 1_000, 2_999, 3_000, 8_000, 20_000)

const pass = step('pass', 5, someTime, async ({ model: m }, ms) => {
  m.now = later(m.now, ms)
  return undefined
})

const aStep: fc.Arbitrary<Step> = fc.oneof(...jobSteps, ...sharingSteps, ...[beat, cutOff, connect, leave, sweep, pass])

/** Any of it in any order, once there is something to do. */
export const aHistory: fc.Arbitrary<Step[]> = fc
  .tuple(enqueueSome.arbitrary, turn.arbitrary, fc.array(aStep, { minLength: 20, maxLength: 80, size: 'max' }))
  .map((steps) => steps.flat())
