import path from 'node:path'
import type { ExportFormat } from '@adp/contract/export.ts'

/** How each format is named. An ending stands after the document's own name, without that one's ending. */
export const FORMATS: Record<ExportFormat, { contentType: string; ending: string }> = {
  pdf: { contentType: 'application/pdf', ending: '.searchable.pdf' },
  md: { contentType: 'text/markdown; charset=utf-8', ending: '.md' },
  txt: { contentType: 'text/plain; charset=utf-8', ending: '.txt' },
  xlsx: { contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ending: '.xlsx' },
  csv: { contentType: 'text/csv; charset=utf-8', ending: '.csv' },
  json: { contentType: 'application/json; charset=utf-8', ending: '.json' },
}

/** `scan.tiff` as `scan.md`; its second table as `scan.table-2.csv`. */
export function exportName(filename: string, format: ExportFormat, table?: number): string {
  const { name } = path.posix.parse(filename)
  return `${name}${table === undefined ? '' : `.table-${table}`}${FORMATS[format].ending}`
}

/** Marks as a person reads them: Azure writes them into texts as words. */
export const withMarks = (text: string): string => text.replaceAll(':selected:', '☒').replaceAll(':unselected:', '☐')
