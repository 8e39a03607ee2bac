import { rm, writeFile } from 'node:fs/promises'
import { ExtractionError } from '../../extractor.ts'
import { isWanted } from '../../wanted-pages.ts'
import { attachmentPath } from '../attachment-path.ts'
import { withDocument } from '../business/find-in-flow.ts'
import type { Context } from '../context.ts'
import { flowFailure } from '../failure.ts'
import type { Block } from './blocks.ts'
import { composeFlow } from './compose-flow.ts'
import { paginate } from './paginate.ts'
import { withPicturesRead } from './read-pictures.ts'

/** A file that was opened. */
export type FlowSource = {
  /** What it says, from the beginning each time it is called. */
  blocks(): AsyncIterable<Block> | Iterable<Block>
  /** What lies between blocks in the content; a line feed by default. */
  separator?: string
  /** What is attached to it, in its order. */
  attachments?: readonly FlowAttachment[]
  close?(): void
}

/** @see ExtractedAttachment */
export type FlowAttachment = { name: string; bytes(): Uint8Array }

export type OpenFlow = (context: Context) => Promise<FlowSource>

const countPages = async (source: FlowSource, { emitter, request }: Context): Promise<number> => {
  const { maxPages } = request.limits
  let pages = 0
  for await (const _ of paginate(source.blocks())) {
    pages += 1
    emitter.progress()
    if (pages > maxPages) throw new ExtractionError('too_many_pages', `The document has more than ${maxPages} pages`)
  }
  return pages
}

const withSource = async (open: OpenFlow, context: Context, use: (source: FlowSource) => Promise<void>) => {
  let source: FlowSource | undefined
  try {
    source = await open(context)
    await use(source)
  } catch (error) {
    throw flowFailure(error)
  } finally {
    source?.close?.()
  }
}

/** Writes what is attached into the folder that the parent named, one at a time, for as long as it needs it. */
const handOver = async (attachments: readonly FlowAttachment[], { request, emitter }: Context): Promise<void> => {
  if (request.attachments === null) return
  for (const [index, { name, bytes }] of attachments.entries()) {
    const file = attachmentPath(request.attachments, index + 1)
    await writeFile(file, bytes(), { mode: 0o600 })
    await emitter.attachment(index + 1, name)
    await rm(file)
  }
}

/**
 * Reads a file without a layout page by page. It is gone through twice, since the number of pages has to be known before the first,
 * and never held as a whole.
 * Throws ExtractionError: file_corrupt, too_many_pages, and what the opener throws.
 */
export const readFlow = (open: OpenFlow, context: Context): Promise<void> =>
  withSource(open, context, async (source) => {
    const { request, emitter } = context
    const wanted = { pagesDone: new Set(request.pagesDone), pages: request.pages ?? undefined }
    await emitter.opened(await countPages(source, context))
    let pageNumber = 0
    for await (const blocks of paginate(source.blocks())) {
      pageNumber += 1
      if (!isWanted(wanted, pageNumber)) continue
      const read = await withPicturesRead(blocks, pageNumber, context)
      await emitter.page(withDocument(composeFlow(read, pageNumber, source.separator), request.model))
    }
    await handOver(source.attachments ?? [], context)
  })

/** Counts the pages of a file without a layout: their size is 0, and their text is their own. Throws as readFlow does. */
export const measureFlow = (open: OpenFlow, context: Context): Promise<void> =>
  withSource(open, context, async (source) => {
    const pages = await countPages(source, context)
    for (let pageNumber = 1; pageNumber <= pages; pageNumber += 1)
      context.emitter.frames([{ pageNumber, width: 0, height: 0, unit: 'pixel', hasText: true }])
  })
