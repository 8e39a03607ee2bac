import { ERRORS, type ErrorCode, Problem } from '@adp/contract/errors.ts'

/** What goes wrong on this side of the connection, beside the server's own codes. */
export const CLIENT_ERROR_CODES = ['unreachable', 'unexpected_answer', 'cancelled'] as const
export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number]

/** Every failure of api.ts. People read the words of `code` in their language; `detail` is the technical side of it. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: ErrorCode | ClientErrorCode
  readonly detail: string

  constructor(code: ErrorCode | ClientErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options)
    this.code = code
    this.detail = detail
  }
}

/** Whether the same request, or the same job, may work later without anybody changing anything. */
export const isRetryable = (code: ApiError['code']): boolean => !(code in ERRORS) || ERRORS[code as ErrorCode].retryable

// What proxies answer when the server behind them is away.
const GATEWAY_STATUSES = [502, 503, 504]

/**
 * The error that an answer with a status of 400 or more stands for.
 * @param body the answer's text: a problem document, or whatever a proxy put in its place
 */
export function errorFromAnswer(status: number, body: string): ApiError {
  const problem = Problem.safeParse(jsonOrNull(body))
  if (problem.success) {
    const { code, title, detail, instance } = problem.data
    // Without more to say the server repeats the sentence of the code, and people would read it twice.
    const said = detail === title ? '' : detail
    // What its action sends people to the log for.
    return new ApiError(code, code === 'internal_error' ? `${said} instance: ${instance}`.trim() : said)
  }
  return new ApiError(GATEWAY_STATUSES.includes(status) ? 'unreachable' : 'unexpected_answer', `HTTP ${status}`)
}

/** Anything that was thrown, as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError('unexpected_answer', error instanceof Error ? error.message : String(error), { cause: error })
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
