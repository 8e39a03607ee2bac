import type { Evidence } from './evidence.ts'
import type { FaultCounts } from './faults.ts'

/** What a round amounts to, without its rows. */
export type Figures = {
  faults: FaultCounts
  jobs: Record<string, number>
  attempts: Record<string, number>
  claims: number
  pages: number
  processes: number
  /** Answers that said to a handler that its claim is stale. */
  lateWritesRefused: number
  /** Of each job that a killed worker held: from the death of the process until the job was due again, in milliseconds. */
  recoveriesMs: number[]
}

export function figuresOf(evidence: Evidence, faults: FaultCounts): Figures {
  return {
    faults,
    jobs: count(evidence.jobs.map((job) => job.status)),
    attempts: count(evidence.attempts.map((attempt) => attempt.outcome)),
    claims: evidence.jobs.reduce((sum, job) => sum + job.claim, 0),
    pages: evidence.pages.length,
    processes: evidence.exits.length,
    lateWritesRefused: evidence.log.filter((line) => line.held === false).length,
    recoveriesMs: recoveriesMs(evidence),
  }
}

function count(values: string[]): Record<string, number> {
  const groups = Map.groupBy(values, (value) => value)
  return Object.fromEntries([...groups].sort().map(([value, all]) => [value, all.length]))
}

function recoveriesMs({ attemptChanges, exits }: Evidence): number[] {
  const diedAt = new Map(exits.filter((exit) => exit.signal === 'SIGKILL').map((exit) => [exit.name, exit.at]))
  return attemptChanges.flatMap(({ row, at }) => {
    const died = diedAt.get(row.worker ?? '')
    // Who was frozen first may have been found before it was killed.
    return row.outcome === 'WORKER_LOST' && died !== undefined && died <= at ? [at - died] : []
  })
}

/** Adds up records of numbers, key by key. */
export function total(records: Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const record of records) for (const [key, n] of Object.entries(record)) sums[key] = (sums[key] ?? 0) + n
  return sums
}

/** The value that so large a part of the values, which are not empty, does not exceed. */
export function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
