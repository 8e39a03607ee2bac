/**
 * What the service answers when it refuses. Codes and messages are the service's own, from its error guide
 * (learn.microsoft.com/azure/ai-services/document-intelligence/how-to-guides/resolve-errors) and from recorded answers; what its gateway
 * refuses before the service sees it (key, rate, path, version) has the number as code and no innererror.
 */
export type ErrorBody = {
  error: { code: string; message: string; innererror?: { code: string; message: string } }
}

/** Thrown to end a request with an error answer. */
export class ServiceError extends Error {
  override name = 'ServiceError'
  readonly status: number
  readonly body: ErrorBody

  constructor(status: number, body: ErrorBody) {
    super(`${status} ${JSON.stringify(body)}`)
    this.status = status
    this.body = body
  }
}

const TOP = {
  InvalidRequest: { status: 400, message: 'Invalid request.' },
  InvalidArgument: { status: 400, message: 'Invalid argument.' },
  NotFound: { status: 404, message: 'Resource not found.' },
} as const

export function serviceError(top: keyof typeof TOP, code: string, message: string): ServiceError {
  const { status, message: topMessage } = TOP[top]
  return new ServiceError(status, { error: { code: top, message: topMessage, innererror: { code, message } } })
}

/** A refusal that was recorded, with the status that its code has. */
export const refusedAs = (error: ErrorBody['error']): ServiceError =>
  new ServiceError(TOP[error.code as keyof typeof TOP]?.status ?? (Number(error.code) || 400), { error })

export const invalidParameter = (name: string, details: string): ServiceError =>
  serviceError('InvalidArgument', 'InvalidParameter', `The parameter ${name} is invalid: ${details}`)

export const plainError = (status: number, code: string, message: string): ServiceError =>
  new ServiceError(status, { error: { code, message } })

export const invalidContent = (): ServiceError =>
  serviceError(
    'InvalidRequest',
    'InvalidContent',
    'The file is corrupted or format is unsupported. Refer to documentation for the list of supported formats.',
  )

export const operationNotFound = (): ServiceError =>
  serviceError(
    'NotFound',
    'OperationNotFound',
    'The requested operation was not found. The identifier may be invalid or the operation may have expired.',
  )

export const accessDenied = (): ServiceError =>
  plainError(
    401,
    '401',
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
  )

/** Of an unknown path, and of an api-version that is missing or not offered. */
export const gatewayNotFound = (): ServiceError => plainError(404, '404', 'Resource not found')

export const tooManyRequests = (kind: 'post' | 'get', retryAfterSeconds: number | null): ServiceError =>
  plainError(
    429,
    '429',
    `Requests to the ${kind === 'post' ? 'Analyze Document' : 'Get Analyze Result'} Operation under Document Intelligence have exceeded call rate limit of your current pricing tier.${retryAfterSeconds === null ? '' : ` Please retry after ${retryAfterSeconds} seconds.`}`,
  )
