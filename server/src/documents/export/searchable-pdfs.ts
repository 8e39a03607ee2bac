import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorCode } from '@adp/contract/errors.ts'
import type { BaseLogger } from 'pino'
import type { Pool, Queryable } from '../../db/client.ts'
import { ExtractionError } from '../../extraction/extractor.ts'
import type { PageDrawer } from '../../extraction/local/page-drawer.ts'
import type { BlobStore } from '../../storage/blob-store.ts'
import { keepDerived } from '../derived-blobs.ts'
import { type StoredDocument, withLocalCopy } from '../local-copy.ts'
import { isDrawn } from '../page-pictures.ts'
import { ProblemError } from '../problem.ts'
import type { ResultJob } from '../read-documents.ts'
import { writeWords } from './searchable-words.ts'

export type ContentRow = StoredDocument & { id: string; filename: string }

export type SearchablePdfDeps = {
  pool: Pool
  blobs: BlobStore
  drawer: Pick<PageDrawer, 'makeSearchable'>
  log: Pick<BaseLogger, 'warn'>
  /** How long a request waits for a PDF that is being made. */
  waitMs?: number
}

/** No proxy gives up earlier, and a scan of some hundred pages is done by then. */
const WAIT_MS = 20_000

/** Documents that cannot be had as PDF are remembered, so that nobody keeps a child busy with one. */
const REMEMBERED_FAILURES = 1000

/** What the document itself is the reason of. Anything else, as a child that died, may go well the next time. */
const FAULTS_OF_DOCUMENT = new Set<ErrorCode>(['file_corrupt', 'file_encrypted', 'image_too_large', 'memory_exceeded'])

/** Only those have pages to put text on. */
export const hasPages = (document: Pick<StoredDocument, 'content_type'>): boolean => isDrawn(document.content_type)

/** Where a PDF is: `blob_key` null is the original. */
type Found = { blob_key: string | null }

async function find(db: Queryable, job: ResultJob): Promise<Found | null> {
  const { rows } = await db.query<Found>('SELECT blob_key FROM searchable_pdfs WHERE job_id = $1', [job.id])
  return rows[0] ?? null
}

/** Searchable PDFs, made when they are first asked for and kept in the storage; one at a time by this process. */
export function createSearchablePdfs(deps: SearchablePdfDeps) {
  const { pool, blobs, waitMs = WAIT_MS } = deps
  const making = new Map<number, Promise<Found>>()
  const failures = new Map<number, ProblemError>()
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()

  const remember = (job: ResultJob, error: unknown) => {
    if (!(error instanceof ProblemError) || error.code !== 'export_unavailable') return
    failures.set(job.id, error)
    const [oldest] = failures.keys()
    if (failures.size > REMEMBERED_FAILURES && oldest !== undefined) failures.delete(oldest)
  }

  const start = (document: ContentRow, job: ResultJob): Promise<Found> => {
    const underWay = making.get(job.id)
    if (underWay) return underWay
    const made = last.then(() => make(deps, document, job, closing.signal)).finally(() => making.delete(job.id))
    made.catch((error) => remember(job, error))
    last = made.catch(() => {})
    making.set(job.id, made)
    return made
  }

  return {
    /**
     * The bytes of a document's searchable PDF. While it takes long it goes on being made, whoever waits.
     * @throws ProblemError export_in_progress, export_unavailable, unavailable, document_not_found; BlobMissingError, StorageError
     */
    async open(document: ContentRow, job: ResultJob): Promise<Readable> {
      const failure = failures.get(job.id)
      if (failure) throw failure
      const waiting = new AbortController()
      try {
        const late = sleep(waitMs, null, { signal: waiting.signal }).catch(() => null)
        const found = (await find(pool, job)) ?? (await Promise.race([start(document, job), late]))
        if (!found) throw new ProblemError('export_in_progress')
        return await blobs.read(found.blob_key ?? document.blob_key)
      } finally {
        waiting.abort()
      }
    },
    /** Ends what is being made. */
    close: () => closing.abort(new ProblemError('unavailable', 'The server is being stopped.')),
  }
}

export type SearchablePdfs = ReturnType<typeof createSearchablePdfs>

async function make(deps: SearchablePdfDeps, document: ContentRow, job: ResultJob, signal: AbortSignal) {
  try {
    return await withLocalCopy(deps.blobs, document, signal, async (file) => {
      const [words, output] = ['words.jsonl', 'searchable.pdf'].map((name) => path.join(path.dirname(file), name))
      if (words === undefined || output === undefined) throw new Error('two names are two paths')
      const unsure = await writeWords(deps.pool, job, words, signal)
      // A PDF whose text is all its own is its own searchable PDF.
      if (unsure > 0 || document.content_type !== 'application/pdf')
        await deps.drawer.makeSearchable({ path: file, contentType: document.content_type }, { words, output }, signal)
      return store(deps, document, job, existsSync(output) ? output : null)
    })
  } catch (error) {
    if (!(error instanceof ExtractionError)) throw error
    deps.log.warn(
      { document_id: document.id, code: error.code, detail: error.message },
      'no searchable PDF can be made',
    )
    throw FAULTS_OF_DOCUMENT.has(error.code)
      ? new ProblemError('export_unavailable', `No PDF can be made of the document: ${error.code}.`, { cause: error })
      : new ProblemError('unavailable', `The PDF could not be made this time: ${error.code}.`, { cause: error })
  }
}

/** Those of the document's older results are given up. */
const insert = async (
  client: Queryable,
  document: ContentRow,
  job: ResultJob,
  key: string | null,
): Promise<boolean> => {
  const { rowCount } = await client.query(
    // Of a job that is being deleted none.
    `INSERT INTO searchable_pdfs (job_id, blob_key) SELECT id, $2 FROM document_processing_jobs WHERE id = $1 FOR KEY SHARE
     ON CONFLICT DO NOTHING`,
    [job.id, key],
  )
  await client.query(
    `WITH older AS (DELETE FROM searchable_pdfs USING document_processing_jobs AS job
       WHERE job.id = job_id AND job.document_id = $1 AND job.id < $2 RETURNING blob_key)
     SELECT disown_blob(blob_key) FROM older WHERE blob_key IS NOT NULL`,
    [document.id, job.id],
  )
  return rowCount === 1
}

async function store(deps: SearchablePdfDeps, document: ContentRow, job: ResultJob, file: string | null) {
  if (file === null) {
    await insert(deps.pool, document, job, null)
    return { blob_key: null }
  }
  const key = await keepDerived(deps, document.id, file, (client, newKey) => insert(client, document, job, newKey))
  const kept = key === null ? await find(deps.pool, job) : { blob_key: key }
  if (!kept) throw new ProblemError('document_not_found')
  return kept
}
