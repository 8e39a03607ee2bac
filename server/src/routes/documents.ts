import { DocumentDetails, DocumentList, ListDocumentsQuery } from '@adp/contract/document.ts'
import { Problem } from '@adp/contract/errors.ts'
import { isFinished, Job, JobStatusAnswer } from '@adp/contract/job.ts'
import { PageRanges, parsePageRanges } from '@adp/contract/page-ranges.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { RouteDeps } from '../app.ts'
import { cancelJob, deleteDocument, reprocessDocument } from '../documents/change-documents.ts'
import { listDocuments, readDocument } from '../documents/read-documents.ts'
import { withPosition } from '../documents/status-answer.ts'
import { waitForJob } from '../documents/wait-for-job.ts'

const Params = z.object({ document_id: z.uuid() })
const StatusQuery = z.strictObject({
  wait: z.coerce
    .number()
    .min(0)
    .max(30)
    .default(0)
    .describe('Seconds to hold the answer back, until the job is finished at the latest'),
})
const ReprocessQuery = z.strictObject({
  pages: z
    .union([z.literal('failed'), PageRanges.transform(parsePageRanges)])
    .optional()
    .describe(
      '`failed`: all that could not be read, or some of these, like 2,5-7; without it every page is read again',
    ),
})
const tags = ['documents']

/** The document and where it stands. */
export const documentRoutes: FastifyPluginAsyncZod<RouteDeps> = async (app, deps) => {
  const { pool, blobs, config, wakeUp, readPace } = deps
  // A connection on which nothing moves for UPLOAD_IDLE_SECONDS is closed; the answer has to be out before.
  const waitMs = (seconds: number) => Math.min(seconds, config.UPLOAD_IDLE_SECONDS / 2) * 1000
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  app.get(
    '/documents',
    {
      schema: {
        summary: 'List documents',
        tags,
        querystring: ListDocumentsQuery,
        response: { 200: DocumentList, 400: Problem },
      },
    },
    (request) => listDocuments(pool, request.query),
  )

  app.get(
    '/documents/:document_id',
    {
      schema: {
        summary: 'A document, its job and every attempt',
        tags,
        params: Params,
        response: { 200: DocumentDetails, 404: Problem },
      },
    },
    (request) => readDocument(pool, request.params.document_id),
  )

  app.get(
    '/documents/:document_id/status',
    {
      schema: {
        summary: 'Where a document stands',
        description:
          'With an ETag; answers 304 to If-None-Match. Retry-After, while it is not finished, says in how many seconds to ask again.',
        tags,
        params: Params,
        querystring: StatusQuery,
        response: { 200: JobStatusAnswer, 404: Problem },
      },
    },
    async (request, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const job = await waitForJob(
        pool,
        request.params.document_id,
        waitMs(request.query.wait),
        AbortSignal.any([gone.signal, closing.signal]),
      )
      if (!isFinished(job.status)) reply.header('Retry-After', String(secondsUntilNews(job, Date.now())))
      return reply.header('Cache-Control', 'no-cache').send(await withPosition(pool, job, readPace))
    },
  )

  app.delete(
    '/documents/:document_id',
    {
      schema: {
        summary: 'Delete a document, its bytes and its result',
        tags,
        params: Params,
        response: { 204: z.undefined(), 404: Problem },
      },
    },
    async (request, reply) => {
      await deleteDocument(pool, blobs, request.params.document_id)
      return reply.code(204).send()
    },
  )

  app.post(
    '/documents/:document_id/reprocess',
    {
      schema: {
        summary: 'Process a document again, as a new job',
        description:
          'With `pages` only pages that could not be read are read again: the job has all others from the beginning, and its result replaces the last one when it is COMPLETED.',
        tags,
        params: Params,
        querystring: ReprocessQuery,
        response: { 202: Job, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const job = await reprocessDocument(
        pool,
        request.params.document_id,
        config.JOB_MAX_ATTEMPTS,
        request.query.pages,
      )
      wakeUp.send()
      return reply.code(202).send(job)
    },
  )

  app.post(
    '/documents/:document_id/cancel',
    {
      schema: {
        summary: 'Cancel the processing of a document',
        description: 'It is FAILED with the code `canceled` at once, and whatever works on it stops within 2 seconds.',
        tags,
        params: Params,
        response: { 200: Job, 404: Problem, 409: Problem },
      },
    },
    (request) => cancelJob(pool, request.params.document_id),
  )
}

/** 1 s while it may be done any moment, else the time to its next try; at most a minute, since somebody may intervene. */
function secondsUntilNews(job: Job, now: number): number {
  const wait = job.next_try_at === null ? 0 : Date.parse(job.next_try_at) - now
  return Math.min(60, Math.max(1, Math.ceil(wait / 1000)))
}
