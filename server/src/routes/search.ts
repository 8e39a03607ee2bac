import { Problem } from '@adp/contract/errors.ts'
import { PageMatches, SearchQuery, SearchResults, SearchText } from '@adp/contract/search.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppDeps } from '../app.ts'
import { requireResult } from '../documents/read-result.ts'
import { searchDocuments, searchPage } from '../documents/search-documents.ts'
import { PageParams } from './results.ts'

const tags = ['search']

/** What stands in the documents. Their names are searched by the list. */
export const searchRoutes: FastifyPluginAsyncZod<AppDeps> = async (app, { pool }) => {
  app.get(
    '/search',
    {
      schema: {
        summary: 'Search the text of all documents',
        description:
          'Pages that have all the words, whatever their case, accents and form in English or Portuguese, the best first; each with a ' +
          'snippet and with the place of every match. A document shows up with its newest result only. To search names, GET /documents with `filename`.',
        tags,
        querystring: SearchQuery,
        response: { 200: SearchResults, 400: Problem },
      },
    },
    ({ query }) => searchDocuments(pool, query),
  )

  app.get(
    '/documents/:document_id/pages/:page_number/matches',
    {
      schema: {
        summary: 'Where the words of a query stand on a page',
        description: 'All of them, and also when the page does not have every word of the query.',
        tags,
        params: PageParams,
        querystring: z.strictObject({ q: SearchText }),
        response: { 200: PageMatches, 400: Problem, 404: Problem, 409: Problem },
      },
    },
    async ({ params, query }) =>
      searchPage(pool, await requireResult(pool, params.document_id), params.page_number, query.q),
  )
}
