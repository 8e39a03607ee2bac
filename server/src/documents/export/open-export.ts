import { Readable } from 'node:stream'
import { EXPORT_FORMATS, type ExportFormat, type ExportList } from '@adp/contract/export.ts'
import type { Pool } from '../../db/client.ts'
import type { BlobStore } from '../../storage/blob-store.ts'
import { ProblemError } from '../problem.ts'
import { type ResultJob, readContentRow } from '../read-documents.ts'
import { openResult, requireResult } from '../read-result.ts'
import { streamCsv } from './csv.ts'
import { exportName, FORMATS } from './formats.ts'
import { countParts, type PartCounts } from './read-parts.ts'
import { type ContentRow, hasPages, type SearchablePdfs } from './searchable-pdfs.ts'
import { streamMarkdown, streamText } from './text.ts'
import { streamXlsx } from './xlsx/stream-xlsx.ts'

export type ExportDeps = { pool: Pool; blobs: BlobStore; pdfs: SearchablePdfs }

/** What is asked for: of which document, of which result of it. */
type Wanted = { document: ContentRow; job: ResultJob; counts: PartCounts; table?: number | undefined }

export type Export = { filename: string; contentType: string; open(): Promise<Readable> }

/** Why a document has no export of a format; null: it has. */
const MISSING: Partial<Record<ExportFormat, (wanted: Wanted) => string | null>> = {
  csv: ({ counts }) => (counts.tables > 0 ? null : 'No table was found in the document'),
  xlsx: ({ counts }) =>
    counts.tables + counts.keyValuePairs + counts.documents > 0
      ? null
      : 'No table, key-value pair or field was found in the document',
  pdf: ({ document }) => (hasPages(document) ? null : `${document.content_type} has no pages that look like something`),
}

const pieces = (text: AsyncIterable<string>): Readable => Readable.from(text, { objectMode: false })

const OPEN: Record<ExportFormat, (deps: ExportDeps, wanted: Wanted) => Promise<Readable>> = {
  json: ({ pool, blobs }, { job }) => openResult(pool, blobs, job),
  md: async ({ pool }, { job }) => pieces(streamMarkdown(pool, job)),
  txt: async ({ pool }, { job }) => pieces(streamText(pool, job)),
  csv: async ({ pool }, { job, counts, table }) => pieces(streamCsv(pool, job, counts.tables, table)),
  xlsx: async ({ pool }, { job, counts }) => streamXlsx(pool, job, counts),
  pdf: ({ pdfs }, { document, job }) => pdfs.open(document, job),
}

async function find(pool: Pool, documentId: string, table?: number): Promise<Wanted> {
  const [document, job] = await Promise.all([readContentRow(pool, documentId), requireResult(pool, documentId)])
  return { document: { id: documentId, ...document }, job, counts: await countParts(pool, job), table }
}

/** What a document's result can be taken away as. @throws ProblemError document_not_found, result_not_ready */
export async function listExports(pool: Pool, documentId: string): Promise<ExportList> {
  const wanted = await find(pool, documentId)
  const exports = EXPORT_FORMATS.map((format) => ({
    format,
    filename: exportName(wanted.document.filename, format),
    content_type: FORMATS[format].contentType,
    available: !MISSING[format]?.(wanted),
  }))
  return { exports, tables: wanted.counts.tables }
}

/**
 * A result in a format. @param table of csv, from 1; all without it
 * @throws ProblemError document_not_found, result_not_ready, export_unavailable, table_not_found; `open`: export_in_progress,
 * export_unavailable, unavailable; BlobMissingError, StorageError
 */
export async function findExport(
  deps: ExportDeps,
  documentId: string,
  format: ExportFormat,
  table?: number,
): Promise<Export> {
  const wanted = await find(deps.pool, documentId, table)
  const missing = MISSING[format]?.(wanted)
  if (missing) throw new ProblemError('export_unavailable', `${missing}.`)
  const { tables } = wanted.counts
  if (table !== undefined && table > tables)
    throw new ProblemError('table_not_found', `The document has ${tables} tables; there is no table ${table}.`)
  return {
    filename: exportName(wanted.document.filename, format, table),
    contentType: FORMATS[format].contentType,
    open: () => OPEN[format](deps, wanted),
  }
}
