import type { Readable } from 'node:stream'
import type { Pool } from '../../../db/client.ts'
import type { ResultJob } from '../../read-documents.ts'
import { type PartCounts, streamParts } from '../read-parts.ts'
import { fieldSheet, pairSheet } from './field-sheets.ts'
import type { Sheet } from './sheet-xml.ts'
import { tableSheet } from './table-sheet.ts'
import { streamWorkbook } from './workbook.ts'

async function* sheetsOf(pool: Pool, job: ResultJob, counts: PartCounts): AsyncGenerator<Sheet> {
  const { documents, keyValuePairs, tables } = counts
  if (documents > 0) yield fieldSheet(streamParts(pool, job, 'documents', documents))
  if (keyValuePairs > 0) yield pairSheet(streamParts(pool, job, 'keyValuePairs', keyValuePairs))
  let n = 0
  for await (const { page, part } of streamParts(pool, job, 'tables', tables)) {
    n += 1
    yield tableSheet(part, `Table ${n}, page ${page}`)
  }
}

/** Fields, key-value pairs and tables of a result as a workbook, a sheet for each table. @param counts of which one is not 0 */
export const streamXlsx = (pool: Pool, job: ResultJob, counts: PartCounts): Readable =>
  streamWorkbook(sheetsOf(pool, job, counts))
