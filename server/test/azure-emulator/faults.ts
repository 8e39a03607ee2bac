import { createHash } from 'node:crypto'
import type { OperationStatus } from './operations.ts'

export type RequestKind = 'post' | 'get' | 'delete'

/** What a fault script is asked about: a request that was read to its end and is about to be answered. */
export type FaultRequest = {
  kind: RequestKind
  /** The number of this request among those of its kind, from 1. */
  n: number
  /** Since the emulator was started, by its clock. */
  atMs: number
  /** Of a get or a delete. */
  operationId?: string
  /** Of a get: what would be answered. */
  status?: OperationStatus
  /** Of the content, where it is known. */
  sha256?: string
}

type When = 'before accepting' | 'after accepting'

/**
 * What goes wrong instead. `when` matters to a POST only: after accepting, the analysis runs and is billed, and the client does not learn it.
 * A fault that spoils a result does nothing to a GET that has none yet, and is not counted then.
 */
export type Fault =
  | { kind: 'status'; status: number; when?: When }
  | { kind: 'html502'; when?: When }
  /** The connection is destroyed without an answer; see `resetUnread` of the options for one before the body is read. */
  | { kind: 'reset'; when?: When }
  /** No answer, and the connection stays open. */
  | { kind: 'hang'; when?: When }
  /** Refused by the gateway; with `retryAfter: null` it does not say for how long. */
  | { kind: '429'; retryAfter: number | null }
  /** POST: the analysis will fail. GET: it has failed. Reported with HTTP 200. */
  | { kind: 'failed' }
  /** POST: Operation-Location names another host. */
  | { kind: 'foreign host' }
  /** GET: half of the JSON, as a complete answer. */
  | { kind: 'truncated' }
  /** GET: half of the JSON, then the connection is destroyed. */
  | { kind: 'cut' }
  /** GET: the result of another operation, or of none. */
  | { kind: 'other document' }
  /** GET: the result says another model made it. */
  | { kind: 'other model' }
  /** GET: the last page is missing. */
  | { kind: 'fewer pages' }
  /** GET: a succeeded answer as API 2.1 or a preview has it. */
  | { kind: 'old shape'; shape: 'v2' | 'preview' }

export type FaultKind = Fault['kind']
/** Asked once for each request. */
export type FaultScript = (request: FaultRequest) => Fault | null

/** A number in [0, 1) that depends on its arguments only: the order in which requests come in changes nothing. */
function draw(...of: (string | number)[]): number {
  return createHash('sha256').update(of.join('|')).digest().readUInt32BE(0) / 2 ** 32
}

export type FaultRate = { kind: RequestKind; fault: Fault /** 0 to 1. */; rate: number }

/**
 * Each request gets the fault of at most one of the rates, independently of all others, and the same one for the same seed, kind and number.
 * @throws RangeError when the rates of a kind of request add up to more than 1
 */
export function randomFaults({ seed, rates }: { seed: number; rates: FaultRate[] }): FaultScript {
  for (const kind of ['post', 'get', 'delete'] as const) {
    const total = rates.reduce((sum, one) => (one.kind === kind ? sum + one.rate : sum), 0)
    if (total > 1 + 1e-9) throw new RangeError(`the rates of ${kind} add up to ${total}`)
  }
  return ({ kind, n }) => {
    let left = draw(seed, kind, n)
    for (const one of rates) {
      if (one.kind !== kind) continue
      if (left < one.rate) return one.fault
      left -= one.rate
    }
    return null
  }
}

export type ThrottleOptions = {
  seed: number
  kind: 'post' | 'get'
  /** An episode begins once in each of these spans, somewhere in it. */
  everyMs: number
  /** How long an episode lasts, and what Retry-After says at its beginning; the answers later in it say the rest. */
  seconds: number
  /** False leaves Retry-After out. */
  tells?: boolean
}

/**
 * What a throttle is: for its whole length EVERY request of the kind is refused, not one in ten.
 * @throws RangeError when an episode does not fit into its span
 */
export function throttleEpisodes({ seed, kind, everyMs, seconds, tells = true }: ThrottleOptions): FaultScript {
  const lengthMs = seconds * 1000
  if (lengthMs > everyMs) throw new RangeError(`an episode of ${seconds} s does not fit into ${everyMs} ms`)
  return (request) => {
    if (request.kind !== kind) return null
    const span = Math.floor(request.atMs / everyMs)
    const beginsMs = span * everyMs + draw(seed, kind, 'episode', span) * (everyMs - lengthMs)
    const leftMs = beginsMs + lengthMs - request.atMs
    if (request.atMs < beginsMs || leftMs <= 0) return null
    return { kind: '429', retryAfter: tells ? Math.max(1, Math.ceil(leftMs / 1000)) : null }
  }
}

/** The first of the scripts that has a fault for the request decides. */
export function anyOf(...scripts: FaultScript[]): FaultScript {
  return (request) => {
    for (const script of scripts) {
      const fault = script(request)
      if (fault) return fault
    }
    return null
  }
}
