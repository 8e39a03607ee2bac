import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestKind } from './faults.ts'
import type { Books } from './ledger.ts'
import type { Limits } from './limits.ts'
import type { Operations } from './operations.ts'
import type { Settings } from './options.ts'
import { sendJson } from './responding.ts'
import type { ServiceError } from './service-error.ts'

export type Shared = {
  settings: Settings
  /** undefined: the tier's. */
  limits: Limits | null | undefined
  books: Books
  operations: Operations
  endpoint: () => string
  startedAtMs: number
}

/** One request on its way through. */
export type Exchange = Shared & {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  kind: RequestKind
  /** Its number among those of its kind, from 1. */
  n: number
  modelId: string
  /** @returns the refusal when the limit is reached */
  takeToken(): { error: ServiceError; retryAfterSeconds: number } | null
}

/** Refuses with 429 and, unless null, Retry-After in the way that is set. */
export function sendTooManyRequests(
  { response, settings }: Exchange,
  error: ServiceError,
  retryAfterSeconds: number | null,
): void {
  const date = new Date(settings.now() + (retryAfterSeconds ?? 0) * 1000).toUTCString()
  const inWords = settings.retryAfter === 'date' ? date : String(retryAfterSeconds)
  sendJson(response, error.status, error.body, retryAfterSeconds === null ? {} : { 'retry-after': inWords })
}
