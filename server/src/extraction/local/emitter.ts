import type { LocallyReadPage } from './local-page.ts'
import type { PageFrame } from './protocol.ts'

/** How a reader of a document hands over what it finds. `opened`, `page` and `attachment` resolve once the parent has taken it. */
export type Emitter = {
  opened(pagesTotal: number): Promise<void>
  page(page: LocallyReadPage): Promise<void>
  /** What is attached, in the file that attachment-path.ts says. */
  attachment(position: number, name: string): Promise<void>
  /** Pages that were measured, not read. */
  frames(frames: PageFrame[]): void
  /** Something was done that gives no page; starts the page timeout anew. */
  progress(): void
  warning(page: number, detail: string): void
}
