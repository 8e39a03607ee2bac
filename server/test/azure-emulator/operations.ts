import { randomUUID } from 'node:crypto'
import type { AnalyzeResultOutput } from '@azure-rest/ai-document-intelligence'

export type OperationStatus = 'notStarted' | 'running' | 'succeeded' | 'failed'

/** An analysis that was accepted, and so is billed. */
export type Submission = {
  operationId: string
  modelId: string
  sha256: string
  bytes: number
  /** How many pages are analyzed. */
  pages: number
  acceptedAtMs: number
}

export type Operation = Submission & {
  finishesAtMs: number
  failed: boolean
  /** What is said of it when it failed; without, what the service said once. */
  error?: object
  readResult(): Promise<AnalyzeResultOutput>
}

/** What the service keeps a result for, after which it does not know the operation any more. */
const KEPT_MS = 24 * 60 * 60 * 1000
/** An analysis waits for so much of its time before anything happens to it. */
const NOT_STARTED = 0.1

export type Operations = {
  add(operation: Omit<Operation, 'operationId'>): Operation
  /** @returns undefined when it is unknown, of another model, expired or deleted */
  find(operationId: string, modelId: string, nowMs: number): Operation | undefined
  remove(operationId: string): void
  /** A finished one of another content. */
  other(than: Operation, nowMs: number): Operation | undefined
}

export function createOperations(): Operations {
  const all = new Map<string, Operation>()
  return {
    add(operation) {
      const added = { ...operation, operationId: randomUUID() }
      all.set(added.operationId, added)
      return added
    },
    find(operationId, modelId, nowMs) {
      const operation = all.get(operationId)
      if (operation?.modelId !== modelId) return undefined
      if (nowMs < operation.finishesAtMs + KEPT_MS) return operation
      all.delete(operationId)
      return undefined
    },
    remove: (operationId) => {
      all.delete(operationId)
    },
    other: (than, nowMs) =>
      [...all.values()].find((one) => one.sha256 !== than.sha256 && statusOf(one, nowMs) === 'succeeded'),
  }
}

export function statusOf({ acceptedAtMs, finishesAtMs, failed }: Operation, nowMs: number): OperationStatus {
  if (nowMs >= finishesAtMs) return failed ? 'failed' : 'succeeded'
  return nowMs < acceptedAtMs + (finishesAtMs - acceptedAtMs) * NOT_STARTED ? 'notStarted' : 'running'
}

/** What a GET of the operation answers, without its result. A failed operation is reported as this service reports it: with HTTP 200. */
export function envelopeOf(operation: Operation, nowMs: number) {
  const status = statusOf(operation, nowMs)
  const { acceptedAtMs, finishesAtMs } = operation
  const finished = status === 'succeeded' || status === 'failed'
  const updatedAtMs = finished ? finishesAtMs : status === 'running' ? nowMs : acceptedAtMs
  const envelope = { status, createdDateTime: dateTime(acceptedAtMs), lastUpdatedDateTime: dateTime(updatedAtMs) }
  return status === 'failed' ? { ...envelope, error: operation.error ?? FAILED } : envelope
}

const FAILED = {
  code: 'InternalServerError',
  message: 'An unexpected error occurred.',
  details: [
    {
      code: 'FailedToSerializeAnalyzeResult',
      message: 'Failed to serialize analyze results, please contact support.',
    },
  ],
}

/** To the second, as the service has it. */
const dateTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
