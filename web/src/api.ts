import { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { type Document, DocumentDetails, DocumentList, UPLOAD_FIELD, UploadResponse } from '@adp/contract/document.ts'
import { type ExportFormat, ExportList } from '@adp/contract/export.ts'
import { Job, JobStatusAnswer } from '@adp/contract/job.ts'
import { DeadLetterList, Queue, RetriedDeadLetters } from '@adp/contract/queue.ts'
import { PageMatches, SearchResults } from '@adp/contract/search.ts'
import type { z } from 'zod'
import { ApiError, errorFromAnswer } from './api-error.ts'
import { sleep } from './sleep.ts'

// All HTTP of the page. Answers are checked against the contract; every failure is an ApiError.

/** Which documents a list shows. */
export type DocumentFilter = {
  /** JobStatus values separated by commas; empty for all. */
  status: string
  /** Part of the file name; empty for all. */
  filename: string
}

// No JSON answer but a whole result takes long; without a limit a server that hangs would end all polling.
const ANSWER_TIMEOUT_MS = 30_000

export const documentPath = (id: string): string => `/documents/${id}`
export const statusPath = (id: string): string => `${documentPath(id)}/status`
export const resultPath = (id: string): string => `${documentPath(id)}/result`
export const pagePath = (id: string, page: number): string => `${documentPath(id)}/pages/${page}`
export const matchesPath = (id: string, page: number, q: string): string =>
  `${pagePath(id, page)}/matches?${new URLSearchParams({ q })}`
// Sharp on most screens at the half of a page that it is given.
const PICTURE_WIDTH = 1600
export const picturePath = (id: string, page: number): string => `${pagePath(id, page)}/picture?width=${PICTURE_WIDTH}`
export const exportsPath = (id: string): string => `${documentPath(id)}/exports`
export const exportPath = (id: string, format: ExportFormat): string => `${exportsPath(id)}/${format}`
export const contentPath = (id: string): string => `${documentPath(id)}/content`

export const QUEUE_PATH = '/queue'
export const DEAD_LETTERS_PATH = `${QUEUE_PATH}/dead-letters`

export function listPath(filter: DocumentFilter, limit: number, cursor: string | null): string {
  const query = pageQuery(limit, cursor)
  if (filter.status !== '') query.set('status', filter.status)
  if (filter.filename !== '') query.set('filename', filter.filename)
  return `/documents?${query}`
}

function pageQuery(limit: number, cursor: string | null): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) })
  if (cursor !== null) query.set('cursor', cursor)
  return query
}

export const listDocuments = (filter: DocumentFilter, limit: number, cursor: string | null): Promise<DocumentList> =>
  json('GET', listPath(filter, limit, cursor), DocumentList)

export const getDocument = (id: string): Promise<DocumentDetails> => json('GET', documentPath(id), DocumentDetails)

export const getStatus = (id: string): Promise<JobStatusAnswer> => json('GET', statusPath(id), JobStatusAnswer)

/** One page; `content` is that page's own text. `page` counts from 1. */
export const getPage = (id: string, page: number): Promise<AnalyzeResult> =>
  json('GET', pagePath(id, page), AnalyzeResult)

/** Pages that have the words of a query in their text, the best first. */
export const searchTexts = (q: string, limit: number, cursor: string | null): Promise<SearchResults> => {
  const query = pageQuery(limit, cursor)
  query.set('q', q)
  return json('GET', `/search?${query}`, SearchResults)
}

/** Where the words of a query stand on a page. */
export const getMatches = (id: string, page: number, q: string): Promise<PageMatches> =>
  json('GET', matchesPath(id, page, q), PageMatches)

/** The whole result; it may be tens of megabytes. */
export const getResult = (id: string): Promise<AnalyzeResult> => json('GET', resultPath(id), AnalyzeResult, null)

/** The formats that a result can be had in. */
export const getExports = (id: string): Promise<ExportList> => json('GET', exportsPath(id), ExportList)

/** Of a file that is still being made: a scan of a thousand pages takes minutes. */
const ASK_AGAIN_MS = 2000

/** What keeps a file from being downloaded; null: it is there, and not one byte of it is waited for. */
async function exportProblem(path: string, signal: AbortSignal): Promise<ApiError | null> {
  try {
    // Not HEAD: its answer has no body that would say why, and whoever asks a second time for that starts the making anew.
    const answer = await fetch(path, { signal })
    if (!answer.ok) return errorFromAnswer(answer.status, await answer.text())
    await answer.body?.cancel()
    return null
  } catch (error) {
    signal.throwIfAborted()
    throw new ApiError('unreachable', String(error), { cause: error })
  }
}

/**
 * Resolves when a file is there to be downloaded; some are made when they are first asked for.
 * @throws ApiError when it cannot be had; the signal's reason
 */
