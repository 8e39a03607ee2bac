import { z } from 'zod'
import { LengthUnit, Polygon, Span } from './geometry.ts'

export const SearchText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/, 'A query has no NUL')
  .describe(
    'Words that are all to be on a page, in any form, case and accent; "a phrase" in quotes; -word to leave pages out; `or` between alternatives',
  )

export const SearchQuery = z.strictObject({
  q: SearchText,
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the answer before'),
  document_id: z.uuid().optional().describe('Only in this document'),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export const SearchMatch = z
  .object({
    span: Span.describe("In the page's own `content`"),
    content: z.string(),
    polygons: z
      .array(Polygon)
      .describe("Of the words it is made of, in the page's unit; none where the page has no layout"),
  })
  .meta({ id: 'SearchMatch' })
export type SearchMatch = z.infer<typeof SearchMatch>

/** What was found on one page. */
export const PageMatches = z
  .object({
    matches: z.array(SearchMatch).describe('In the order of the text; the first 100'),
    width: z.number().nullable().describe('Of the page, in its unit; null where it has no layout'),
    height: z.number().nullable(),
    unit: LengthUnit.nullable(),
  })
  .meta({ id: 'PageMatches' })
export type PageMatches = z.infer<typeof PageMatches>

export const SearchHit = PageMatches.extend({
  document: z.object({ id: z.uuid(), filename: z.string() }),
  page_number: z.int().describe('Counted from 1 among the pages that were read, as in `/documents/{id}/pages/{n}`'),
  rank: z.number().describe('The higher, the better it fits; comes from how often the words are there and how near'),
  snippet: z.object({
    text: z.string(),
    matches: z.array(Span).describe('In `text`, in UTF-16 code units'),
    starts_inside: z.boolean().describe('Whether text of the page goes before it'),
    ends_inside: z.boolean().describe('Whether text of the page comes after it'),
  }),
}).meta({ id: 'SearchHit' })
export type SearchHit = z.infer<typeof SearchHit>

export const SearchResults = z
  .object({
    hits: z.array(SearchHit).describe('Pages, the best first'),
    next_cursor: z.string().nullable().describe('null on the last page'),
    is_capped: z
      .boolean()
      .describe('Whether more pages have it than are ranked: the newest 500 are; another word helps'),
  })
  .meta({ id: 'SearchResults' })
export type SearchResults = z.infer<typeof SearchResults>
