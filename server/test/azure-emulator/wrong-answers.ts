import { type Exchange, sendTooManyRequests } from './exchange.ts'
import type { Fault, FaultRequest } from './faults.ts'
import { sendHtml, sendJson } from './responding.ts'
import { tooManyRequests } from './service-error.ts'

const FITS: Record<FaultRequest['kind'], readonly Fault['kind'][]> = {
  post: ['status', 'html502', 'reset', 'hang', '429', 'failed', 'foreign host'],
  get: [
    'status',
    'html502',
    'reset',
    'hang',
    '429',
    'failed',
    'truncated',
    'cut',
    'other document',
    'other model',
    'fewer pages',
    'old shape',
  ],
  delete: ['status', 'html502', 'reset', 'hang'],
}

/**
 * Asks the script about a request.
 * @throws Error when it names a fault that this kind of request cannot have: it would silently do nothing
 */
export function askForFault({ settings, kind, n, startedAtMs }: Exchange, known: Partial<FaultRequest>): Fault | null {
  const fault = settings.faults({ ...known, kind, n, atMs: settings.now() - startedAtMs })
  if (fault && !FITS[kind].includes(fault.kind)) throw new Error(`a ${kind} cannot have the fault ${fault.kind}`)
  return fault
}

/** Gives the fault's answer in place of the right one, if it is the time for it. @returns whether the request is over */
export function dealInPlace(
  exchange: Exchange,
  fault: Fault | null,
  moment: 'before accepting' | 'after accepting',
): boolean {
  if (!fault) return false
  const when = 'when' in fault ? (fault.when ?? 'before accepting') : 'before accepting'
  if ((exchange.kind === 'post' && when !== moment) || !sendWrong(exchange, fault)) return false
  exchange.books.dealt(fault.kind)
  return true
}

function sendWrong(exchange: Exchange, fault: Fault): boolean {
  const { response, books, kind } = exchange
  switch (fault.kind) {
    case 'status':
      sendJson(response, fault.status, {
        error:
          fault.status === 503
            ? { code: 'ServiceUnavailable', message: 'A transient error has occurred. Try again.' }
            : { code: 'InternalServerError', message: 'An unexpected error occurred.' },
      })
      return true
    case 'html502':
      sendHtml(response, 502)
      return true
    case 'reset':
      books.answered(kind, 'reset')
      response.destroy()
      return true
    case 'hang':
      books.answered(kind, 'hang')
      return true
    case '429':
      sendTooManyRequests(
        exchange,
        tooManyRequests(kind === 'post' ? 'post' : 'get', fault.retryAfter),
        fault.retryAfter,
      )
      return true
    default:
      return false
  }
}