export async function waitForExport(id: string, format: ExportFormat, signal: AbortSignal): Promise<void> {
  for (;;) {
    const problem = await exportProblem(exportPath(id, format), signal)
    if (problem === null) return
    if (problem.code !== 'export_in_progress') throw problem
    await sleep(ASK_AGAIN_MS, signal)
  }
}

export const reprocess = (id: string): Promise<Job> => json('POST', `${documentPath(id)}/reprocess`, Job)

/** Reads again, alone, the pages that could not be read. */
export const readFailedPages = (id: string): Promise<Job> =>
  json('POST', `${documentPath(id)}/reprocess?pages=failed`, Job)

export const cancelJob = (id: string): Promise<Job> => json('POST', `${documentPath(id)}/cancel`, Job)

export async function deleteDocument(id: string): Promise<void> {
  await request('DELETE', documentPath(id), ANSWER_TIMEOUT_MS)
}

/** The queue, and when that was, in ms since 1970 by the server's clock: the clocks of people's computers are minutes off. */
export type QueueAnswer = { queue: Queue; at: number }

export async function getQueue(): Promise<QueueAnswer> {
  const { body, date } = await request('GET', QUEUE_PATH, ANSWER_TIMEOUT_MS)
  return { queue: check(Queue, body), at: date ?? Date.now() }
}

export async function pauseQueue(reason: string): Promise<void> {
  await request('POST', `${QUEUE_PATH}/pause`, ANSWER_TIMEOUT_MS, { reason })
}

export async function resumeQueue(): Promise<void> {
  await request('POST', `${QUEUE_PATH}/resume`, ANSWER_TIMEOUT_MS)
}

export const listDeadLetters = (limit: number, cursor: string | null): Promise<DeadLetterList> =>
  json('GET', `${DEAD_LETTERS_PATH}?${pageQuery(limit, cursor)}`, DeadLetterList)

/** Processes every document again whose newest job failed; of a great many that takes a while. */
export const retryDeadLetters = (): Promise<RetriedDeadLetters> =>
  json('POST', `${DEAD_LETTERS_PATH}/retry`, RetriedDeadLetters, null, {})

/**
 * Uploads one file. XMLHttpRequest, because fetch tells nothing about how much was sent.
 * @param key a UUID that stays the same when the upload is tried again, so that it cannot make a second document
 * @param submitter who shares the workers fairly with all others who upload
 * @param onSent bytes of the request that left so far, and in all
 */
export function uploadFile(
  file: File,
  { key, submitter }: { key: string; submitter: string },
  onSent: (sent: number, total: number) => void,
  signal: AbortSignal,
): Promise<Document> {
  const form = new FormData()
  form.append(UPLOAD_FIELD, file)
  const xhr = new XMLHttpRequest()
  return new Promise((resolve, reject) => {
    xhr.upload.onprogress = (event) => onSent(event.loaded, event.total)
    xhr.onload = () => {
      try {
        if (xhr.status >= 400) throw errorFromAnswer(xhr.status, xhr.responseText)
        const [document] = check(UploadResponse, xhr.responseText).documents
        if (document === undefined) throw new ApiError('unexpected_answer', 'no document in the answer')
        resolve(document)
      } catch (error) {
        reject(error)
      }
    }
    xhr.onerror = () => reject(new ApiError('unreachable', 'the connection failed or broke off'))
    xhr.onabort = () => reject(new ApiError('cancelled', file.name))
    signal.addEventListener('abort', () => xhr.abort())
    xhr.open('POST', `/documents?${new URLSearchParams({ submitter })}`)
    xhr.setRequestHeader('Idempotency-Key', key)
    xhr.send(form)
  })
}

async function json<S extends z.ZodType>(
  method: string,
  path: string,
  schema: S,
  timeoutMs: number | null = ANSWER_TIMEOUT_MS,
  content?: object,
): Promise<z.output<S>> {
  return check(schema, (await request(method, path, timeoutMs, content)).body)
}

type Answer = { body: string /** The server's clock, in ms since 1970. */; date: number | null }

async function request(method: string, path: string, timeoutMs: number | null, content?: object): Promise<Answer> {
  const signal = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)
  const sent = content && { body: JSON.stringify(content), headers: { 'Content-Type': 'application/json' } }
  let answer: Response
  let body: string
  try {
    answer = await fetch(path, { method, signal, ...sent })
    body = await answer.text()
  } catch (error) {
    throw new ApiError('unreachable', error instanceof Error ? error.message : String(error), { cause: error })
  }
  if (!answer.ok) throw errorFromAnswer(answer.status, body)
  const date = Date.parse(answer.headers.get('Date') ?? '')
  return { body, date: Number.isNaN(date) ? null : date }
}

function check<S extends z.ZodType>(schema: S, body: string): z.output<S> {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (error) {
    throw new ApiError('unexpected_answer', 'the answer is not JSON', { cause: error })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: '' }
  throw new ApiError('unexpected_answer', `${path.join('.')}: ${message}`)
}
