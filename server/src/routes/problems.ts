import type { IncomingMessage, ServerResponse } from 'node:http'
import { ERRORS, type ErrorCode, type Problem } from '@adp/contract/errors.ts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { v4 as uuid } from 'uuid'
import { isConnectionError } from '../db/client.ts'
import { ProblemError } from '../documents/problem.ts'
import { BlobMissingError, StorageError } from '../storage/blob-store.ts'

/** Codes of the HTTP framework and the multipart parser, in ours. */
const FRAMEWORK_CODES: Record<string, ErrorCode> = {
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'malformed_upload',
  FST_PROTO_VIOLATION: 'malformed_upload',
  FST_INVALID_JSON_FIELD_ERROR: 'malformed_upload',
  FST_FIELDS_LIMIT: 'malformed_upload',
  FST_PARTS_LIMIT: 'malformed_upload',
  FST_FILES_LIMIT: 'too_many_files',
  FST_PREMATURE_CLOSE: 'upload_interrupted',
  FST_ERR_CTP_BODY_TOO_LARGE: 'request_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
}

const PROBLEM_TYPE = 'application/problem+json'

/** Answers every error of every route with an RFC 9457 problem document. */
export function registerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblemError(error)
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'request failed')
    sendProblem(reply, problem)
  })
  app.setNotFoundHandler((request: FastifyRequest, reply) => {
    sendProblem(reply, new ProblemError('not_found', `There is no ${request.method} ${request.url.split('?')[0]}.`))
  })
}

/** The router refuses some addresses before any handler of ours sees them. */
export function answerBadUrl(path: string, _request: IncomingMessage, response: ServerResponse): void {
  const problem = new ProblemError('invalid_request', `${path} is not a valid address.`)
  response.writeHead(problem.status, { 'Content-Type': PROBLEM_TYPE }).end(describe(problem, uuid()))
}

function sendProblem(reply: FastifyReply, problem: ProblemError): void {
  if (problem.status === 503) reply.header('Retry-After', '2')
  // Serialised already: a route's own response schema does not know problems.
  reply.code(problem.status).header('Content-Type', PROBLEM_TYPE).serializer(String)
  reply.send(describe(problem, reply.request.id))
}

function describe(problem: ProblemError, requestId: string): string {
  const { message, action } = ERRORS[problem.code]
  const body: Problem = {
    type: 'about:blank',
    title: message,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    action,
    instance: `urn:uuid:${requestId}`,
  }
  return JSON.stringify(body)
}

function toProblemError(error: FastifyError): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof BlobMissingError)
    return new ProblemError('internal_error', ERRORS.content_missing.message, { cause: error })
  // Why is for the log.
  if (error instanceof StorageError)
    return new ProblemError('unavailable', 'The storage cannot be used.', { cause: error })
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validation.map(
      ({ instancePath, message }) => `${instancePath.slice(1) || error.validationContext}: ${message}`,
    )
    return new ProblemError('invalid_request', where.join('; '))
  }
  if (isConnectionError(error)) return new ProblemError('unavailable', undefined, { cause: error })
  const code = FRAMEWORK_CODES[error.code]
  if (code) return new ProblemError(code, undefined, { cause: error })
  // The multipart parser has no codes of its own.
  if (/multipart|Unexpected end of (form|file)|Malformed (part|content)|terminated early/i.test(error.message)) {
    return new ProblemError('malformed_upload', error.message, { cause: error })
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new ProblemError('invalid_request', error.message, { cause: error })
  }
  return new ProblemError('internal_error', undefined, { cause: error })
}
