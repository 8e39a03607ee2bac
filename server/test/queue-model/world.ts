import fc from 'fast-check'
import type pg from 'pg'
import type { Pool } from '../../src/db/client.ts'
import type * as queue from '../../src/queue/job-queue.ts'
import * as liveness from '../../src/queue/liveness.ts'
import { type Model, Refused } from './model.ts'

/** A step is taken by the database and by the model, and says what either answered. */
export type Step = { kind: string; take: (world: World) => Promise<Answers | undefined> }
export type Answers = { real: unknown; predicted: unknown }

export type World = {
  pool: Pool
  /** Holds the workers' locks, as their sessions would. */
  sessions: pg.Client
  model: Model
  /** Two workers, each under the id it had last. */
  workers: { id: number; name: string }[]
  /** How often each worker has looked for what it holds without knowing. */
  epochs: [number, number]
  /** Every claim ever made, stale ones included. */
  claims: queue.ClaimedJob[]
  documents: string[]
  /** Where each worker would look next, and whom it suspects. */
  from: [number, number]
  suspects: [ReadonlySet<number>, ReadonlySet<number>]
  /** Compares the database with the model. */
  check: (step: Step, answers: Answers | undefined) => Promise<void>
}

export async function take(step: Step, world: World): Promise<void> {
  await world.check(step, await step.take(world))
}

export async function registerWorker(world: World, name: string): Promise<{ id: number; name: string }> {
  const { now, workers } = world.model
  const id = await liveness.registerWorker(world.sessions, { name, version: '1', slots: 4 }, now)
  workers.push({ id, name, beat_at: now, running: 0, epoch: 0, locked: true })
  return { id, name }
}

/** What both answer; a CHECK that refuses is an answer, too. */
export async function both<T>(real: Promise<T>, predict: () => T): Promise<Answers> {
  const answers = { real: await real.catch(asRefusal), predicted: undefined as unknown }
  try {
    answers.predicted = predict()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    answers.predicted = { refused: error.constraint }
  }
  return answers
}

function asRefusal(error: unknown): { refused: string } {
  if (error instanceof Error && 'constraint' in error && typeof error.constraint === 'string') {
    return { refused: error.constraint }
  }
  throw error
}

export const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)
export const workerOf = (world: World, n: number) => world.workers[n] ?? { id: 0, name: '' }
/** The nth claim, counted from the newest. */
export const claimOf = (world: World, n: number) => world.claims.at(-1 - (n % (world.claims.length || 1)))
/** Mostly one of the last, which may be good still. */
export const aClaim = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(12) })
export const aWorker = fc.nat(1)

/** A kind of step with its arguments, as often as `weight` says. */
export function step<Args>(
  kind: string,
  weight: number,
  someArgs: fc.Arbitrary<Args>,
  run: (world: World, args: Args) => Promise<Answers | undefined>,
): fc.WeightedArbitrary<Step> {
  const arbitrary = someArgs.map((args) => ({
    kind,
    take: (world: World) => run(world, args),
    [fc.toStringMethod]: () => `${kind} ${fc.stringify(args)}`,
  }))
  return { weight, arbitrary }
}

/** A step in the name of a claim. */
export function write<Args>(
  kind: string,
  weight: number,
  someArgs: fc.Arbitrary<Args>,
  run: (world: World, job: queue.ClaimedJob, args: Args) => Promise<Answers | undefined>,
): fc.WeightedArbitrary<Step> {
  return step(kind, weight, fc.tuple(aClaim, someArgs), async (world, [n, args]) => {
    const job = claimOf(world, n)
    return job && run(world, job, args)
  })
}
