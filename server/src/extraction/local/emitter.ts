import type { ExtractedPage } from '../extractor.ts'

/** How a reader of a document hands over what it finds. `opened` and `page` resolve once the parent has taken it. */
export type Emitter = {
  opened(pagesTotal: number): Promise<void>
  page(page: ExtractedPage): Promise<void>
  /** Something was done that gives no page; starts the page timeout anew. */
  progress(): void
  warning(page: number, detail: string): void
}
