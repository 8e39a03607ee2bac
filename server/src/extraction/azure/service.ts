import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { AnalyzeOptions } from '@adp/contract/extraction-options.ts'
import type { KeyCredential, TokenCredential } from '@azure/core-auth'
import createClient, { type AnalyzeDocumentFromStreamParameters } from '@azure-rest/ai-document-intelligence'
import { ExtractionError } from '../extractor.ts'
import { retryAfterMs } from './retry-after.ts'
import { describe, refusal } from './service-error.ts'

/** What came of a request that is paid for. `unknown`: the service may have accepted it, and nobody can find out. */
export type Submitted =
  | { kind: 'accepted'; location: string }
  | { kind: 'throttled'; retryAfterMs: number | null; detail: string }
  | { kind: 'refused'; error: ExtractionError }
  | { kind: 'unknown'; detail: string }

/** `answer`: its body is in the file. `gone`: the service has no such operation any more. */
export type Polled =
  | { kind: 'answer'; retryAfterMs: number | null }
  | { kind: 'throttled'; retryAfterMs: number | null; detail: string }
  | { kind: 'unavailable'; detail: string }
  | { kind: 'gone'; detail: string }

export type SubmitRequest = {
  path: string
  contentType: string
  model: string
  options: RequestOptions
}
/** `pages`: like 1-3,5; all without it. */
export type RequestOptions = Omit<AnalyzeOptions, 'model'> & { pages?: string }
export type Service = {
  readonly endpoint: string
  /** A signal ends it only as long as the document is not sent: after that, an answer nobody waits for is one paid for and lost. */
  submit(request: SubmitRequest, signal: AbortSignal): Promise<Submitted>
  /** Asks for an operation, and writes the body of an answer to a file, however large. @throws the signal's reason */
  poll(location: string, file: string, signal: AbortSignal): Promise<Polled>
}

/** A document of 500 MB over a line of 10 Mbit/s. */
const SUBMIT_TIMEOUT_MS = 10 * 60_000
const POLL_TIMEOUT_MS = 10 * 60_000

/** Failures before a connection stood, so that nothing was sent: of the network, and of a certificate (nodejs.org/api/tls.html, X509). */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
/** A quota of a gateway is over (API Management's `quota` policy says so with 403); it may not say until when. */
const QUOTA_MS = 60 * 60_000
/** Names of the errors of @azure/identity when no way to a token led anywhere; nothing was sent then. */
const NO_CREDENTIALS = new Set([
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
])
/** Said by a gateway whose server did not answer in time: that server may be at work. */
const MAY_BE_AT_WORK = new Set([408, 502, 504])

/**
 * Azure Document Intelligence over its official SDK, of which only transport and types are used: its poller ends an operation at a
 * throttled poll, and its retries may send a document again that was accepted, and is then paid for twice.
 * @param endpoint of the resource, e.g. https://name.cognitiveservices.azure.com; plain http is for an emulator
 */
