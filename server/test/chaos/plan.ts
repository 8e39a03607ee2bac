import type { JobPriority } from '@adp/contract/job.ts'
import fc from 'fast-check'

/** Everything random, from the seed alone: what is done to the processes, and what the handlers do with their jobs. */

/** How a handler ends one claim of a job. */
export const ENDINGS = ['completed', 'retryable', 'permanent', 'wait', 'crash'] as const
export type Ending = (typeof ENDINGS)[number]

export type Behaviour = {
  /** Before each page, and before the end. */
  pausesMs: number[]
  /** Once, in the middle of the work. */
  longMs: number
  /** Does not hear the signal, as if it were in a call that cannot be broken off: only the fence keeps its late writes out. */
  deaf: boolean
  ending: Ending
  /** Until the next attempt, or until the provider is asked. */
  laterMs: number
}

const weighted = <const T>(weights: [number, T][]) =>
  fc.oneof(...weights.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  pausesMs: fc.array(fc.nat(100), { minLength: 4, maxLength: 4 }),
  longMs: fc.oneof(
    { weight: 17, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 200, max: 5_000 }) },
  ),
  deaf: weighted([
    [3, false],
    [1, true],
  ]),
  ending: weighted<Ending>([
    [157, 'completed'],
    [18, 'retryable'],
    [4, 'permanent'],
    [20, 'wait'],
    [1, 'crash'],
  ]),
  laterMs: fc.nat(1_500),
})

export type Submission = {
  /** Few, so that jobs run out of them, or as good as endless. */
  maxAttempts: number
  submitter: string
  priority: JobPriority
}

const submission: fc.Arbitrary<Submission> = fc.record({
  maxAttempts: weighted([
    [1, 1],
    [2, 3],
    [3, 100],
  ]),
  submitter: fc.constantFrom('', 'alice', 'bob'),
  priority: fc.constantFrom('high', 'normal', 'low'),
})

/** What people do to documents that are there already. */
export type Wish = {
  kind: 'cancel' | 'reprocess'
  afterMs: number
  /** Which of the documents, counted from the newest. */
  back: number
}

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: weighted([
    [3, 'cancel'],
    [1, 'reprocess'],
  ]),
  afterMs: fc.nat(300),
  back: fc.nat(120),
})

export const FAULTS = [
  'kill -9 of a worker',
  'freeze of a worker',
  'freeze past the timeout',
  'SIGTERM of a worker',
  'immediate shutdown of PostgreSQL',
  'kill -9 of PostgreSQL',
  'cut in a statement',
  'cut before an answer',
  'cut before the answer to a COMMIT',
  'cut, and the claim arrives late',
  'cut of a session',
  'cut of a worker',
  'network of a worker held up',
] as const
export type FaultKind = (typeof FAULTS)[number]

export type Fault = {
  kind: FaultKind
  /** Since the fault before. */
  afterMs: number
  /** Which worker. */
  slot: number
  /** Between 0 and 1: how long, of the time that this kind may take; how many statements are left alone. */
  extent: number
}

/** How often each comes in a bag. The database crashes seldom, or no other fault would have its effect. */
const BAG: FaultKind[] = Object.entries({
  'kill -9 of a worker': 4,
  'freeze of a worker': 2,
  'freeze past the timeout': 4,
  'SIGTERM of a worker': 2,
  'immediate shutdown of PostgreSQL': 1,
  'kill -9 of PostgreSQL': 1,
  'cut in a statement': 4,
  'cut before an answer': 5,
  'cut before the answer to a COMMIT': 2,
  'cut, and the claim arrives late': 3,
  'cut of a session': 2,
  'cut of a worker': 2,
  'network of a worker held up': 4,
} satisfies Record<FaultKind, number>).flatMap(([kind, times]) => Array<FaultKind>(times).fill(kind as FaultKind))

const bag = fc.shuffledSubarray(BAG, { minLength: BAG.length })

const timing = fc.record({
  afterMs: fc.integer({ min: 50, max: 700 }),
  slot: fc.nat(7),
  extent: fc.double({ min: 0, max: 1, noNaN: true }),
})

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number, ...from: number[]): T[] {
  // Any mix that tells the numbers apart will do: the generator behind spreads it.
  const seed = from.reduce((mixed, n) => Math.imul(mixed ^ n, 0x9e37_79b1) + n, 0x1234_5678) | 0
  return fc.sample(fc.noBias(arbitrary), { seed, numRuns: count })
}

function only<T>(values: T[]): T {
  const [value] = values
  if (value === undefined) throw new Error('a sample of one was empty')
  return value
}

/** The faults of a round, in their order; in every so many each kind comes at least once. */
export function planFaults(seed: number, bags: number): Fault[] {
  const kinds = sample(bag, bags, seed, 1).flat()
  const timings = sample(timing, kinds.length, seed, 2)
  return timings.map((one, n) => ({ ...one, kind: kinds[n] as FaultKind }))
}

export const BAG_SIZE = BAG.length

/** What the handler does with this claim. */
export const planClaim = (seed: number, jobId: number, claim: number): Behaviour =>
  only(sample(behaviour, 1, seed, 3, jobId, claim))

/** How many pages a document has: the same for every claim of its job. */
export const planPages = (seed: number, jobId: number): number =>
  only(sample(fc.integer({ min: 1, max: 3 }), 1, seed, 4, jobId))

/** Chunks of documents as they are submitted, each chunk alike. */
export const planSubmissions = (seed: number, chunks: number): Submission[] => sample(submission, chunks, seed, 5)

export const planWishes = (seed: number, count: number): Wish[] => sample(wish, count, seed, 6)
