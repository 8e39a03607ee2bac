import path from 'node:path'
import type { AnalyzeOptions } from '@adp/contract/extraction-options.ts'
import { formatPageRanges, rangesOf } from '@adp/contract/page-ranges.ts'
import type { Logger } from 'pino'
import type { Queryable } from '../../db/client.ts'
import { withScratchFolder } from '../../storage/scratch.ts'
import {
  ExtractionError,
  type ExtractionInput,
  type Extractor,
  type Postponement,
  type ProviderEvents,
  type Step,
} from '../extractor.ts'
import { countWanted, isWanted } from '../wanted-pages.ts'
import { type Bucket, holdBack, nextToken, type Rate, takeToken } from './budget.ts'
import { type AnalyzeOperation, inRuns, type PageFrame, parseOperation } from './operation.ts'
import { pollDelayMs, RESULT_KEPT_MS } from './poll-schedule.ts'
import { azureTypeOf, isReadable, requireReadable } from './readable-types.ts'
import type { RequestOptions, Service } from './service.ts'
import { isBroken, takeAnswer } from './take-answer.ts'

export type AzureExtractorOptions = {
  service: Service
  /** Where the fleet's budget is. */
  db: Queryable
  /** Counts the pages of a document and measures them, before anything is paid. @throws ExtractionError file_encrypted and the like */
  measure: (input: ExtractionInput, signal: AbortSignal) => Promise<PageFrame[]>
  defaults: AnalyzeOptions
  /** Takes prebuilt-layout when the model asked for does not exist. */
  fallBackToLayout: boolean
  rates: { post: Rate; get: Rate }
  log: Logger
  now?: () => number
}

export type AzureExtractor = Extractor & {
  /** Does what `begin` does with a document whose pages are known, all of them, and announced. */
  analyze(input: ExtractionInput, frames: PageFrame[], events: ProviderEvents, signal: AbortSignal): Promise<Step>
}

const FALLBACK_MODEL = 'prebuilt-layout'
const USED_UP = 'the requests of this moment are used up'
/** A throttle that does not say how long it lasts. */
const THROTTLE_MS = 1_000
/** A header that is wrong, or a quota of a month, does not stop the fleet for longer without a look. */
const LONGEST_THROTTLE_MS = 60 * 60_000
const throttleMs = ({ retryAfterMs }: { retryAfterMs: number | null }) =>
  Math.min(LONGEST_THROTTLE_MS, retryAfterMs ?? THROTTLE_MS)
const MISSING_FOR_MS = 10 * 60_000
/** As long as a 404 for an operation is not believed. */
const SURE_TO_BE_KNOWN_MS = 10 * 60_000
/** Between two tries to reach a service that is away: as long as it is already away, within these. */
const [SHORTEST_RETRY_MS, LONGEST_RETRY_MS] = [2_000, 300_000]

/**
 * The extractor whose work Azure Document Intelligence does. `begin` submits; the document then waits for its result without holding a
 * slot, and `resume` asks for it. An accepted document is continued until its result has come or is gone, through any fault, since it is paid for.
 */
