import type { LocalExtractor } from '../extraction/local/local-extractor.ts'
import { persist, type Save } from '../queue/persist.ts'
import type { PageReader, TakenPage } from '../queue/shared-pages.ts'
import { withLocalCopy } from './local-copy.ts'
import { numberingOf } from './page-rows.ts'
import { type ProcessDeps, readDocument } from './process-document.ts'
import { shareAsHelper } from './shared-pages.ts'

type HelpDeps = Pick<ProcessDeps, 'pool' | 'blobs' | 'log'> & { local: Pick<LocalExtractor, 'help'> }

/**
 * Reads pages of a document whose job another slot holds, on this host or elsewhere: fetches the bytes once, reads `first` and what `next`
 * takes, and stores each page in the name of the holder's claim.
 * @param reader under which name the pages were taken
 * @throws whatever goes wrong: what was taken is given back by the caller
 */
export async function helpDocument(
  deps: HelpDeps,
  reader: PageReader,
  first: TakenPage,
  next: () => Promise<TakenPage | null>,
  signal: AbortSignal,
): Promise<void> {
  const { pool, blobs, local } = deps
  const log = deps.log.child({ job_id: first.id, document_id: first.document_id, claim: first.claim, helping: true })
  const save: Save = (send) => persist(send, signal, log)
  const document = await save(() => readDocument(pool, first))
  const { pages: asked, provider: _, ...options } = document.extraction_options ?? {}
  const { pages, ...numbering } = numberingOf(asked)
  const shares = shareAsHelper({ pool, job: first, reader, save, log, ...numbering }, first, next)
  await withLocalCopy(blobs, document, signal, (path) =>
    local.help({ path, contentType: document.content_type, pagesDone: new Set(), pages, options }, shares, signal),
  )
}
