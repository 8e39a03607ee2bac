import { Readable } from 'node:stream'
import { Problem } from '@adp/contract/errors.ts'
import { ExportFormat, ExportList, ExportQuery } from '@adp/contract/export.ts'
import { create as contentDisposition } from 'content-disposition'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppDeps } from '../app.ts'
import { findExport, listExports } from '../documents/export/open-export.ts'
import { createSearchablePdfs } from '../documents/export/searchable-pdfs.ts'
import { ProblemError } from '../documents/problem.ts'
import { Params } from './results.ts'

const tags = ['results']

/** A result in the formats of others. */
export const exportRoutes: FastifyPluginAsyncZod<AppDeps> = async (app, { pool, blobs, drawer }) => {
  const pdfs = createSearchablePdfs({ pool, blobs, drawer, log: app.log })
  app.addHook('preClose', async () => pdfs.close())

  app.get(
    '/documents/:document_id/exports',
    {
      schema: {
        summary: 'The formats that a result can be had in',
        tags,
        params: Params,
        response: { 200: ExportList, 404: Problem, 409: Problem },
      },
    },
    (request) => listExports(pool, request.params.document_id),
  )

  app.get(
    '/documents/:document_id/exports/:format',
    {
      schema: {
        summary: 'The result in a format, streamed',
        description:
          'pdf: the original with its text to search and copy. md: Markdown in the manner of Azure, tables in HTML. txt: a form feed after each ' +
          'page. xlsx: fields, key-value pairs, and a sheet for each table. csv: the tables, UTF-8 with a byte order mark; what a spreadsheet ' +
          'would take for a formula has an apostrophe before it. json: the AnalyzeResult. A pdf is made when it is first asked for, then kept; ' +
          'until it is ready, the answer is 503 with `export_in_progress` and Retry-After.',
        tags,
        params: Params.extend({ format: ExportFormat }),
        querystring: ExportQuery,
        response: {
          200: z.any().describe('The file'),
          400: Problem,
          404: Problem,
          409: Problem,
          422: Problem,
          503: Problem,
        },
      },
      serializerCompiler: () => String,
    },
    async ({ method, params: { document_id, format }, query: { table } }, reply) => {
      if (table !== undefined && format !== 'csv')
        throw new ProblemError('invalid_request', 'table: only csv has single tables')
      const found = await findExport({ pool, blobs, pdfs }, document_id, format, table)
      // Before the headers, which an error must not have. HEAD waits for a pdf too, so that whoever asks knows when it is there.
      const body = await found.open()
      reply
        .header('Content-Type', found.contentType)
        .header('Content-Disposition', contentDisposition(found.filename, { type: 'attachment' }))
      if (method !== 'HEAD') return reply.send(body)
      body.destroy()
      // Without a body the framework would say that there are 0 bytes.
      return reply.send(Readable.from([]))
    },
  )
}
