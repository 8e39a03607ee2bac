import type { AnalyzeResultOutput } from '@azure-rest/ai-document-intelligence'
import { type Exchange, sendTooManyRequests } from './exchange.ts'
import type { Fault } from './faults.ts'
import { oldShapeOf } from './old-shapes.ts'
import { envelopeOf, type Operation, statusOf } from './operations.ts'
import { sendEmpty, sendHalves, sendJson, sendTruncated } from './responding.ts'
import { operationNotFound } from './service-error.ts'
import { askForFault, dealInPlace } from './wrong-answers.ts'

/** GET and DELETE of an Operation-Location. */
export async function handleResult(exchange: Exchange, operationId: string): Promise<void> {
  const { settings, response, operations, kind, n, startedAtMs, modelId } = exchange
  const operation = operations.find(operationId, modelId, settings.now())
  const known = { operationId, ...(operation && { sha256: operation.sha256 }) }
  await settings.onRequest({ kind, n, atMs: settings.now() - startedAtMs, ...known })
  const status = operation && statusOf(operation, settings.now())
  const fault = askForFault(exchange, { ...known, ...(kind === 'get' && status && { status }) })
  if (fault?.kind !== '429') {
    const refused = exchange.takeToken()
    if (refused) return sendTooManyRequests(exchange, refused.error, refused.retryAfterSeconds)
  }
  if (dealInPlace(exchange, fault, 'before accepting')) return
  if (!operation) throw operationNotFound()
  if (kind === 'delete') {
    operations.remove(operationId)
    return sendEmpty(response, 204)
  }
  await sendOperation(exchange, operation, fault)
}

async function sendOperation(exchange: Exchange, operation: Operation, fault: Fault | null): Promise<void> {
  const { settings, response, books } = exchange
  if (fault?.kind === 'failed' && !operation.failed) {
    operation.failed = true
    operation.finishesAtMs = Math.min(operation.finishesAtMs, settings.now())
    books.dealt('failed')
  }
  const envelope = envelopeOf(operation, settings.now())
  if (envelope.status === 'failed') return sendJson(response, 200, envelope)
  if (envelope.status !== 'succeeded') return sendJson(response, 200, envelope, { 'retry-after': '1' })
  await settings.onAnswering(operation, 'before')
  const analyzeResult = await spoiled(exchange, operation, fault)
  const json = JSON.stringify({ ...envelope, analyzeResult })
  books.resultSent()
  if (fault) books.dealt(fault.kind)
  if (fault?.kind === 'truncated') return sendTruncated(response, json)
  if (fault?.kind === 'cut') {
    books.answered('get', 'cut')
    return sendHalves(response, json, () => 'cut')
  }
  await sendHalves(response, json, async () => settings.onAnswering(operation, 'middle'))
}

async function spoiled(exchange: Exchange, operation: Operation, fault: Fault | null): Promise<object> {
  const result = await operation.readResult()
  if (fault?.kind === 'old shape') return oldShapeOf(result, fault.shape)
  if (fault?.kind === 'fewer pages') return { ...result, pages: result.pages.slice(0, -1) }
  if (fault?.kind === 'other model') return { ...result, modelId: 'prebuilt-tax.us' }
  if (fault?.kind === 'other document') return resultOfAnother(exchange, operation, result)
  return result
}

/** Of another content, or when there is none yet, of one with a text of its own. */
async function resultOfAnother(
  { operations, settings }: Exchange,
  operation: Operation,
  result: AnalyzeResultOutput,
): Promise<object> {
  const other = operations.other(operation, settings.now())
  if (other) return other.readResult()
  const [page] = result.pages
  const content = 'Somebody else'
  const spans = [{ offset: 0, length: content.length }]
  return {
    ...result,
    content,
    pages: [{ ...page, words: [], lines: [{ content, spans }], spans }],
    paragraphs: [],
    tables: [],
  }
}
