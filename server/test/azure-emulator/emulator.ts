import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { framesOf, generateResult, selectFrames } from './generated-result.ts'
import { NO_OPERATION, type Refusal, refusalBody, refuse, TOO_MANY, UNAUTHORIZED } from './refusals.ts'
import { createBucket } from './token-bucket.ts'

/**
 * Azure Document Intelligence, API 2024-11-30, as far as recordings and its documentation tell: strict with requests, and wrong on purpose
 * when told to be. Its clock is the test's.
 */
export type EmulatorOptions = {
  key: string
  now?: () => number
  /** From accepting until succeeded. */
  analysisMs?: number
  limits?: { post: Limit; get: Limit }
  customModels?: string[]
  /** A recorded answer's analyzeResult for a document, instead of a generated one. */
  recorded?: (sha256: string) => unknown
  /** What goes wrong with a request; null for nothing. */
  fault?: (request: EmulatedRequest) => Fault | null
  /** Awaited at these moments: a test may kill its client there. */
  at?: (moment: 'before accepting' | 'accepted' | 'before result', request: EmulatedRequest) => Promise<void> | void
}
export type Limit = { perSecond: number; burst: number }
export type EmulatedRequest = { kind: 'POST' | 'GET'; n: number; at: number }
export type Fault =
  | { kind: 'status'; status: number; html?: boolean }
  | { kind: 'throttle'; retryAfter: string | null }
  | { kind: 'reset'; accepted: boolean }
  | { kind: 'analysis fails' }
  | { kind: 'truncated' }
  | { kind: 'cut' }
  | { kind: 'fewer pages' }
  | { kind: 'other model' }
  | { kind: 'foreign host' }

export type Billed = { sha256: string; model: string; pages: number; at: number }
type Operation = {
  model: string
  acceptedAt: number
  body: Buffer
  sha256: string
  query: URLSearchParams
  fails: boolean
}

const KEPT_MS = 24 * 60 * 60 * 1000
const ANALYZE = /^\/documentintelligence\/documentModels\/([^/:]+):analyze$/
const RESULT = /^\/documentintelligence\/documentModels\/([^/]+)\/analyzeResults\/([^/]+)$/

