import { randomUUID } from 'node:crypto'
import { type ContentType, isMailType } from '@adp/contract/document.ts'
import { ERRORS, type ErrorCode } from '@adp/contract/errors.ts'
import type { ExtractionOptions, Provider } from '@adp/contract/extraction-options.ts'
import type { Logger } from 'pino'
import { isConnectionError, type Pool } from '../db/client.ts'
import { ExtractionError, type Extractor, type ProviderEvents, type Step } from '../extraction/extractor.ts'
import { DEFAULT_MODEL, headerOf } from '../extraction/local/model.ts'
import { backoffMs } from '../queue/backoff.ts'
import { batched } from '../queue/batched.ts'
import { JobAborted } from '../queue/job-aborted.ts'
import * as queue from '../queue/job-queue.ts'
import type { Outcome } from '../queue/outcome.ts'
import { type StoredPage, whyNoneWasRead } from '../queue/pages.ts'
import { persist, type Save } from '../queue/persist.ts'
import { recordResult } from '../queue/provider.ts'
import { BlobMissingError, type BlobStore, StorageError } from '../storage/blob-store.ts'
import { type StoredDocument, withLocalCopy } from './local-copy.ts'
import { mailOptions } from './mail-options.ts'
import { cleanDetail, numberingOf, rowOf } from './page-rows.ts'
import { createProviderEvents, type QuotaSettings } from './provider-events.ts'
import { createAttachmentReceiver } from './receive-attachments.ts'
import { shareAsHolder } from './shared-pages.ts'

export type ProcessDeps = {
  pool: Pool
  blobs: BlobStore
  /** Who reads documents, by the name that a job's options give; without one it is `defaultProvider`. */
  extractors: Partial<Record<Provider, Extractor>>
  defaultProvider: Provider
  quota: QuotaSettings
  log: Logger
  random?: () => number
}

/**
 * Sees a claimed job through: fetches the bytes, extracts what earlier attempts have not stored yet, and stores each page as it comes.
 * Whatever goes wrong is part of the outcome, which the runner writes.
 * @param onEnding called when what is still to be read takes milliseconds: the next document may be fetched
 */
export async function processDocument(
  deps: ProcessDeps,
  job: queue.ClaimedJob,
  signal: AbortSignal,
  onEnding: () => void = () => {},
): Promise<Outcome> {
  const log = deps.log.child({ job_id: job.id, document_id: job.document_id, claim: job.claim, attempt: job.attempts })
  try {
    const save: Save = (send) => persist(send, signal, log)
    const seen = { readable: false }
    const step = await extract({ ...deps, log, onEnding }, job, signal, save, seen)
    // What waits is safe whatever happens here; what is done needs the hold.
    if (step.kind !== 'done') return step
    signal.throwIfAborted()
    if (!seen.readable) await requireReadablePage(deps.pool, job, save)
    return { kind: 'completed' }
  } catch (error) {
    return endBadly(deps, job, signal.aborted ? signal.reason : error, log)
  }
}

/**
 * A document with a bad page is COMPLETED without it, one of bad pages only has failed.
 * @throws ExtractionError with the reason that all have, no_readable_page when it is none that says more
 */
async function requireReadablePage(pool: Pool, job: queue.ClaimedJob, save: Save): Promise<void> {
  const why = await save(() => whyNoneWasRead(pool, job.id))
  if (!why) return
  throw new ExtractionError(why.code === null || why.code === 'file_corrupt' ? 'no_readable_page' : why.code, why.log)
}

/** Stored in one statement, when pages come faster than they are stored: nine tenths of what can be saved, and 0.5 MB at the most of usual pages. */
const PAGES_AT_ONCE = 8

/** Until a worker that is configured for it may have claimed it. */
const ELSEWHERE_MS = 30_000
/** A storage or a database that is away comes back; a bug that stops every try costs 1,440 of them a day. */
const TAKE_AGAIN_MS = 60_000

