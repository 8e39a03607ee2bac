import type { FaultKind, RequestKind } from './faults.ts'
import { createPeakCounter } from './limits.ts'
import type { Operation, Submission } from './operations.ts'

/** What one content costs. */
export type LedgerEntry = {
  sha256: string
  /** How often it was accepted; what nobody pays twice for has 1. */
  accepted: number
  /** Pages of all of them together, without those of analyses that failed. */
  billedPages: number
  submissions: (Submission & { failed: boolean })[]
}

export type Counts = {
  /** By how they were answered: a status, or `reset`, `cut` or `hang`. */
  requests: Record<RequestKind, Record<string, number>>
  /** Above the limit, and so refused. */
  exceeded: { post: number; get: number }
  /** The greatest number within any second, refused ones too. */
  peakPerSecond: Record<RequestKind, number>
  faults: Partial<Record<FaultKind | 'reset unread', number>>
  /** GETs that were answered with a result, a spoiled one too. */
  results: number
}

export type Books = {
  arrived(kind: RequestKind, nowMs: number): void
  answered(kind: RequestKind, how: string): void
  exceeded(kind: 'post' | 'get'): void
  dealt(fault: FaultKind | 'reset unread'): void
  accepted(operation: Operation): void
  resultSent(): void
  ledger(): LedgerEntry[]
  counts(): Counts
}

/** Keeps what was billed and what was asked. */
export function openBooks(): Books {
  const operations: Operation[] = []
  const peaks = { post: createPeakCounter(), get: createPeakCounter(), delete: createPeakCounter() }
  const counts: Omit<Counts, 'peakPerSecond'> = {
    requests: { post: {}, get: {}, delete: {} },
    exceeded: { post: 0, get: 0 },
    faults: {},
    results: 0,
  }
  return {
    arrived: (kind, nowMs) => peaks[kind].add(nowMs),
    answered: (kind, how) => {
      counts.requests[kind][how] = (counts.requests[kind][how] ?? 0) + 1
    },
    exceeded: (kind) => {
      counts.exceeded[kind] += 1
    },
    dealt: (fault) => {
      counts.faults[fault] = (counts.faults[fault] ?? 0) + 1
    },
    accepted: (operation) => {
      operations.push(operation)
    },
    resultSent: () => {
      counts.results += 1
    },
    ledger: () => [...Map.groupBy(operations, (one) => one.sha256)].map(([sha256, of]) => entryOf(sha256, of)),
    counts: () => {
      const peakPerSecond = { post: peaks.post.peak, get: peaks.get.peak, delete: peaks.delete.peak }
      return structuredClone({ ...counts, peakPerSecond })
    },
  }
}

function entryOf(sha256: string, operations: Operation[]): LedgerEntry {
  const submissions = operations.map(({ finishesAtMs: _, readResult: __, error: ___, ...submission }) => submission)
  const billedPages = submissions.reduce((sum, one) => sum + (one.failed ? 0 : one.pages), 0)
  return { sha256, accepted: submissions.length, billedPages, submissions }
}
