import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { Block, PlacedCell } from '../flow/blocks.ts'
import { PAGE_CELLS } from '../flow/paginate.ts'
import type { FlowSource, OpenFlow } from '../flow/read-flow.ts'
import { CSV_OPTIONS, findDelimiter } from './csv-dialect.ts'
import { decodePieces, decodeText } from './encoding.ts'

/** Enough lines to tell how they are divided. */
const SAMPLE_BYTES = 65_536

const delimiterOf = (bytes: Buffer): string => {
  const sample = decodeText(bytes.subarray(0, SAMPLE_BYTES))
  const lines = bytes.length > SAMPLE_BYTES ? sample.slice(0, sample.lastIndexOf('\n') + 1) : sample
  return findDelimiter(lines) ?? ','
}

const NUMBER = /^[\s+\-€$£R]*[\d.,\s%]+$/

/** The first row heads the columns unless it has a number, or nothing, in the place of a name. */
const isHeader = (record: string[]): boolean =>
  record.length > 1 && record.every((field) => field.trim() !== '' && !NUMBER.test(field))

async function* blocksOf(bytes: Buffer): AsyncGenerator<Block> {
  const parser = Readable.from(decodePieces(bytes)).pipe(parse({ ...CSV_OPTIONS, delimiter: delimiterOf(bytes) }))
  let cells: PlacedCell[] = []
  let row = 0
  let heads: 'column' | undefined
  let first = true
  for await (const record of parser as AsyncIterable<string[]>) {
    if (first && isHeader(record)) heads = 'column'
    for (const [column, text] of record.entries()) cells.push({ row, column, rowSpan: 1, columnSpan: 1, text, heads })
    row += 1
    ;[first, heads] = [false, undefined]
    // A page's worth: a large file is never whole in memory.
    if (cells.length < PAGE_CELLS) continue
    yield { kind: 'table', cells }
    cells = []
    row = 0
  }
  if (cells.length > 0) yield { kind: 'table', cells }
}

/** Opens a table of comma-, semicolon-, tab- or bar-separated values: the delimiter is found, and rows may be of any length. */
export const openCsv: OpenFlow = async ({ request }): Promise<FlowSource> => {
  const bytes = await readFile(request.path)
  return { blocks: () => blocksOf(bytes) }
}