/** @param seen gets `readable` when a page comes that could be read */
async function extract(
  deps: ProcessDeps & { onEnding: () => void },
  job: queue.ClaimedJob,
  signal: AbortSignal,
  save: Save,
  seen: { readable: boolean },
): Promise<Step> {
  const { pool } = deps
  const [document, stored] = await Promise.all([
    save(() => readDocument(pool, job)),
    save(() => queue.storedPages(pool, job.id)),
  ])
  const hasAttachments = isMailType(document.content_type)
  const {
    provider: wanted = defaultFor(deps, document.content_type),
    pages: asked,
    ...options
  } = (hasAttachments ? mailOptions(document.extraction_options) : document.extraction_options) ?? {}
  // What is under way goes on with whom it was given to, whatever has been configured since.
  const provider = job.operation === null ? wanted : (document.provider ?? wanted)
  const extractor = deps.extractors[provider]
  if (!extractor && job.operation !== null) {
    deps.log.warn({ job_id: job.id, provider }, 'what a provider works on is for a worker that has it')
    return { kind: 'wait', operation: job.operation, pollAt: { inMs: ELSEWHERE_MS } }
  }
  if (!extractor)
    throw new ExtractionError('provider_not_configured', `The provider ${provider} is not configured on this worker`)
  const { pages, numberOf, pageAt } = numberingOf(asked)
  const whileHeld = async (write: () => Promise<boolean>) => {
    signal.throwIfAborted()
    if (!(await save(write))) throw new JobAborted('lost')
  }
  let header = headerOf(DEFAULT_MODEL)
  const mail = { id: job.document_id, sizeBytes: document.size_bytes, options: document.extraction_options }
  const receiver = hasAttachments ? createAttachmentReceiver(deps, job, mail, save) : null
  const store = batched<StoredPage>((all) => whileHeld(() => queue.storePage(pool, job, all)), PAGES_AT_ONCE)
  const events: ProviderEvents = {
    onOpened: (pagesTotal) => whileHeld(() => queue.recordPagesTotal(pool, job, pagesTotal, extractor.provider)),
    onPage: (page) => {
      const row = rowOf(page, numberOf, deps.log)
      if (!row.failure) seen.readable = true
      return store(row)
    },
    onEnding: deps.onEnding,
    shares: shareAsHolder({
      pool,
      job,
      reader: { id: randomUUID(), workerId: job.worker_id },
      save,
      log: deps.log,
      numberOf,
      pageAt,
    }),
    onHeader: (given) => {
      header = given
      return whileHeld(() => recordResult(pool, job, null, given))
    },
    ...(receiver && { onAttachment: receiver.onAttachment }),
    ...createProviderEvents(deps, job, save, signal),
  }
  if (job.operation !== null) return resume(deps, extractor, job.operation, events, signal)
  const postponement = await save(async () => (await extractor.holdsBack?.()) ?? null)
  if (postponement) return { kind: 'postponed', ...postponement }

  const pagesDone = new Set(stored.map(pageAt))
  const step = await withLocalCopy(deps.blobs, document, signal, (path) =>
    extractor.begin({ path, contentType: document.content_type, pagesDone, pages, options }, events, signal),
  )
  const warnings = receiver?.warnings() ?? []
  if (warnings.length > 0) await whileHeld(() => recordResult(pool, job, null, { ...header, warnings }))
  return step
}

/** Who reads what nobody was named for: what the default provider does not read is read here, rather than refused. */
const defaultFor = ({ extractors, defaultProvider }: ProcessDeps, type: ContentType): Provider =>
  extractors[defaultProvider]?.reads?.(type) === false ? 'local' : defaultProvider

/** Whatever goes wrong here with a result that is paid for, it is fetched again, for as long as the provider has it; no attempt is used up. */
async function resume(
  { log }: ProcessDeps,
  extractor: Extractor,
  operation: string,
  events: ProviderEvents,
  signal: AbortSignal,
): Promise<Step> {
  let isOver = false
  const onOperationFailed = async () => {
    isOver = true
    await events.onOperationFailed()
  }
  try {
    return await extractor.resume(operation, { ...events, onOperationFailed }, signal)
  } catch (error) {
    if (isOver || signal.aborted || error instanceof JobAborted || !ERRORS[describe(error).code].retryable) throw error
    log.warn({ err: error }, 'a result that is paid for could not be taken; it is tried again')
    return { kind: 'wait', operation, pollAt: { inMs: TAKE_AGAIN_MS } }
  }
}

type Found = StoredDocument & {
  size_bytes: number
  extraction_options: ExtractionOptions | null
  provider: Provider | null
}

/** @throws JobAborted when the job is gone */
export async function readDocument(pool: Pool, job: Pick<queue.ClaimedJob, 'id'>): Promise<Found> {
  const { rows } = await pool.query<Found>(
    `SELECT blob_key, content_type, sha256, size_bytes, extraction_options, job.provider
     FROM documents AS document JOIN document_processing_jobs AS job ON job.document_id = document.id WHERE job.id = $1`,
    [job.id],
  )
  if (!rows[0]) throw new JobAborted('lost')
  return rows[0]
}

function endBadly(deps: ProcessDeps, job: queue.ClaimedJob, error: unknown, log: Logger): Outcome {
  if (error instanceof JobAborted) {
    log.info({ reason: error.reason }, 'the job is let go')
    return { kind: 'released' }
  }
  const { code, detail } = describe(error)
  log.warn({ code, detail, err: code === 'internal_error' ? error : undefined }, 'attempt failed')
  const delayMs = backoffMs(job.attempts, (deps.random ?? Math.random)())
  return { kind: 'failed', failure: { code, log: detail, retryable: ERRORS[code].retryable, delayMs } }
}

function describe(error: unknown): { code: ErrorCode; detail: string } {
  const detail = cleanDetail(error instanceof Error ? error.message : String(error))
  if (error instanceof ExtractionError) return { code: error.code, detail }
  if (error instanceof BlobMissingError) return { code: 'content_missing', detail }
  if (error instanceof StorageError || isConnectionError(error)) return { code: 'unavailable', detail }
  return { code: 'internal_error', detail }
}
