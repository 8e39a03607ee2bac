import { Page } from '@adp/contract/analyze-result.ts'
import { ContentType } from '@adp/contract/document.ts'
import { ErrorCode } from '@adp/contract/errors.ts'
import { z } from 'zod'

/**
 * What parent and child say to each other. The child works on bytes from strangers with native code, so the parent
 * checks every message before it believes it.
 */
export const ExtractRequest = z.object({
  type: z.literal('extract'),
  path: z.string(),
  contentType: ContentType,
  pagesDone: z.array(z.int()),
  limits: z.object({ maxPages: z.int(), pageTimeoutMs: z.number() }),
})
export type ExtractRequest = z.infer<typeof ExtractRequest>

/** Parent to child. `ack` answers `opened` and every `page`: the child goes on only then. */
export const ParentMessage = z.discriminatedUnion('type', [ExtractRequest, z.object({ type: z.literal('ack') })])
export type ParentMessage = z.infer<typeof ParentMessage>

/** Child to parent. `progress` and `warning` are not answered; `done` and `failed` end the document. */
export const ChildMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), pagesTotal: z.int().min(0) }),
  z.object({ type: z.literal('page'), page: z.object({ content: z.string(), page: Page }) }),
  z.object({ type: z.literal('progress') }),
  z.object({ type: z.literal('warning'), page: z.int(), detail: z.string() }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('failed'), code: ErrorCode, detail: z.string() }),
])
export type ChildMessage = z.infer<typeof ChildMessage>
