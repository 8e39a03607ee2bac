import type { Polygon, Span } from '@adp/contract/geometry.ts'
import type { Queryable } from '../db/client.ts'

/**
 * The polygons of the words that spans of pages are made of. Found in the database, since a page's words are thirty times as long as what is
 * asked for: written out as JSON, those of twenty pages took 0.1 s.
 * @param spans for each page, in the page's content
 * @returns for each page, for each span; none of words without a place
 */
export async function readPolygons(
  db: Queryable,
  pages: readonly { job_id: number; page_number: number }[],
  spans: readonly Span[][],
): Promise<Polygon[][][]> {
  const wanted = spans.flatMap((ofPage, page) => ofPage.map((span, index) => ({ page, index, ...span })))
  const { rows } = await db.query<{ page: number; index: number; polygon: Polygon }>({
    name: 'polygons of spans',
    text: `
      WITH wanted AS (SELECT * FROM unnest($3::int[], $4::int[], $5::int[], $6::int[]) AS wanted (page, index, starts, ends)),
      words AS MATERIALIZED (
        SELECT n::int - 1 AS page, place, (word->'span'->>'offset')::int AS starts, (word->'span'->>'length')::int AS length, word
        FROM unnest($1::bigint[], $2::int[]) WITH ORDINALITY AS pages (job_id, page_number, n)
        JOIN document_pages USING (job_id, page_number), json_array_elements(page->'words') WITH ORDINALITY AS words (word, place)
      )
      SELECT page, index, word->'polygon' AS polygon FROM wanted JOIN words USING (page)
      WHERE words.starts < ends AND words.starts + length > wanted.starts AND word->'polygon' IS NOT NULL ORDER BY page, index, place`,
    values: [
      pages.map((page) => page.job_id),
      pages.map((page) => page.page_number),
      wanted.map(({ page }) => page),
      wanted.map(({ index }) => index),
      wanted.map(({ offset }) => offset),
      wanted.map(({ offset, length }) => offset + length),
    ],
  })
  const found: Polygon[][][] = spans.map((ofPage) => ofPage.map(() => []))
  for (const { page, index, polygon } of rows) found[page]?.[index]?.push(polygon)
  return found
}
