import { Readable } from 'node:stream'
import { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { Problem } from '@adp/contract/errors.ts'
import { create as contentDisposition } from 'content-disposition'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import parseRange from 'range-parser'
import { z } from 'zod'
import type { AppDeps } from '../app.ts'
import { ProblemError } from '../documents/problem.ts'
import { readContentRow } from '../documents/read-documents.ts'
import { openResult, readPage, requireResult } from '../documents/read-result.ts'
import type { BlobLink, ByteRange } from '../storage/blob-store.ts'

export const Params = z.object({ document_id: z.uuid() })
export const PageParams = Params.extend({
  page_number: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
})
const tags = ['results']
/** A download must begin within it; it may take longer. */
const LINK_MS = 5 * 60_000

/** What a document says, and its bytes. */
export const resultRoutes: FastifyPluginAsyncZod<AppDeps> = async (app, { pool, blobs }) => {
  app.get(
    '/documents/:document_id/result',
    {
      schema: {
        summary: 'The AnalyzeResult, streamed',
        tags,
        params: Params,
        response: { 200: AnalyzeResult, 404: Problem, 409: Problem },
      },
      // Pieces of JSON, streamed: nothing is left to serialise.
      serializerCompiler: () => String,
    },
    async (request, reply) => {
      const job = await requireResult(pool, request.params.document_id)
      // Before the headers, since it may be gone.
      const body = await openResult(pool, blobs, job)
      reply.header('Content-Type', 'application/json; charset=utf-8').header('ETag', `"${job.id}"`)
      return reply.send(body as never)
    },
  )

  app.get(
    '/documents/:document_id/pages/:page_number',
    {
      schema: {
        summary: 'One page of the AnalyzeResult',
        description:
          'Counted from 1 among the pages that were read; its `pageNumber` is that in the document. `content` is that of the page, and the spans index it.',
        tags,
        params: PageParams,
        response: { 200: AnalyzeResult, 404: Problem, 409: Problem },
      },
    },
    async (request) => {
      const job = await requireResult(pool, request.params.document_id)
      return readPage(pool, job, request.params.page_number)
    },
  )

  app.get(
    '/documents/:document_id/content',
    {
      schema: {
        summary: 'The document as it was uploaded',
        description:
          'Takes a Range of bytes. Where the storage has links of its own, and they are not switched off, the answer is a redirection ' +
          'to one that holds for a few minutes; the range is asked for there.',
        tags,
        params: Params,
        headers: z.object({
          range: z.string().optional(),
          'if-range': z.string().optional(),
          'if-none-match': z.string().optional(),
        }),
        response: {
          200: z.any().describe('The bytes'),
          206: z.any().describe('A range of them'),
          302: z.any().describe('Location is a link to the bytes, for a few minutes'),
          304: z.any().describe('Unchanged'),
          404: Problem,
          416: Problem,
        },
      },
      serializerCompiler: () => String,
    },
    async (request, reply) => {
      const document = await readContentRow(pool, request.params.document_id)
      const etag = `"${document.sha256}"`
      reply.header('ETag', etag).header('Accept-Ranges', 'bytes')
      // Both before a file is opened for them.
      if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send()
      // A link is signed for GET alone, and HEAD needs no bytes.
      const link = request.method === 'GET' ? await blobs.presign(document.blob_key, linkOf(document)) : null
      if (link) return reply.removeHeader('ETag').header('Cache-Control', 'no-store').redirect(link, 302)
      const { range: wanted, 'if-range': ifRange } = request.headers
      const range = ifRange === undefined || ifRange === etag ? requestedRange(wanted, document.size_bytes) : undefined
      reply
        .header('Content-Type', document.content_type)
        .header('Content-Disposition', contentDisposition(document.filename, { type: 'attachment' }))
        .header('Content-Length', range ? range.end - range.start + 1 : document.size_bytes)
      if (range) reply.code(206).header('Content-Range', `bytes ${range.start}-${range.end}/${document.size_bytes}`)
      // Without a body the framework would say that there are 0 bytes.
      if (request.method === 'HEAD') return reply.send(Readable.from([]))
      return reply.send(await blobs.read(document.blob_key, range))
    },
  )
}

function linkOf(document: { filename: string; content_type: string }): BlobLink {
  return { filename: document.filename, contentType: document.content_type, expiresInMs: LINK_MS }
}

/** If-None-Match, as in RFC 9110, 13.1.2: `*`, or a list that may name weak ones. */
export function matches(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((one) => [etag, `W/${etag}`, '*'].includes(one.trim())) ?? false
}

/** One satisfiable range, or nothing for the whole: several at once, or another unit, may be answered with everything (RFC 9110, 14.2). */
function requestedRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined
  const ranges = parseRange(size, header)
  if (ranges === -1)
    throw new ProblemError('range_not_satisfiable', `The file has ${size} bytes; ${header} is outside.`)
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined
  return ranges[0]
}