export function createAzureExtractor(options: AzureExtractorOptions): AzureExtractor {
  const { service, db, rates, log, now = Date.now } = options
  /** Models that do not exist, and since when that is known: asked for anew for each document, they would use up half of the requests. */
  const missing = new Map<string, number>()
  const isMissing = (model: string) =>
    options.fallBackToLayout && now() - (missing.get(model) ?? Number.NEGATIVE_INFINITY) < MISSING_FOR_MS
  const bucket = (kind: Bucket['kind']): Bucket => ({ endpoint: service.endpoint, kind })

  async function begin(input: ExtractionInput, events: ProviderEvents, signal: AbortSignal): Promise<Step> {
    requireReadable(input.contentType)
    const frames = await options.measure(input, signal)
    await events.onOpened(countWanted(input, frames.length))
    return analyze(input, frames, events, signal)
  }

  async function analyze(
    input: ExtractionInput,
    frames: PageFrame[],
    events: ProviderEvents,
    signal: AbortSignal,
  ): Promise<Step> {
    const wanted = frames.filter(({ pageNumber }) => isWanted(input, pageNumber))
    if (wanted.length === 0) return { kind: 'done' }
    const { model = 'prebuilt-read', ...analyzeOptions } = { ...options.defaults, ...input.options }
    const pages = formatPageRanges(rangesOf(wanted.map(({ pageNumber }) => pageNumber)))
    const request = { ...analyzeOptions, ...(wanted.length < frames.length && { pages }) }
    return submit(input, wanted, isMissing(model) ? FALLBACK_MODEL : model, request, events, signal)
  }

  async function submit(
    input: ExtractionInput,
    frames: PageFrame[],
    model: string,
    analyzeOptions: RequestOptions,
    events: ProviderEvents,
    signal: AbortSignal,
  ): Promise<Step> {
    const permission = await events.onSubmitting({ endpoint: service.endpoint, model, pages: frames.length })
    if (permission.kind === 'postponed') return { kind: 'postponed', ...permission.postponement }
    if (permission.kind === 'submitted') return { kind: 'wait', operation: permission.operation, pollAt: { inMs: 0 } }

    // The last thing before the request: with the mark's commit in between, requests came in bunches, and three were above the limit.
    const token = await takeToken(db, bucket('POST'), rates.post)
    if (!token.granted) {
      await events.onSubmitted({ kind: 'unsent' })
      return { kind: 'postponed', ...throttled(token.until, USED_UP) }
    }
    const { path } = input
    const contentType = azureTypeOf(input.contentType)
    const result = await service.submit({ path, contentType, model, options: analyzeOptions }, signal)
    switch (result.kind) {
      case 'accepted': {
        const operation = JSON.stringify({
          ...{ location: result.location, model, submittedAt: now(), pages: inRuns(frames) },
        } satisfies AnalyzeOperation)
        await events.onSubmitted({ kind: 'accepted', operation })
        return { kind: 'wait', operation, pollAt: { inMs: pollDelayMs(0) } }
      }
      case 'throttled': {
        await events.onSubmitted({ kind: 'refused' })
        const until = await holdBack(db, bucket('POST'), rates.post, throttleMs(result))
        return { kind: 'postponed', ...throttled(until, result.detail) }
      }
      case 'refused':
        await events.onSubmitted({ kind: 'refused' })
        if (result.error.code === 'model_not_found' && options.fallBackToLayout && model !== FALLBACK_MODEL) {
          log.warn({ model, fallback: FALLBACK_MODEL }, 'the model does not exist')
          missing.set(model, now())
          return submit(input, frames, FALLBACK_MODEL, analyzeOptions, events, signal)
        }
        throw result.error
      case 'unknown':
        throw new ExtractionError('provider_unavailable', `It may have been accepted: ${result.detail}`)
    }
  }

  const throttled = (until: Date, detail: string): Postponement => ({
    ...{ code: 'provider_throttled', detail, until, spacingMs: 1000 / rates.post.perSecond },
  })

  async function holdsBack(): Promise<Postponement | null> {
    const until = await nextToken(db, bucket('POST'), rates.post)
    return until && throttled(until, USED_UP)
  }

  async function resume(text: string, events: ProviderEvents, signal: AbortSignal): Promise<Step> {
    const operation = parseOperation(text)
    const elapsed = now() - operation.submittedAt
    const waitMs = (ms: number): Step => ({ kind: 'wait', operation: text, pollAt: { inMs: ms } })
    const token = await takeToken(db, bucket('GET'), rates.get)
    if (!token.granted) return { kind: 'wait', operation: text, pollAt: token.turn }

    return withScratchFolder(async (folder) => {
      const file = path.join(folder, 'answer.json')
      const polled = await service.poll(operation.location, file, signal)
      const retry = (detail: string): Step => {
        if (elapsed > RESULT_KEPT_MS) throw new ExtractionError('operation_expired', detail)
        log.warn(
          { detail, operation: operation.location },
          'the result could not be fetched; it is paid for, so it is tried again',
        )
        return waitMs(Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, elapsed / 2)))
      }
      switch (polled.kind) {
        case 'gone':
          // One that was accepted just now may not have come to every server of theirs.
          if (elapsed < SURE_TO_BE_KNOWN_MS) return retry(polled.detail)
          throw new ExtractionError('operation_expired', polled.detail)
        case 'unavailable':
          return retry(polled.detail)
        case 'throttled': {
          const ms = throttleMs(polled)
          await holdBack(db, bucket('GET'), rates.get, ms)
          // Nothing was learned, so the next is no later than the first would be; the bucket keeps the rate.
          return waitMs(Math.max(ms, pollDelayMs(0)))
        }
        case 'answer':
      }
      try {
        const taken = await takeAnswer({ file, folder }, operation, events, signal)
        if (taken === 'running' && elapsed > RESULT_KEPT_MS)
          throw new ExtractionError('operation_expired', 'The provider has been at it for more than a day')
        return taken === 'done' ? { kind: 'done' } : waitMs(pollDelayMs(elapsed, polled.retryAfterMs))
      } catch (error) {
        if (isBroken(error)) return retry(error.message)
        throw error
      }
    })
  }

  return { provider: 'azure', reads: isReadable, holdsBack, begin, analyze, resume }
}
