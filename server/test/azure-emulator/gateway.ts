import type { IncomingMessage, ServerResponse } from 'node:http'
import { handleAnalyze } from './analyze.ts'
import { API_VERSION } from './api-version.ts'
import type { Exchange, Shared } from './exchange.ts'
import type { RequestKind } from './faults.ts'
import { createTokenBucket, TIERS } from './limits.ts'
import { sendJson } from './responding.ts'
import { handleResult } from './result.ts'
import { accessDenied, gatewayNotFound, plainError, type ServiceError, tooManyRequests } from './service-error.ts'

const ANALYZE = /^\/documentintelligence\/documentModels\/([^/]+):analyze$/
const RESULT = /^\/documentintelligence\/documentModels\/([^/]+)\/analyzeResults\/([^/]+)$/

/** What stands before the service: it routes, knows the keys and counts the requests of a second. */
export function createGateway(shared: Shared) {
  const { settings, books } = shared
  const rates = shared.limits === undefined ? TIERS[settings.tier].rates : shared.limits
  const buckets = rates && { post: createTokenBucket(rates.post), get: createTokenBucket(rates.get) }
  const numbers = { post: 0, get: 0, delete: 0 }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', shared.endpoint())
    const [, analyzedModel] = ANALYZE.exec(url.pathname) ?? []
    const [, resultModel, operationId] = RESULT.exec(url.pathname) ?? []
    const modelId = analyzedModel ?? resultModel
    if (modelId === undefined) return refuse(request, response, gatewayNotFound())
    const kind = kindOf(request.method, analyzedModel !== undefined)
    if (!kind) {
      const message = 'The requested HTTP method is not allowed.'
      return refuse(request, response, plainError(405, 'MethodNotAllowed', message))
    }
    books.arrived(kind, settings.now())
    numbers[kind] += 1
    // What is destroyed or hangs never finishes, and says itself how it ended.
    response.once('finish', () => books.answered(kind, String(response.statusCode)))
    if (!isAllowed(request, settings.key)) return refuse(request, response, accessDenied())
    if (url.searchParams.get('api-version') !== API_VERSION) return refuse(request, response, gatewayNotFound())
    const exchange: Exchange = {
      ...shared,
      request,
      response,
      url,
      kind,
      n: numbers[kind],
      modelId: decodeURIComponent(modelId),
      takeToken() {
        if (kind === 'delete' || !buckets) return null
        const waitMs = buckets[kind].take(settings.now())
        if (waitMs === 0) return null
        books.exceeded(kind)
        const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
        return { error: tooManyRequests(kind, retryAfterSeconds), retryAfterSeconds }
      },
    }
    return kind === 'post' ? handleAnalyze(exchange) : handleResult(exchange, operationId ?? '')
  }
}

function kindOf(method: string | undefined, isAnalyze: boolean): RequestKind | undefined {
  if (isAnalyze) return method === 'POST' ? 'post' : undefined
  return method === 'GET' ? 'get' : method === 'DELETE' ? 'delete' : undefined
}

const isAllowed = ({ headers }: IncomingMessage, key: string): boolean =>
  headers['ocp-apim-subscription-key'] === key || headers.authorization === `Bearer ${key}`

/** Reads what is still coming first: who is still sending cannot read an answer. */
async function refuse(request: IncomingMessage, response: ServerResponse, error: ServiceError): Promise<void> {
  for await (const _ of request);
  sendJson(response, error.status, error.body)
}
