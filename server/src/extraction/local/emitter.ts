import type { PageFailure } from '../extractor.ts'
import type { LocallyReadPage } from './local-page.ts'
import type { PageFrame } from './protocol.ts'

/** How a reader of a document hands over what it finds. All but the last four resolve once the parent has taken it. */
export type Emitter = {
  opened(pagesTotal: number): Promise<void>
  page(page: LocallyReadPage): Promise<void>
  /** `empty` stands for a page that cannot be read. */
  unreadable(empty: LocallyReadPage, failure: PageFailure): Promise<void>
  /** What is attached, in the file that attachment-path.ts says. */
  attachment(position: number, name: string): Promise<void>
  /** Pages that are left for OCR, in order. */
  left(pages: number[]): Promise<void>
  /** Pages that were measured, not read. */
  frames(frames: PageFrame[]): void
  /** Something was done that gives no page; starts its time anew. `ocr`: what follows is OCR, which takes longer; without it, it is not. */
  progress(next?: 'ocr'): void
  /** What is still to be read takes milliseconds. */
  ending(): void
  warning(page: number, detail: string): void
}
