import { createHash } from 'node:crypto'
import { pagesToAnalyze, readAnalyzeOptions } from './analyze-options.ts'
import { readAnswer, readRecordedError } from './answers.ts'
import { API_VERSION } from './api-version.ts'
import { openContent } from './content.ts'
import { type Exchange, sendTooManyRequests } from './exchange.ts'
import type { Fault } from './faults.ts'
import { TIERS } from './limits.ts'
import type { Operation } from './operations.ts'
import { readContent } from './request-body.ts'
import { sendEmpty } from './responding.ts'
import { refusedAs, ServiceError } from './service-error.ts'
import { askForFault, dealInPlace } from './wrong-answers.ts'

/** POST …:analyze. Answers 202 with Operation-Location, and from then on the analysis is billed. */
export async function handleAnalyze(exchange: Exchange): Promise<void> {
  const { settings, request, response, books, kind, n, modelId, startedAtMs } = exchange
  if (await settings.resetUnread(n, modelId)) {
    books.dealt('reset unread')
    books.answered(kind, 'reset')
    return void response.destroy()
  }
  // The body is read whatever the answer is; its own faults come after those that the gateway would find.
  const content = await readContent(request, TIERS[settings.tier].bytes).catch((error) => {
    if (error instanceof ServiceError) return error
    throw error
  })
  const known = content instanceof ServiceError ? {} : { sha256: createHash('sha256').update(content).digest('hex') }
  await settings.onRequest({ kind, n, atMs: settings.now() - startedAtMs, ...known })
  const fault = askForFault(exchange, known)
  if (fault?.kind !== '429') {
    const refused = exchange.takeToken()
    if (refused) return sendTooManyRequests(exchange, refused.error, refused.retryAfterSeconds)
  }
  if (dealInPlace(exchange, fault, 'before accepting')) return
  if (content instanceof ServiceError) throw content
  const operation = await accept(exchange, content, known.sha256 as string, fault)
  if (dealInPlace(exchange, fault, 'after accepting')) return
  if (fault?.kind === 'foreign host') books.dealt(fault.kind)
  const host = fault?.kind === 'foreign host' ? 'http://document-intelligence.invalid' : exchange.endpoint()
  sendEmpty(response, 202, { 'operation-location': `${host}${pathOf(operation)}` })
}

const pathOf = ({ modelId, operationId }: Operation): string =>
  `/documentintelligence/documentModels/${modelId}/analyzeResults/${operationId}?api-version=${API_VERSION}`

async function accept(exchange: Exchange, content: Buffer, sha256: string, fault: Fault | null): Promise<Operation> {
  const { settings, url, modelId, books, operations } = exchange
  const options = readAnalyzeOptions(modelId, url.searchParams, settings.customModels)
  const pages = await openContent(content, modelId)
  const pageNumbers = pagesToAnalyze(options, pages.length, TIERS[settings.tier].pages)
  const recorded = await readRecordedError(settings.answers, sha256)
  if (recorded && recorded.status === undefined) throw refusedAs(recorded.error)
  const acceptedAtMs = settings.now()
  const submission = { modelId, sha256, bytes: content.length, pages: pageNumbers.length, acceptedAtMs }
  const { analysisMs } = settings
  const operation = operations.add({
    ...submission,
    finishesAtMs: acceptedAtMs + (typeof analysisMs === 'number' ? analysisMs : analysisMs(submission)),
    failed: fault?.kind === 'failed' || recorded !== null,
    ...(recorded && { error: recorded.error }),
    readResult: () => readAnswer(settings.answers, { sha256, pages, pageNumbers, options }),
  })
  books.accepted(operation)
  if (fault?.kind === 'failed') books.dealt('failed')
  await settings.onAccepted(operation)
  return operation
}
