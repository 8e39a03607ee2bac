import { Problem } from '@adp/contract/errors.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppDeps } from '../app.ts'
import { ProblemError } from '../documents/problem.ts'

const Healthy = z.object({ status: z.literal('ok') })

/** Says which part is away; why is for the log, since it names hosts and paths. */
async function usable(part: string, check: Promise<unknown>): Promise<void> {
  await check.catch((error) => {
    throw new ProblemError('unavailable', `The ${part} cannot be used.`, { cause: error })
  })
}

/** For orchestrators: live says the process answers, ready that it can do its work. */
export const healthRoutes: FastifyPluginAsyncZod<AppDeps> = async (app, { pool, blobs }) => {
  const schema = { tags: ['health'], response: { 200: Healthy, 503: Problem } }

  app.get('/health/live', { schema: { summary: 'The process answers', ...schema } }, async () => ({
    status: 'ok' as const,
  }))

  app.get('/health/ready', { schema: { summary: 'Database and storage can be used', ...schema } }, async () => {
    await Promise.all([
      usable('database', pool.query('SELECT FROM document_processing_jobs LIMIT 1')),
      usable('storage', blobs.check()),
    ])
    return { status: 'ok' as const }
  })
}
