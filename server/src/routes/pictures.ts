import { Problem } from '@adp/contract/errors.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppDeps } from '../app.ts'
import { createPagePictures, LARGEST_WIDTH } from '../documents/page-pictures.ts'
import { requireResult } from '../documents/read-result.ts'
import { matches, PageParams } from './results.ts'

/** A picture never changes, but its document may be deleted: browsers ask again after a day. */
const CACHE_CONTROL = 'private, max-age=86400'

/** Pages as they look. */
export const pictureRoutes: FastifyPluginAsyncZod<AppDeps> = async (app, { pool, blobs, drawer }) => {
  const pictures = createPagePictures({ pool, blobs, drawer, log: app.log })
  app.addHook('preClose', async () => pictures.close())

  app.get(
    '/documents/:document_id/pages/:page_number/picture',
    {
      schema: {
        summary: 'A page as it looks, WebP',
        description:
          'Drawn when it is first asked for, then kept. As wide as `width` or a little wider, where the page has as many pixels; words stand ' +
          "where the page's polygons say, in proportion.",
        tags: ['results'],
        params: PageParams,
        querystring: z.strictObject({ width: z.coerce.number().int().min(1).max(LARGEST_WIDTH).default(1200) }),
        headers: z.object({ 'if-none-match': z.string().optional() }),
        response: {
          200: z.any().describe('The picture'),
          304: z.any().describe('Unchanged'),
          404: Problem,
          409: Problem,
          422: Problem,
          503: Problem,
        },
      },
      serializerCompiler: () => String,
    },
    async ({ params, query, headers }, reply) => {
      const job = await requireResult(pool, params.document_id)
      const picture = await pictures.find(params.document_id, job, params.page_number, query.width)
      if (matches(headers['if-none-match'], picture.etag))
        return reply.header('ETag', picture.etag).header('Cache-Control', CACHE_CONTROL).code(304).send()
      // Before the headers, which an error must not have.
      const body = await picture.read()
      return reply
        .header('ETag', picture.etag)
        .header('Cache-Control', CACHE_CONTROL)
        .header('Content-Type', 'image/webp')
        .send(body)
    },
  )
}
