import { UPLOAD_FIELD, UploadResponse } from '@adp/contract/document.ts'
import { Problem } from '@adp/contract/errors.ts'
import { ExtractionQuery } from '@adp/contract/extraction-options.ts'
import { JobPriority } from '@adp/contract/job.ts'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppDeps, RouteDeps } from '../app.ts'
import { createDocuments } from '../documents/create-documents.ts'
import { ProblemError } from '../documents/problem.ts'
import { readDocuments } from '../documents/read-documents.ts'
import { type ReceivedFile, receiveFile } from '../documents/receive-upload.ts'
import { requireKnownModel } from '../documents/require-known-model.ts'
import { trackUnownedBlobs, type UnownedBlobs } from '../documents/unowned-blobs.ts'

const Headers = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'Any text of your own, kept for a day: sent again with the same files, the documents of the first time are returned',
    ),
})

const Query = z.strictObject({
  ...ExtractionQuery.shape,
  submitter: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\0]*$/, 'A name has no NUL')
    .optional()
    .describe(
      'Who uploads: any name or id of your own. Submitters share the workers fairly; uploads without one are one submitter',
    ),
  priority: JobPriority.default('normal').describe(
    'Between submitters that both have documents waiting, 16 high ones start for 4 normal and 1 low; nobody waits for ever',
  ),
})

/** POST /documents: all files of a request become documents, or none does. */
export const uploadRoute: FastifyPluginAsyncZod<RouteDeps> = async (app, deps) => {
  const { pool, blobs, config, wakeUp } = deps
  await app.register(multipart, {
    // Sizes are counted while streaming, so that the error names the file; these only bound what the parser holds.
    limits: {
      files: config.MAX_UPLOAD_FILES,
      fileSize: Number.POSITIVE_INFINITY,
      fields: 10,
      parts: config.MAX_UPLOAD_FILES + 10,
    },
    throwFileSizeLimit: false,
  })

  app.post(
    '/documents',
    {
      schema: {
        summary: 'Upload documents',
        description:
          `Multipart, one or many files in the field \`${UPLOAD_FIELD}\`. Answers as soon as the bytes are safe; extraction runs in the background. ` +
          'All files of a request become documents, or none does.',
        tags: ['documents'],
        consumes: ['multipart/form-data'],
        headers: Headers,
        querystring: Query,
        response: {
          202: UploadResponse,
          400: Problem,
          404: Problem,
          413: Problem,
          415: Problem,
          422: Problem,
          503: Problem,
        },
      },
    },
    async (request, reply) => {
      requireKnownModel(request.query, config)
      const tracked = trackUnownedBlobs(pool, blobs)
      try {
        const files = await receiveAll(request, tracked, deps)
        const notifies = wakeUp.isQuiet()
        const { submitter, priority, ...extraction } = request.query
        const created = await createDocuments(pool, files, {
          maxAttempts: config.JOB_MAX_ATTEMPTS,
          idempotencyKey: request.headers['idempotency-key'],
          submitter,
          priority,
          extraction: Object.keys(extraction).length > 0 ? extraction : null,
          notifies,
        })
        if (!notifies) wakeUp.send()
        if (created.replayed) {
          await tracked.discard()
          reply.header('Idempotency-Replayed', 'true')
        }
        const documents = await readDocuments(pool, created.documentIds)
        if (documents.length < created.documentIds.length) {
          throw new ProblemError(
            'document_not_found',
            'A document that this Idempotency-Key has made was deleted since.',
          )
        }
        return reply.code(202).send({ documents })
      } catch (error) {
        // Whoever still sends must be able to finish, or never reads the answer.
        request.raw.unpipe()
        request.raw.resume()
        await tracked
          .discard()
          .catch((err) => request.log.warn({ err }, 'bytes of a failed upload are left for housekeeping'))
        throw error
      } finally {
        tracked.close()
      }
    },
  )
}

async function receiveAll(
  request: FastifyRequest,
  tracked: UnownedBlobs,
  { blobs, config }: AppDeps,
): Promise<ReceivedFile[]> {
  const files: ReceivedFile[] = []
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue
    if (part.fieldname !== UPLOAD_FIELD) {
      part.file.resume()
      throw new ProblemError(
        'malformed_upload',
        `The file ${part.filename} is in the field ${part.fieldname}; the field is ${UPLOAD_FIELD}.`,
      )
    }
    const key = await tracked.reserve()
    files.push(await receiveFile(blobs, key, { name: part.filename, stream: part.file }, config.MAX_UPLOAD_BYTES))
  }
  if (files.length === 0) throw new ProblemError('no_file')
  return files
}
