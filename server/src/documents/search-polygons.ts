import type { Page } from '@adp/contract/analyze-result.ts'
import type { LengthUnit, Polygon, Span } from '@adp/contract/geometry.ts'
import type { Queryable } from '../db/client.ts'
import { packedWords } from '../extraction/local/packed-text.ts'

type WordsRow = { n: number; unit: LengthUnit; packed_text: Buffer | null; words: Page['words'] | null }

/**
 * The polygons of the words that spans of pages are made of.
 * @param spans for each page, in the page's content
 * @returns for each page, for each span; none of words without a place
 */
export async function readPolygons(
  db: Queryable,
  pages: readonly { job_id: number; page_number: number }[],
  spans: readonly Span[][],
): Promise<Polygon[][][]> {
  const { rows } = await db.query<WordsRow>({
    name: 'words of pages',
    text: `
      SELECT n::int - 1 AS n, coalesce(page->>'unit', 'inch') AS unit, packed_text, CASE WHEN packed_text IS NULL THEN page->'words' END AS words
      FROM unnest($1::bigint[], $2::int[]) WITH ORDINALITY AS pages (job_id, page_number, n)
      JOIN document_pages USING (job_id, page_number)`,
    values: [pages.map((page) => page.job_id), pages.map((page) => page.page_number)],
  })
  const found: Polygon[][][] = spans.map((ofPage) => ofPage.map(() => []))
  for (const row of rows) {
    const wanted = spans[row.n] ?? []
    for (const { polygon, span } of wordsOf(row))
      for (const [index, one] of wanted.entries())
        if (polygon && overlap(one, span)) found[row.n]?.[index]?.push(polygon)
  }
  return found
}

const wordsOf = ({ packed_text, words, unit }: WordsRow) =>
  packed_text ? packedWords(packed_text, unit) : (words ?? [])

const overlap = (a: Span, b: Span): boolean => a.offset < b.offset + b.length && b.offset < a.offset + a.length
