import { ContentType } from '@adp/contract/document.ts'
import { ErrorCode } from '@adp/contract/errors.ts'
import { LocalModel } from '@adp/contract/extraction-options.ts'
import { z } from 'zod'
import { messageOf } from './failure.ts'
import { LocallyReadPage } from './local-page.ts'
import { requireWhole } from './packed-text.ts'

/** How a page is to be drawn. */
export const Drawing = z.object({
  /** In the file. */
  pageNumber: z.int().min(1),
  /** Of the picture, in pixels; it is less where the page has less. */
  width: z.int().min(1),
  /** How large the page of a PDF is. */
  inches: z.object({ width: z.number().positive(), height: z.number().positive() }),
  /** The file that it is written to. */
  output: z.string(),
})
export type Drawing = z.infer<typeof Drawing>

/** Where the searchable PDF of a document is made from and to. */
export const SearchableRequest = z.object({
  /** A file with a line of JSON for each page that was read: SearchablePage. */
  words: z.string(),
  /** The file that it is written to; none is written when the original says all of it itself. */
  output: z.string(),
})
export type SearchableRequest = z.infer<typeof SearchableRequest>

/**
 * What parent and child say to each other. The child works on bytes from strangers with native code, so the parent
 * checks every message before it believes it.
 */
export const ExtractRequest = z.object({
  type: z.literal('extract'),
  /** `text`: pages that take OCR are named, not read. `frames`: the pages are counted and measured, not read. */
  wanted: z.enum(['pages', 'text', 'frames']),
  /** One page is drawn, and nothing is read; null: it is not. */
  drawing: Drawing.nullable(),
  /** A searchable PDF is made, and nothing is read; null: none. */
  searchable: SearchableRequest.nullable(),
  path: z.string(),
  contentType: ContentType,
  /** What is looked for on a page. */
  model: LocalModel,
  pagesDone: z.array(z.int()),
  /** The first pages are parsed one at a time, nothing ahead: a process has died, and the page that it died of has to be found. */
  careful: z.boolean(),
  /** null: all. */
  pages: z.array(z.object({ from: z.int(), to: z.int() })).nullable(),
  /** The folder that what is attached to a mail is written to; null: it is not. */
  attachments: z.string().nullable(),
  limits: z.object({ maxPages: z.int(), pageTimeoutMs: z.number() }),
})
export type ExtractRequest = z.infer<typeof ExtractRequest>

/** How large a page is, and whether its own text is all there is to read on it. */
export const PageFrame = z.object({
  pageNumber: z.int().min(1),
  width: z.number(),
  height: z.number(),
  unit: z.enum(['inch', 'pixel']),
  hasText: z.boolean(),
})
export type PageFrame = z.infer<typeof PageFrame>

/**
 * Parent to child. `ack` answers `opened`, every `page`, `unreadable`, `left` and `attachment`. The child goes on only then; but so many
 * of the first two may wait for their answer while it reads the next page, so that it does not wait for the database.
 */
export const PAGES_AHEAD = 8
export const ParentMessage = z.discriminatedUnion('type', [ExtractRequest, z.object({ type: z.literal('ack') })])
export type ParentMessage = z.infer<typeof ParentMessage>

const PageMessage = z
  .object({ type: z.literal('page'), page: LocallyReadPage, packedText: z.string().nullable() })
  .transform(({ type, page, packedText: base64 }, { issues }) => {
    const packedText = base64 === null ? null : Buffer.from(base64, 'base64')
    try {
      requireWhole(page, packedText)
      return { type, page, packedText }
    } catch (error) {
      issues.push({ code: 'custom', message: messageOf(error), input: base64 })
      return z.NEVER
    }
  })

/**
 * Child to parent. `frames`, `progress`, `ending` and `warning` are not answered; `done` and `failed` end the document. They do not wait for
 * the answers to what was said before: the child is free for another document, and none of those answers comes any more.
 */
export const ChildMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), pagesTotal: z.int().min(0) }),
  PageMessage,
  z.object({
    type: z.literal('unreadable'),
    page: LocallyReadPage,
    failure: z.object({ code: ErrorCode, detail: z.string() }),
  }),
  z.object({ type: z.literal('attachment'), position: z.int().min(1), name: z.string() }),
  z.object({ type: z.literal('left'), pages: z.array(z.int().min(1)).min(1) }),
  z.object({ type: z.literal('frames'), frames: z.array(PageFrame) }),
  z.object({ type: z.literal('progress'), clock: z.enum(['parse', 'ocr']) }),
  /** What is still to be read takes milliseconds. */
  z.object({ type: z.literal('ending') }),
  z.object({ type: z.literal('warning'), page: z.int(), detail: z.string() }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('failed'), code: ErrorCode, detail: z.string() }),
])
/** As it is said, and as it is heard. */
export type SaidByChild = z.input<typeof ChildMessage>
export type ChildMessage = z.infer<typeof ChildMessage>
