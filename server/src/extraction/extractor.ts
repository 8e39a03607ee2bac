import type { Readable } from 'node:stream'
import type { Page, ResultHeader, ResultParts } from '@adp/contract/analyze-result.ts'
import type { ContentType } from '@adp/contract/document.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'
import type { AnalyzeOptions } from '@adp/contract/extraction-options.ts'
import type { PageRange } from '@adp/contract/page-ranges.ts'

export type ExtractionInput = {
  /** A readable local copy of the document's bytes, whose ending fits contentType. */
  path: string
  contentType: ContentType
  /** Pages that an earlier attempt has stored already; they are not read again. */
  pagesDone: ReadonlySet<number>
  /** Pages that are wanted; without it all. */
  pages?: readonly PageRange[] | undefined
  /** Of this document, over those that are configured. */
  options?: AnalyzeOptions
}

/** Why one page could not be read, when others of its document can be. */
export type PageFailure = { code: ErrorCode; detail: string }

/**
 * One page's own text and layout, and what begins on it. Spans index this page's `content`, not the document's. Its words and lines may be in
 * `packedText` (local/packed-text.ts) instead of in the page. With a `failure` the page is empty, and may be read again alone.
 */
export type ExtractedPage = {
  content: string
  page: Page
  packedText?: Buffer | null
  parts?: ResultParts | null
  failure?: PageFailure | null
}

/** Pages of a document that several readers, on any host, read at the same time: each takes the next that nobody has. */
export type PageShares = {
  /** Offers pages to all readers. */
  offer(pages: number[]): Promise<void>
  /** The page that this reader reads next, once it has handed over what it had; null: none any more. May wait for what others have. */
  next(signal: AbortSignal): Promise<number | null>
  /** Called with each page that `next` gave, in place of the event. */
  onPage(page: ExtractedPage): Promise<void>
}

export type ExtractionEvents = {
  /** Called once, when the number of pages that are wanted is known, before any page. */
  onOpened(pagesTotal: number): Promise<void>
  /** Called once for each page that was not done, in order, and resolves when it is stored. A few may be called ahead, so that memory stays bounded. */
  onPage(page: ExtractedPage): Promise<void>
  /** Called before any page with what describes the result as a whole, where that is not words and lines alone. */
  onHeader?(header: ResultHeader): Promise<void>
  /** Called once, when what is still to be read takes milliseconds: another document may be fetched. Not all that was read is stored by then. */
  onEnding?(): void
  /** For pages that take long to read, which then come in any order, and from others; without it the extractor reads all by itself. */
  shares?: PageShares
  /** Called after the pages of a mail with each file that is attached to it, one after another; without it none is unpacked. */
  onAttachment?(attachment: ExtractedAttachment): Promise<void>
}

/** `position`: among all that is attached, from 1, the same each time. `path`: where its bytes are until the event resolves. */
export type ExtractedAttachment = { position: number; name: string; path: string }

/** What an extractor whose provider works elsewhere tells besides. */
export type ProviderEvents = ExtractionEvents & {
  /** Called right before a request that is paid for; sent only after it resolves with `go`, and then a mark of it is committed. */
  onSubmitting(submission: Submission): Promise<Permission>
  /** Called at once when it is known what came of that request; what can be known is committed when it resolves. */
  onSubmitted(outcome: SubmissionOutcome): Promise<void>
  /** Called when the provider has accepted the document and then failed: its operation is over, and nothing is paid for it. */
  onOperationFailed(): Promise<void>
  /** Called with the provider's own result, what describes it as a whole, and its number of pages, before these: stored as it is. */
  onProviderResult(json: Readable, header: ResultHeader, pages: number): Promise<void>
}

export type Submission = { endpoint: string; model: string; pages: number }
/** `submitted`: an earlier claim's request was accepted after all, and goes on by that. */
export type Permission =
  | { kind: 'go' }
  | { kind: 'submitted'; operation: Operation }
  | { kind: 'postponed'; postponement: Postponement }
/** `unsent`: it was not asked for after all. */
export type SubmissionOutcome = { kind: 'accepted'; operation: Operation } | { kind: 'refused' } | { kind: 'unsent' }

/** What an operation at a provider is continued by after a restart, e.g. an Operation-Location. */
export type Operation = string

/** Why a document may not be sent now, and when it may; `spacingMs` lies between two that are let in. */
export type Postponement = {
  until: Date
  spacingMs: number
  code: 'provider_throttled' | 'quota_exceeded'
  detail: string
}

/** `pollAt`: a time of the database's clock, or so many milliseconds from now. */
export type Step =
  | { kind: 'done' }
  | { kind: 'wait'; operation: Operation; pollAt: Date | { inMs: number } }
  | ({ kind: 'postponed' } & Postponement)

/**
 * Turns a document's bytes into pages. `begin` starts; an extractor whose provider works elsewhere returns `wait`, holds
 * nothing meanwhile, and is continued by `resume` at or after `pollAt`, on any worker.
 * Both throw ExtractionError, and the signal's reason when they are aborted.
 */
export type Extractor = {
  readonly provider: string
  /** Whether it reads files of a type; without it, all that are taken. */
  reads?(contentType: ContentType): boolean
  /** Asked before a document's bytes are fetched for `begin`: why that would have to wait, null when it would not. It may say so itself then. */
  holdsBack?(): Promise<Postponement | null>
  begin(input: ExtractionInput, events: ProviderEvents, signal: AbortSignal): Promise<Step>
  resume(operation: Operation, events: ProviderEvents, signal: AbortSignal): Promise<Step>
}

/** Why an extraction ended without a result. Whether another attempt may help is the code's `retryable` in the contract. */
export class ExtractionError extends Error {
  override name = 'ExtractionError'
  readonly code: ErrorCode
  /** The page that was in work, when nothing but that page may be the reason. */
  readonly page: number | null

  constructor(
    code: ErrorCode,
    detail: string,
    { page = null, ...options }: ErrorOptions & { page?: number | null } = {},
  ) {
    super(detail, options)
    this.code = code
    this.page = page
  }
}