export async function startAzureEmulator(options: EmulatorOptions) {
  const { now = Date.now, analysisMs = 1_000, at = () => {} } = options
  const operations = new Map<string, Operation>()
  const billed: Billed[] = []
  const requests: (EmulatedRequest & { status: number })[] = []
  const exceeded = { POST: 0, GET: 0 }
  const buckets = options.limits && {
    POST: createBucket(options.limits.post, now),
    GET: createBucket(options.limits.get, now),
  }
  let url = ''

  const server = createServer((request, response) => {
    void answer(request, response).catch((error) => {
      if (!response.destroyed) send(response, 500, { error: { code: 'InternalServerError', message: String(error) } })
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const kind = request.method === 'POST' ? 'POST' : 'GET'
    const mine = { kind, n: requests.filter((one) => one.kind === kind).length, at: now() } as const
    const record = { ...mine, status: 0 }
    if (request.method !== 'DELETE') requests.push(record)
    response.once('finish', () => {
      record.status = response.statusCode
    })
    const body = await buffer(request)
    if (request.headers['ocp-apim-subscription-key'] !== options.key) return sendRefusal(response, UNAUTHORIZED)
    const analyze = ANALYZE.exec(pathname)
    const result = RESULT.exec(pathname)
    if (request.method === 'DELETE' && result) return remove(response, result[2] ?? '')
    const fault = options.fault?.(mine) ?? null
    if (await misbehave(response, fault)) return
    if (buckets && !buckets[kind].take()) {
      exceeded[kind] += 1
      response.setHeader('Retry-After', '1')
      return sendRefusal(response, TOO_MANY)
    }
    if (kind === 'POST' && analyze)
      return accept(response, decodeURIComponent(analyze[1] ?? ''), searchParams, body, fault, mine)
    if (request.method === 'GET' && result) return tell(response, result[2] ?? '', fault, mine)
    send(response, 404, { error: { code: '404', message: 'Resource not found' } })
  }

  async function accept(
    response: ServerResponse,
    model: string,
    query: URLSearchParams,
    body: Buffer,
    fault: Fault | null,
    mine: EmulatedRequest,
  ) {
    await at('before accepting', mine)
    const refusal = refuse(model, query, body, options.customModels ?? [])
    if (refusal) return sendRefusal(response, refusal)
    const [id, sha256] = [randomUUID(), createHash('sha256').update(body).digest('hex')]
    const frames = await framesOf(body).catch(() => [])
    operations.set(id, { model, acceptedAt: now(), body, sha256, query, fails: fault?.kind === 'analysis fails' })
    if (fault?.kind !== 'analysis fails')
      billed.push({ sha256, model, pages: selectFrames(frames, query.get('pages')).length, at: now() })
    await at('accepted', mine)
    if (fault?.kind === 'reset') return void response.destroy()
    const host = fault?.kind === 'foreign host' ? 'https://elsewhere.example' : url
    response.setHeader(
      'Operation-Location',
      `${host}/documentintelligence/documentModels/${model}/analyzeResults/${id}?api-version=2024-11-30`,
    )
    response.writeHead(202).end()
  }

  async function tell(response: ServerResponse, id: string, fault: Fault | null, mine: EmulatedRequest): Promise<void> {
    const operation = operations.get(id)
    if (!operation || now() - operation.acceptedAt > KEPT_MS) return sendRefusal(response, NO_OPERATION)
    const elapsed = now() - operation.acceptedAt
    const envelope = {
      createdDateTime: new Date(operation.acceptedAt).toISOString(),
      lastUpdatedDateTime: new Date(now()).toISOString(),
    }
    if (elapsed < analysisMs) {
      response.setHeader('Retry-After', '1')
      return send(response, 200, { status: elapsed < analysisMs / 4 ? 'notStarted' : 'running', ...envelope })
    }
    if (operation.fails) return send(response, 200, { status: 'failed', ...envelope, error: FAILED })
    await at('before result', mine)
    const analyzeResult = options.recorded?.(operation.sha256) ?? (await analyzeNow(operation, fault))
    const text = JSON.stringify({ status: 'succeeded', ...envelope, analyzeResult })
    if (fault?.kind === 'truncated') return void response.writeHead(200, JSON_TYPE).end(text.slice(0, text.length / 2))
    if (fault?.kind !== 'cut') return void response.writeHead(200, JSON_TYPE).end(text)
    response
      .writeHead(200, { ...JSON_TYPE, 'Content-Length': Buffer.byteLength(text) })
      .write(text.slice(0, text.length / 2))
    setImmediate(() => response.destroy())
  }

  async function analyzeNow({ body, model, sha256, query }: Operation, fault: Fault | null) {
    const frames = selectFrames(await framesOf(body), query.get('pages'))
    const pages = fault?.kind === 'fewer pages' ? frames.slice(0, -1) : frames
    const claimed = fault?.kind === 'other model' ? 'prebuilt-tax' : model
    return generateResult(claimed, sha256, pages, query.get('stringIndexType') ?? 'textElements')
  }

  function remove(response: ServerResponse, id: string): void {
    if (operations.delete(id)) response.writeHead(204).end()
    else sendRefusal(response, NO_OPERATION)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    /** What would be billed, each accepted document that was not failed once. */
    billed,
    requests,
    /** Requests above the limits. */
    exceeded,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' }
const FAILED = {
  ...{ code: 'InternalServerError', message: 'An unexpected error occurred.' },
  details: [
    { code: 'FailedToSerializeAnalyzeResult', message: 'Failed to serialize analyze results, please contact support.' },
  ],
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, JSON_TYPE).end(JSON.stringify(body))
}

const sendRefusal = (response: ServerResponse, refusal: Refusal) => send(response, refusal.status, refusalBody(refusal))

/** Faults before anything is accepted or looked up. @returns whether that was the answer */
async function misbehave(response: ServerResponse, fault: Fault | null): Promise<boolean> {
  if (fault?.kind === 'status') {
    const html = '<html><head><title>502 Bad Gateway</title></head></html>'
    if (fault.html) response.writeHead(fault.status, { 'Content-Type': 'text/html' }).end(html)
    else
      send(response, fault.status, { error: { code: 'InternalServerError', message: 'An unexpected error occurred.' } })
    return true
  }
  if (fault?.kind === 'throttle') {
    if (fault.retryAfter !== null) response.setHeader('Retry-After', fault.retryAfter)
    sendRefusal(response, TOO_MANY)
    return true
  }
  if (fault?.kind === 'reset' && !fault.accepted) {
    response.destroy()
    return true
  }
  return false
}
