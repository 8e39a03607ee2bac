import type { Table } from '@adp/contract/result-tables.ts'
import type { Pool } from '../../db/client.ts'
import { gridRows, isFilled } from '../../extraction/table-grid.ts'
import type { ResultJob } from '../read-documents.ts'
import { withMarks } from './formats.ts'
import { streamParts } from './read-parts.ts'

/** Without it Excel takes UTF-8 for the code page of the country. */
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * A document from a stranger must not become a formula in the spreadsheet that opens it (CWE-1236): an apostrophe makes it text. Amounts
 * like -12,50 and +3 % have no letter, call nothing, and stay as they are.
 */
const isFormula = (text: string): boolean => /^\s*(?:[=@＝＠]|[-+－＋](?=.*[\p{L}!|"']))/su.test(text)

/** Where lists are separated by semicolons, as in Brazil, Excel opens the file split at them, and takes a quote within a field as it is. */
const PARTS = /([;\t\r\n])/

const withoutFormulas = (text: string): string =>
  text
    .split(PARTS)
    .map((part, n) => (n % 2 === 0 && isFormula(part) ? `'${part}` : part))
    .join('')

/** A field of RFC 4180. */
export function csvField(text: string): string {
  const safe = withoutFormulas(text)
  return /[",;\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A table's lines. A cell that spans others stands in the first of its places. */
export function* csvLines(table: Table): Generator<string> {
  const filled = isFilled(table)
  for (const cells of gridRows(table)) {
    const fields: string[] = []
    const last = filled ? table.columnCount : (cells.at(-1)?.column ?? 0) + 1
    for (const { column, cell } of cells) {
      while (fields.length < column) fields.push('')
      fields[column] = csvField(withMarks(cell?.content ?? ''))
    }
    while (fields.length < last) fields.push('')
    yield `${fields.join(',')}\r\n`
  }
}

/** The tables of a result as CSV, an empty line apart; or one of them. @param count of all tables  @param wanted from 1 */
export async function* streamCsv(pool: Pool, job: ResultJob, count: number, wanted?: number): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK
  let n = 0
  for await (const { part } of streamParts(pool, job, 'tables', wanted ?? count)) {
    n += 1
    if (wanted !== undefined && n !== wanted) continue
    if (wanted === undefined && n > 1) yield '\r\n'
    yield* csvLines(part)
    if (n === wanted) return
  }
}
