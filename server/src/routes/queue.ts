import { ErrorCode, Problem } from '@adp/contract/errors.ts'
import {
  DeadLetterList,
  PauseRequest,
  Queue,
  RetriedDeadLetters,
  RetryDeadLettersRequest,
} from '@adp/contract/queue.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { RouteDeps } from '../app.ts'
import { listDeadLetters, retryDeadLetters } from '../queue/dead-letters.ts'
import { pauseQueue, resumeQueue } from '../queue/pause.ts'
import { readQueue } from '../queue/statistics.ts'

const ListDeadLettersQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'not one that this server has given')
    .transform(Number)
    .optional()
    .describe('`next_cursor` of the answer before'),
  error_code: ErrorCode.optional().describe('Only those that failed with this code'),
})
const tags = ['queue']

/** The queue for whoever runs it: where it stands, pause, dead letters. */
export const queueRoutes: FastifyPluginAsyncZod<RouteDeps> = async (app, { pool, config, wakeUp }) => {
  const read = () => readQueue(pool, config.WORKER_TIMEOUT_SECONDS * 1000)

  app.get(
    '/queue',
    {
      schema: {
        summary: 'Where the queue stands',
        description: 'Counted from live rows; dead letters up to 10,000.',
        tags,
        response: { 200: Queue, 503: Problem },
      },
    },
    read,
  )

  app.post(
    '/queue/pause',
    {
      schema: {
        summary: 'Pause the queue',
        description: 'No job begins until it is resumed; what runs goes on, and what a provider has is still fetched.',
        tags,
        body: PauseRequest.nullable(),
        response: { 200: Queue, 400: Problem, 503: Problem },
      },
    },
    async (request) => {
      await pauseQueue(pool, request.body?.reason ?? '')
      return read()
    },
  )

  app.post(
    '/queue/resume',
    {
      schema: {
        summary: 'Resume the queue',
        description: 'Nothing changes when it is not paused.',
        tags,
        response: { 200: Queue, 503: Problem },
      },
    },
    async () => {
      await resumeQueue(pool)
      return read()
    },
  )

  app.get(
    '/queue/dead-letters',
    {
      schema: {
        summary: 'List documents that failed for good',
        description: 'Those whose newest job is FAILED and was not canceled, by that job.',
        tags,
        querystring: ListDeadLettersQuery,
        response: { 200: DeadLetterList, 400: Problem, 503: Problem },
      },
    },
    ({ query }) => listDeadLetters(pool, { limit: query.limit, before: query.cursor, errorCode: query.error_code }),
  )

  app.post(
    '/queue/dead-letters/retry',
    {
      schema: {
        summary: 'Process all of them again',
        description:
          'Each as a new job of the same submitter, with low priority so that people go first. To process one document again, POST to its /reprocess.',
        tags,
        body: RetryDeadLettersRequest.nullable(),
        response: { 202: RetriedDeadLetters, 400: Problem, 503: Problem },
      },
    },
    async (request, reply) => {
      const jobs = await retryDeadLetters(pool, {
        errorCode: request.body?.error_code,
        maxAttempts: config.JOB_MAX_ATTEMPTS,
        wakeUp,
      })
      return reply.code(202).send({ jobs })
    },
  )
}
