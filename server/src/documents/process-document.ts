import { ERRORS, type ErrorCode } from '@adp/contract/errors.ts'
import type { Logger } from 'pino'
import { isConnectionError, type Pool } from '../db/client.ts'
import { ExtractionError, type ExtractionEvents, type Extractor, type Step } from '../extraction/extractor.ts'
import { backoffMs } from '../queue/backoff.ts'
import * as queue from '../queue/job-queue.ts'
import { JobAborted } from '../queue/runner.ts'
import { BlobMissingError, type BlobStore } from '../storage/blob-store.ts'
import { type StoredDocument, withLocalCopy } from './local-copy.ts'
import { persist } from './persist.ts'

export type ProcessDeps = { pool: Pool; blobs: BlobStore; extractor: Extractor; log: Logger; random?: () => number }

/**
 * Sees a claimed job to its end: fetches the bytes, extracts what earlier attempts have not stored yet, stores each page as it comes, and
 * writes how it ended. Whatever goes wrong ends in the job's row, never in an exception, except when the database stays away.
 */
export async function processDocument(deps: ProcessDeps, job: queue.ClaimedJob, signal: AbortSignal): Promise<void> {
  const log = deps.log.child({ job_id: job.id, document_id: job.document_id, claim: job.claim, attempt: job.attempts })
  const save: Save = (send) => persist(send, signal, log)
  const started = performance.now()
  let held: boolean
  try {
    const step = await extract(deps, job, signal, save)
    signal.throwIfAborted()
    if (step.kind === 'wait') {
      held = await save(() => queue.waitForProvider(deps.pool, job, step.operation, step.pollAt))
    } else {
      held = await save(() => queue.complete(deps.pool, job))
      if (held) log.info({ ms: Math.round(performance.now() - started) }, 'document completed')
    }
  } catch (error) {
    held = await endBadly(deps, job, signal.aborted ? signal.reason : error, save, log)
  }
  if (!held) log.info('the claim is stale: nothing was written, another worker has the job or it is gone')
}

/** Sends a statement until the database has answered it. */
type Save = <T>(send: () => Promise<T>) => Promise<T>

async function extract(deps: ProcessDeps, job: queue.ClaimedJob, signal: AbortSignal, save: Save): Promise<Step> {
  const { pool, extractor } = deps
  const whileHeld = async (write: () => Promise<boolean>) => {
    signal.throwIfAborted()
    if (!(await save(write))) throw new JobAborted('lost')
  }
  const events: ExtractionEvents = {
    onOpened: (pagesTotal) => whileHeld(() => queue.recordPagesTotal(pool, job, pagesTotal, extractor.provider)),
    onPage: (page) => whileHeld(() => queue.storePage(pool, job, page)),
  }
  if (job.operation !== null) return extractor.resume(job.operation, events, signal)

  const document = await save(() => readDocument(pool, job.document_id))
  const pagesDone = new Set(await save(() => queue.storedPages(pool, job.id)))
  return withLocalCopy(deps.blobs, document, signal, (path) =>
    extractor.begin({ path, contentType: document.content_type, pagesDone }, events, signal),
  )
}

async function readDocument(pool: Pool, id: string): Promise<StoredDocument> {
  const { rows } = await pool.query<StoredDocument>(
    'SELECT blob_key, content_type, sha256 FROM documents WHERE id = $1',
    [id],
  )
  if (!rows[0]) throw new JobAborted('lost')
  return rows[0]
}

async function endBadly(
  deps: ProcessDeps,
  job: queue.ClaimedJob,
  error: unknown,
  save: Save,
  log: Logger,
): Promise<boolean> {
  if (error instanceof JobAborted) {
    if (error.reason === 'lost') return false
    log.info('the worker stops: job given back')
    return save(() => queue.release(deps.pool, job))
  }
  const { code, detail } = describe(error)
  const { retryable } = ERRORS[code]
  log.warn({ code, detail, err: code === 'internal_error' ? error : undefined }, 'attempt failed')
  const delayMs = backoffMs(job.attempts, (deps.random ?? Math.random)())
  return save(() => queue.fail(deps.pool, job, { code, log: detail, retryable, delayMs }))
}

function describe(error: unknown): { code: ErrorCode; detail: string } {
  const detail =
    (error instanceof Error ? error.message : String(error)).replaceAll('\0', '').toWellFormed().slice(0, 10_000) ||
    'no message'
  if (error instanceof ExtractionError) return { code: error.code, detail }
  if (error instanceof BlobMissingError) return { code: 'content_missing', detail }
  if (isConnectionError(error)) return { code: 'unavailable', detail }
  return { code: 'internal_error', detail }
}
