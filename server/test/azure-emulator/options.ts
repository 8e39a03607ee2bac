import type { Answers } from './answers.ts'
import type { FaultRequest, FaultScript } from './faults.ts'
import type { Limits, Tier } from './limits.ts'
import type { Submission } from './operations.ts'

export type AzureEmulatorOptions = {
  /** What Ocp-Apim-Subscription-Key, or a Bearer token, has to be. */
  key: string
  /** Default 0: a free one. */
  port?: number
  /** The clock of everything here: analyses, limits, expiry. Default Date.now. */
  now?: () => number
  /** Default S0. */
  tier?: Tier
  /** Default the tier's; null for none. */
  limits?: Limits | null
  /** How long an analysis takes. Default 0: succeeded at the first look. */
  analysisMs?: number | ((submission: Omit<Submission, 'operationId'>) => number)
  /** How the header of a 429 is written. Default seconds. */
  retryAfter?: 'seconds' | 'date'
  /** Recorded answers: results, failures and refusals, each as it came. */
  answers?: Answers
  /** Model ids beside the prebuilt ones. */
  customModels?: readonly string[]
  faults?: FaultScript
  /** Asked at the head of each POST, by its number and model: true destroys the connection before the body is read. */
  resetUnread?: (n: number, modelId: string) => Promise<boolean> | boolean
  /** Awaited when a request was read and before anything is decided about it. */
  onRequest?: (request: Omit<FaultRequest, 'status'>) => Promise<void> | void
  /** Awaited when a submission counts (it is billed) and before the client is told. */
  onAccepted?: (submission: Submission) => Promise<void> | void
  /** Awaited before a result is sent, and when half of it is. */
  onAnswering?: (submission: Submission, moment: 'before' | 'middle') => Promise<void> | void
}

/** The options with their defaults, and what all requests share. */
export type Settings = Required<Omit<AzureEmulatorOptions, 'port' | 'limits'>>

export const withDefaults = (options: AzureEmulatorOptions): Settings => ({
  now: Date.now,
  tier: 'S0',
  analysisMs: 0,
  retryAfter: 'seconds',
  answers: new Map(),
  customModels: [],
  faults: () => null,
  resetUnread: () => false,
  onRequest: () => {},
  onAccepted: () => {},
  onAnswering: () => {},
  ...options,
})
