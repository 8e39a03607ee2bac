import type { Pace } from './contestant.ts'

export type WorkerArguments = {
  contestant: string
  url: string
  /** Jobs that wait in another database, to be run before. */
  warm: { url: string; jobs: number } | null
  pace: Pace
  timeoutMs: number
  /** `count` does nothing, `report` says when a job began, `hold` says so and keeps it until released. */
  mode: 'count' | 'report' | 'hold'
}

export type ToWorker = 'start' | 'release' | 'stop'

export type FromWorker =
  | { type: 'ready' }
  | { type: 'progress'; handled: number }
  | { type: 'began'; key: string; at: number }
  | { type: 'stopped'; keys: string[] }
