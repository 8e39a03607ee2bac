import { ExtractionError } from '../extractor.ts'
import type { Emitter } from './emitter.ts'
import type { LocallyReadPage } from './local-page.ts'

export type PageSink = {
  add(page: LocallyReadPage): Promise<void>
  /** `empty` stands for a page that cannot be read, so that the pages of the document are complete. */
  addUnreadable(empty: LocallyReadPage, detail: string): void
  /** Throws ExtractionError `no_readable_page` when not one page was readable. */
  end(): Promise<void>
}

/**
 * Hands over pages in order. Unreadable ones are held back until a readable one follows: a file without any must fail and
 * not leave empty pages behind. `pagesDone` is how many an earlier attempt could read.
 */
export const createPageSink = (emitter: Emitter, pagesDone: number): PageSink => {
  let readable = pagesDone
  let held: LocallyReadPage[] = []
  const flush = async () => {
    const pages = held
    held = []
    for (const page of pages) await emitter.page(page)
  }
  return {
    async add(page) {
      readable += 1
      await flush()
      await emitter.page(page)
    },
    addUnreadable(empty, detail) {
      emitter.warning(empty.page.pageNumber, detail)
      emitter.progress()
      held.push(empty)
    },
    async end() {
      if (readable === 0) throw new ExtractionError('no_readable_page', 'None of the pages can be read')
      await flush()
    },
  }
}
