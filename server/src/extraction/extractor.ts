import type { Page } from '@adp/contract/analyze-result.ts'
import type { ContentType } from '@adp/contract/document.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'

export type ExtractionInput = {
  /** A readable local copy of the document's bytes, whose ending fits contentType. */
  path: string
  contentType: ContentType
  /** Pages that an earlier attempt has stored already; they are not read again. */
  pagesDone: ReadonlySet<number>
}

/** One page's own text and layout. Spans index this page's `content`, not the document's. */
export type ExtractedPage = { content: string; page: Page }

export type ExtractionEvents = {
  /** Called once, when the number of pages is known, before any page. */
  onOpened(pagesTotal: number): Promise<void>
  /** Called once for each page that was not done, in order; the next page waits until it resolves, so memory stays bounded. */
  onPage(page: ExtractedPage): Promise<void>
}

/** What an operation at a provider is continued by after a restart, e.g. an Operation-Location. */
export type Operation = string

export type Step = { kind: 'done' } | { kind: 'wait'; operation: Operation; pollAt: Date }

/**
 * Turns a document's bytes into pages. `begin` starts; an extractor whose provider works elsewhere returns `wait`, holds
 * nothing meanwhile, and is continued by `resume` at or after `pollAt`, on any worker.
 * Both throw ExtractionError, and the signal's reason when they are aborted.
 */
export type Extractor = {
  readonly provider: string
  begin(input: ExtractionInput, events: ExtractionEvents, signal: AbortSignal): Promise<Step>
  resume(operation: Operation, events: ExtractionEvents, signal: AbortSignal): Promise<Step>
}

/** Why an extraction ended without a result. Whether another attempt may help is the code's `retryable` in the contract. */
export class ExtractionError extends Error {
  override name = 'ExtractionError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.code = code
  }
}
