import {
  anyOf,
  type Fault,
  type FaultScript,
  randomFaults,
  throttleEpisodes,
} from '../../../server/test/azure-emulator/faults.ts'

/** `episodes`: for 10 % of the time each request is refused. `independent`: of each ten requests one is, whatever became of the others. */
export const VARIANTS = ['calm', 'episodes', 'independent', 'in-flight'] as const
export type Variant = (typeof VARIANTS)[number]

const THROTTLED = 0.1
const UNAVAILABLE = 0.05
const RESET = 0.01
const EPISODE_SECONDS = 1

const throttle: Fault = { kind: '429', retryAfter: 1 }
const unavailable: Fault = { kind: 'status', status: 503 }
/** Once the request was read, so that nobody but the service knows whether it was accepted. It was not. */
const reset: Fault = { kind: 'reset', when: 'before accepting' }

function rates(seed: number, throttled: number): FaultScript {
  return randomFaults({
    seed,
    rates: (['post', 'get'] as const).flatMap((kind) => [
      { kind, fault: throttle, rate: throttled },
      { kind, fault: unavailable, rate: UNAVAILABLE },
      { kind, fault: reset, rate: RESET },
    ]),
  })
}

export function faultsOf(variant: Variant, seed: number): FaultScript {
  if (variant === 'independent') return rates(seed, THROTTLED)
  if (variant !== 'episodes') return () => null
  const episodes = (kind: 'post' | 'get') =>
    throttleEpisodes({ seed, kind, everyMs: (EPISODE_SECONDS * 1000) / THROTTLED, seconds: EPISODE_SECONDS })
  return anyOf(episodes('post'), episodes('get'), rates(seed, 0))
}

/** What the POSTs of a content met with. */
export type Met = { throttles: number; unavailable: number; resets: number }

/** The script, and what it did to the POSTs of each content. */
export function recorded(script: FaultScript): { faults: FaultScript; met: (sha256: string) => Met } {
  const all = new Map<string, Met>()
  const met = (sha256: string) => all.get(sha256) ?? { throttles: 0, unavailable: 0, resets: 0 }
  return {
    met,
    faults(request) {
      const fault = script(request)
      if (fault && request.kind === 'post' && request.sha256 !== undefined) {
        const soFar = met(request.sha256)
        all.set(request.sha256, {
          throttles: soFar.throttles + Number(fault.kind === '429'),
          unavailable: soFar.unavailable + Number(fault.kind === 'status'),
          resets: soFar.resets + Number(fault.kind === 'reset'),
        })
      }
      return fault
    },
  }
}
