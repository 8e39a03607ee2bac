import { z } from 'zod'

/** What a result can be taken away as; json is the AnalyzeResult. */
export const EXPORT_FORMATS = ['pdf', 'md', 'txt', 'xlsx', 'csv', 'json'] as const
export const ExportFormat = z.enum(EXPORT_FORMATS)
export type ExportFormat = z.infer<typeof ExportFormat>

export const DocumentExport = z.object({
  format: ExportFormat,
  filename: z.string(),
  content_type: z.string(),
  available: z
    .boolean()
    .describe(
      'false for csv without a table, xlsx without table, key-value pair and field, pdf of what has no pages like Office files',
    ),
})
export type DocumentExport = z.infer<typeof DocumentExport>

export const ExportList = z
  .object({ exports: z.array(DocumentExport), tables: z.int().describe('How many tables the result has') })
  .meta({ id: 'ExportList' })
export type ExportList = z.infer<typeof ExportList>

/** What PostgreSQL takes for an integer; no result has more tables. */
export const MOST_TABLES = 2 ** 31 - 1

export const ExportQuery = z.strictObject({
  table: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_TABLES)
    .optional()
    .describe('csv: this table alone, counted from 1; without it all of them, an empty line apart'),
})