export function createService(endpoint: string, credential: KeyCredential | TokenCredential): Service {
  const insecure = new URL(endpoint).protocol === 'http:'
  // A gateway before the service may say back what it was sent, and what it says ends up in the log, the database and answers.
  const withoutKey = (text: string) => ('key' in credential ? text.replaceAll(credential.key, '***') : text)
  const bodyText = async (body: unknown) => (body ? withoutKey(await text(body as Readable)) : '')
  const detailOf = (error: unknown) => withoutKey(explain(error))
  const client = createClient(endpoint.replace(/\/+$/, ''), credential, {
    allowInsecureConnection: insecure,
    retryOptions: { maxRetries: 0 },
  })
  client.pipeline.addPolicy({
    name: 'aFreshConnectionForWhatIsPaidFor',
    // A kept connection may be closed by the service at the moment of the request, and then nobody knows whether it arrived.
    sendRequest(request, next) {
      if (request.method === 'POST') request.disableKeepAlive = true
      return next(request)
    },
  })

  const hideKey: Parameters<typeof client.pipeline.addPolicy>[0] = {
    name: 'hideKey',
    async sendRequest(request, next) {
      const response = await next(request)
      for (const [name, value] of [...response.headers]) response.headers.set(name, withoutKey(value))
      return response
    },
  }
  // Nearer to the wire than the SDK's own log, which has headers in it when AZURE_LOG_LEVEL asks for it.
  client.pipeline.addPolicy(hideKey, { afterPhase: 'Sign', afterPolicies: ['logPolicy'] })

  return {
    endpoint,
    async submit({ path, contentType, model, options }, signal) {
      const body = createReadStream(path)
      const giveUp = new AbortController()
      const { size } = await stat(path)
      // Its end comes later: the service may have had the last byte by then, and accepted the document.
      const isSent = () => body.bytesRead >= size
      const abort = () => isSent() || giveUp.abort(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      try {
        signal.throwIfAborted()
        const response = await client
          .path('/documentModels/{modelId}:analyze', model)
          .post({
            contentType: contentType as AnalyzeDocumentFromStreamParameters['contentType'],
            body,
            headers: { 'Content-Length': String(size) },
            // Over the answer's body too, unlike the SDK's own time limit.
            abortSignal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(SUBMIT_TIMEOUT_MS)]),
            queryParameters: queryOf(options),
          } as AnalyzeDocumentFromStreamParameters)
          .asNodeStream()
        return submitted(Number(response.status), response.headers, await bodyText(response.body))
      } catch (error) {
        const detail = detailOf(error)
        if (NO_CREDENTIALS.has((error as Error).name))
          return { kind: 'refused', error: new ExtractionError('credentials_unavailable', detail) }
        if (!isSent() || NOT_CONNECTED.has(codeOf(error)))
          return { kind: 'refused', error: new ExtractionError('provider_unavailable', detail) }
        return { kind: 'unknown', detail }
      } finally {
        signal.removeEventListener('abort', abort)
        body.destroy()
      }
    },

    async poll(location, file, signal) {
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(POLL_TIMEOUT_MS)])
      try {
        const { model, result } = requireOperation(location)
        const response = await client
          .path('/documentModels/{modelId}/analyzeResults/{resultId}', model, result)
          .get({ abortSignal: inTime })
          .asNodeStream()
        const header = (name: string) => response.headers[name]
        const status = Number(response.status)
        if (status === 200 && response.body) {
          await pipeline(response.body as Readable, createWriteStream(file, { mode: 0o600 }), {
            signal: inTime,
          })
          return { kind: 'answer', retryAfterMs: retryAfterMs(header, Date.now()) }
        }
        const detail = describe(status, await bodyText(response.body))
        if (status === 429) return { kind: 'throttled', retryAfterMs: retryAfterMs(header, Date.now()), detail }
        if (status === 404 && detail.includes('OperationNotFound')) return { kind: 'gone', detail }
        return { kind: 'unavailable', detail }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof ExtractionError) throw error
        return { kind: 'unavailable', detail: detailOf(error) }
      }
    },
  }
}

/** Fields are refused without the feature that looks for them. */
const featuresOf = ({ features = [], query_fields = [] }: RequestOptions) =>
  new Set([...features, ...(query_fields.length > 0 ? ['queryFields'] : [])])

const queryOf = (options: RequestOptions, features = featuresOf(options)) => ({
  // Spans are to fit JavaScript's strings.
  stringIndexType: 'utf16CodeUnit',
  ...(options.pages !== undefined && { pages: options.pages }),
  ...(options.locale !== undefined && { locale: options.locale }),
  ...(features.size > 0 && { features: [...features] }),
  ...(options.query_fields?.length && { queryFields: options.query_fields }),
  ...(options.output_format !== undefined && { outputContentFormat: options.output_format }),
})

function submitted(status: number, headers: Record<string, string | undefined>, body: string): Submitted {
  const detail = describe(status, body)
  if (status === 429)
    return { kind: 'throttled', retryAfterMs: retryAfterMs((name) => headers[name], Date.now()), detail }
  if (status === 202) {
    const location = headers['operation-location'] ?? ''
    // Accepted, and no way to ask for the result: it cannot be told from an answer that was lost.
    return parseOperation(location)
      ? { kind: 'accepted', location }
      : { kind: 'unknown', detail: `202 with the Operation-Location "${location}"` }
  }
  if (status === 403 && /quota/i.test(body))
    return { kind: 'throttled', retryAfterMs: retryAfterMs((name) => headers[name], Date.now()) ?? QUOTA_MS, detail }
  if (MAY_BE_AT_WORK.has(status)) return { kind: 'unknown', detail }
  if (status >= 500) return { kind: 'refused', error: new ExtractionError('provider_unavailable', detail) }
  return { kind: 'refused', error: refusal(status, body) }
}

const OPERATION = /\/documentModels\/([^/]+)\/analyzeResults\/([^/]+)$/

/**
 * The two ids in an Operation-Location. It is never followed, so that the key goes to the endpoint alone: behind a gateway it names the
 * service's own host, or a path without the gateway's prefix (Azure/azure-sdk-for-python#38696).
 */
function parseOperation(location: string): { model: string; result: string } | null {
  if (!URL.canParse(location)) return null
  const [, model, result] = OPERATION.exec(new URL(location).pathname) ?? []
  return model && result ? { model: decodeURIComponent(model), result: decodeURIComponent(result) } : null
}

function requireOperation(location: string): { model: string; result: string } {
  const operation = parseOperation(location)
  if (operation) return operation
  throw new ExtractionError('internal_error', `The operation ${location} cannot be asked for`)
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? '')

/** The message alone: errors of the SDK carry their request, and with it the key. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return [codeOf(error), message].filter(Boolean).join(': ')
}
