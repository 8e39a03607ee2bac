import path from 'node:path'
import etag from '@fastify/etag'
import helmet from '@fastify/helmet'
import statics from '@fastify/static'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { v4 as uuid } from 'uuid'
import type { Config } from './config.ts'
import type { Pool } from './db/client.ts'
import type { PageDrawer } from './extraction/local/page-drawer.ts'
import { createPaceReader, type Pace } from './queue/start-estimate.ts'
import { createWakeUp, type WakeUp } from './queue/wake-up.ts'
import { documentRoutes } from './routes/documents.ts'
import { exportRoutes } from './routes/exports.ts'
import { healthRoutes } from './routes/health.ts'
import { registerOpenApi } from './routes/openapi.ts'
import { pictureRoutes } from './routes/pictures.ts'
import { answerBadUrl, registerProblems } from './routes/problems.ts'
import { queueRoutes } from './routes/queue.ts'
import { resultRoutes } from './routes/results.ts'
import { searchRoutes } from './routes/search.ts'
import { uploadRoute } from './routes/upload.ts'
import type { BlobStore } from './storage/blob-store.ts'

export type AppDeps = {
  pool: Pool
  blobs: BlobStore
  drawer: PageDrawer
  config: Pick<
    Config,
    'MAX_UPLOAD_BYTES' | 'MAX_UPLOAD_FILES' | 'UPLOAD_IDLE_SECONDS' | 'JOB_MAX_ATTEMPTS' | 'WORKER_TIMEOUT_SECONDS'
  > &
    Partial<Pick<Config, 'EXTRACTION_PROVIDER' | 'AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT'>>
}

/** What routes need: the workers are woken after a commit that made jobs; the pace tells when a job will start. */
export type RouteDeps = AppDeps & { wakeUp: WakeUp; readPace: () => Promise<Pace> }

const PAGE = path.resolve(import.meta.dirname, '../../web/dist')

/** Builds the API with its documentation and the page; server.ts listens. */
export async function buildApp(deps: AppDeps, log: Logger): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // No limit on the whole request, a slow line may take an hour for a large file; a connection on which nothing moves is closed.
    requestTimeout: 0,
    connectionTimeout: deps.config.UPLOAD_IDLE_SECONDS * 1000,
    // At a stop, answers under way are finished and idle connections closed.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, onBadUrl: answerBadUrl },
    genReqId: () => uuid(),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  registerProblems(app as unknown as FastifyInstance)

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
    // The product is reached over plain http on a desk or inside a cluster; who terminates TLS before it sets this there.
    strictTransportSecurity: false,
    // Browsers ignore these two on plain http, and complain about it on every page.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  })
  await app.register(etag)
  await registerOpenApi(app as unknown as FastifyInstance)

  const routeDeps = {
    ...deps,
    wakeUp: createWakeUp(deps.pool),
    readPace: createPaceReader(deps.pool, deps.config.WORKER_TIMEOUT_SECONDS * 1000),
  }
  await app.register(uploadRoute, routeDeps)
  await app.register(documentRoutes, routeDeps)
  await app.register(resultRoutes, deps)
  await app.register(pictureRoutes, deps)
  await app.register(exportRoutes, deps)
  await app.register(searchRoutes, deps)
  await app.register(queueRoutes, routeDeps)
  await app.register(healthRoutes, deps)
  await app.register(statics, { root: PAGE, wildcard: false, cacheControl: false, etag: true })
  return app as unknown as FastifyInstance
}
