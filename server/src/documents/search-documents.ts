import type { LengthUnit, Polygon, Span } from '@adp/contract/geometry.ts'
import type { PageMatches, SearchHit, SearchMatch, SearchQuery, SearchResults } from '@adp/contract/search.ts'
import type { Queryable } from '../db/client.ts'
import type { ResultJob } from './read-documents.ts'
import { readPage } from './read-result.ts'
import { decodeCursor, encodeCursor } from './search-cursor.ts'
import { findMatches } from './search-matches.ts'
import { readPolygons } from './search-polygons.ts'
import { parseQuery, toTsquery } from './search-query.ts'
import { snippetOf } from './search-snippet.ts'

/** Pages whose rank is computed, the newest: each takes a tenth of a millisecond, and a word like "total" is on every page. */
const RANKED = 500

const NOTHING: SearchResults = { hits: [], next_cursor: null, is_capped: false }

type HitRow = {
  job_id: number
  page_number: number
  rank: number
  found: number
  document_id: string
  filename: string
  content: string
  width: number | null
  height: number | null
  unit: LengthUnit | null
}

/**
 * Pages with the words of a query, of the newest COMPLETED job of each document that is not deleted, the best first.
 * @throws ProblemError invalid_request for a cursor that is none of ours
 */
export async function searchDocuments(db: Queryable, query: SearchQuery): Promise<SearchResults> {
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor)
  const alternatives = parseQuery(query.q)
  if (alternatives.length === 0) return NOTHING
  const rows = await readHits(db, alternatives, query, after)
  const shown = rows.slice(0, query.limit)
  const spans = await findMatches(
    db,
    alternatives,
    shown.map((row) => row.content),
  )
  const polygons = await readPolygons(db, shown, spans)
  const last = shown.at(-1)
  return {
    hits: shown.map((row, n) => toHit(row, spans[n] ?? [], polygons[n] ?? [])),
    next_cursor: rows.length > query.limit && last ? encodeCursor(last) : null,
    is_capped: (rows[0]?.found ?? 0) > RANKED,
  }
}

/** What of a query stands on one page. @throws ProblemError page_not_found */
export async function searchPage(db: Queryable, job: ResultJob, pageNumber: number, q: string): Promise<PageMatches> {
  const { content, pages } = await readPage(db, job, pageNumber)
  const { width = null, height = null, unit = null } = pages[0] ?? {}
  const [spans = []] = await findMatches(db, parseQuery(q), [content])
  const [polygons = []] = await readPolygons(db, [{ job_id: job.id, page_number: pageNumber }], [spans])
  return { matches: toMatches(content, spans, polygons), width, height, unit }
}

async function readHits(
  db: Queryable,
  alternatives: ReturnType<typeof parseQuery>,
  { limit, document_id }: SearchQuery,
  after: ReturnType<typeof decodeCursor> | null,
): Promise<HitRow[]> {
  const { sql, values } = toTsquery(alternatives, 6)
  const { rows } = await db.query<HitRow>(
    `WITH found AS MATERIALIZED (
       SELECT page.job_id, page.page_number, document.id AS document_id, document.filename
       FROM document_pages AS page
       JOIN document_processing_jobs AS job ON job.id = page.job_id
       JOIN documents AS document ON document.id = job.document_id
       WHERE page.search_words @@ (${sql}) AND job.status = 'COMPLETED' AND document.deleted_at IS NULL
         AND ($1::uuid IS NULL OR document.id = $1)
         AND NOT EXISTS (SELECT FROM document_processing_jobs AS newer
                         WHERE newer.document_id = job.document_id AND newer.id > job.id AND newer.status = 'COMPLETED')
       ORDER BY page.job_id DESC, page.page_number DESC LIMIT ${RANKED + 1}
     ), ranked AS (
       SELECT found.*, ts_rank(page.search_words, (${sql}))::float8 AS rank, (SELECT count(*) FROM found)::int AS found
       FROM (SELECT * FROM found LIMIT ${RANKED}) AS found JOIN document_pages AS page USING (job_id, page_number)
     ), best AS (
       SELECT * FROM ranked
       WHERE $2::float8 IS NULL OR (-rank, -job_id, page_number) > (-$2::float8, -$3::bigint, $4::int)
       ORDER BY -rank, -job_id, page_number LIMIT $5
     )
     SELECT best.*, page.content, (page.page->>'width')::float8 AS width, (page.page->>'height')::float8 AS height, page.page->>'unit' AS unit
     FROM best JOIN document_pages AS page USING (job_id, page_number) ORDER BY -rank, -job_id, page_number`,
    [document_id ?? null, after?.rank ?? null, after?.job_id ?? null, after?.page_number ?? null, limit + 1, ...values],
  )
  return rows
}

function toHit(row: HitRow, spans: Span[], polygons: Polygon[][]): SearchHit {
  return {
    document: { id: row.document_id, filename: row.filename },
    page_number: row.page_number,
    rank: row.rank,
    snippet: snippetOf(row.content, spans),
    matches: toMatches(row.content, spans, polygons),
    width: row.width,
    height: row.height,
    unit: row.unit,
  }
}

const toMatches = (content: string, spans: Span[], polygons: Polygon[][]): SearchMatch[] =>
  spans.map((span, n) => ({
    span,
    content: content.slice(span.offset, span.offset + span.length),
    polygons: polygons[n] ?? [],
  }))
