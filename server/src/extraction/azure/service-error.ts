import type { ErrorCode } from '@adp/contract/errors.ts'
import { z } from 'zod'
import { ExtractionError } from '../extractor.ts'
import { ProviderError } from './answer.ts'

/** `{error:{code,message,innererror:{code,message}}}`; the gateway's own errors have the number for code and nothing inside. */
const Body = z.object({ error: ProviderError })

/** Codes of the service that say more than their status (its page "Document Intelligence error codes"). */
const INNER_CODES: Record<string, ErrorCode> = {
  ModelNotFound: 'model_not_found',
  InvalidContent: 'file_corrupt',
  InvalidContentLength: 'file_too_large',
  InvalidContentDimensions: 'image_too_large',
  UnsupportedContent: 'unsupported_type',
}

const STATUS_CODES: Record<number, ErrorCode> = {
  401: 'credentials_refused',
  403: 'credentials_refused',
  413: 'file_too_large',
  415: 'unsupported_type',
}

/** What a status of 4xx means for the document. @param body as it was received, JSON or not */
export function refusal(status: number, body: string): ExtractionError {
  const error = parse(body)
  const inner = error?.innererror?.code
  const code = INNER_CODES[inner ?? ''] ?? STATUS_CODES[status] ?? 'provider_rejected'
  return new ExtractionError(code, describe(status, body))
}

/** What an operation that ended as `failed` means. @param error of the answer, as it was received */
export function failedOperation(error: ProviderError | undefined): ExtractionError {
  const codes = [error?.innererror?.code, ...(error?.details ?? []).map(({ code }) => code), error?.code]
  const code = codes.flatMap((one) => INNER_CODES[one ?? ''] ?? []).at(0) ?? 'provider_failed'
  return new ExtractionError(code, error ? sentence(error) : 'failed without a reason')
}

/** An answer of the service in a line: its status, and its reason, or how its body begins. */
export function describe(status: number, body: string): string {
  const error = parse(body)
  return `${status} ${error ? sentence(error) : body.replaceAll(/\s+/g, ' ').slice(0, 200)}`.trim()
}

function parse(body: string): ProviderError | null {
  try {
    return Body.safeParse(JSON.parse(body)).data?.error ?? null
  } catch {
    return null
  }
}

const sentence = ({ code, message, innererror, details = [] }: ProviderError): string =>
  [
    `${code}: ${message}`,
    ...[innererror, ...details].flatMap((one) => (one?.message ? `${one.code ?? ''}: ${one.message}` : [])),
  ].join(' ')
