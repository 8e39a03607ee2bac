import { Problem } from '@adp/contract/errors.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppDeps } from '../app.ts'
import { ProblemError } from '../documents/problem.ts'

const Healthy = z.object({ status: z.literal('ok') })

/** For orchestrators: live says the process answers, ready that it can do its work. */
export const healthRoutes: FastifyPluginAsyncZod<AppDeps> = async (app, { pool, blobs }) => {
  const schema = { tags: ['health'], response: { 200: Healthy, 503: Problem } }

  app.get('/health/live', { schema: { summary: 'The process answers', ...schema } }, async () => ({
    status: 'ok' as const,
  }))

  app.get('/health/ready', { schema: { summary: 'Database and storage can be used', ...schema } }, async () => {
    try {
      await Promise.all([pool.query('SELECT FROM document_processing_jobs LIMIT 1'), blobs.check()])
    } catch (error) {
      throw new ProblemError('unavailable', (error as Error).message, { cause: error })
    }
    return { status: 'ok' as const }
  })
}
