import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { ContentType } from '@adp/contract/document.ts'
import pino from 'pino'
import { createContainerSniffer } from '../../../server/src/documents/sniff-container.ts'
import { SNIFF_BYTES, sniffType } from '../../../server/src/documents/sniff-type.ts'
import { createLocalExtractor } from '../../../server/src/extraction/local/local-extractor.ts'
import { table } from '../report.ts'
import { compareTables, markdownTables, resultTables } from './compare-tables.ts'

/**
 * Reads every Office, text and mail file below a folder that has a truth in Markdown beside it (`name.docx.md`) with the local engine,
 * child processes and all, and prints for each file and each format: F1 of its words without case and punctuation, as they are read and (`repeated`)
 * with merged cells said once for each cell that they cover, as Docling writes its truth; and how many filled cells of the truth's tables stand at
 * their place in a table of the result.
 *
 *   npm run bench:local:office -- <folder>
 */
const [folder] = process.argv.slice(2)
if (!folder) throw new Error('Usage: npm run bench:local:office -- <folder>')

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** The truth as words: comments and the names of characters are none of them. */
const truthWords = (markdown: string): string[] =>
  wordsOf(markdown.replace(/<!--.*?-->/g, ' ').replace(/&(lt|gt|amp|quot);/g, ' '))

/** The words that merged cells have in the cells that they cover beside their first. */
const repeatedWords = (result: AnalyzeResult): string[] =>
  (result.tables ?? [])
    .flatMap((table) => table.cells)
    .flatMap(({ content, rowSpan = 1, columnSpan = 1 }) => wordsOf(`${content} `.repeat(rowSpan * columnSpan - 1)))

const f1 = (truth: string[], found: string[]): number => {
  const left = new Map<string, number>()
  for (const word of truth) left.set(word, (left.get(word) ?? 0) + 1)
  let same = 0
  for (const word of found) {
    const many = left.get(word) ?? 0
    if (many > 0) same += 1
    left.set(word, many - 1)
  }
  return truth.length + found.length === 0 ? 1 : (2 * same) / (truth.length + found.length)
}

const extractor = createLocalExtractor({
  maxChildren: 1,
  memoryBytes: 2 ** 30,
  pageTimeoutMs: 60_000,
  totalTimeoutMs: 600_000,
  maxPages: 5000,
  languages: ['eng'],
  log: pino({ level: 'silent' }),
})

const typeOf = async (bytes: Buffer): Promise<ContentType | null> => {
  const type = await sniffType(bytes.subarray(0, SNIFF_BYTES))
  if (type !== 'archive' && type !== 'compound') return type
  const sniffer = createContainerSniffer(type)
  sniffer.add(bytes)
  return sniffer.type()
}

/** The pages as one result; tables are compared without their places. */
const extract = async (file: string): Promise<AnalyzeResult | string> => {
  const bytes = await readFile(file)
  const contentType = await typeOf(bytes)
  if (contentType === null) return 'unsupported_type'
  const result: AnalyzeResult = {
    apiVersion: '',
    modelId: '',
    stringIndexType: 'utf16CodeUnit',
    content: '',
    pages: [],
    tables: [],
  }
  try {
    await extractor.begin(
      { path: file, contentType, pagesDone: new Set() },
      {
        onOpened: async () => {},
        onPage: async ({ content, page, parts }) => {
          result.content += `${content}\n`
          result.pages.push(page)
          result.tables?.push(...(parts?.tables ?? []))
        },
      },
      new AbortController().signal,
    )
    return result
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

type Row = {
  file: string
  format: string
  error: string
  f1: number
  repeated: number
  cells: number
  same: number
  ms: number
}

const measure = async (name: string): Promise<Row> => {
  const file = path.join(folder, name)
  const started = performance.now()
  const result = await extract(file)
  const ms = performance.now() - started
  const row = { file: name, format: path.extname(name).slice(1), error: '', f1: 0, repeated: 0, cells: 0, same: 0, ms }
  if (typeof result === 'string') return { ...row, error: result }
  const truth = readFileSync(`${file}.md`, 'utf8')
  const tables = compareTables(markdownTables(truth), resultTables(result))
  const [expected, found] = [truthWords(truth), wordsOf(result.content)]
  return { ...row, f1: f1(expected, found), repeated: f1(expected, [...found, ...repeatedWords(result)]), ...tables }
}

const all = await readdir(folder, { recursive: true })
const files = all.filter((name) => all.includes(`${name}.md`) && !/\.(pdf|png|jpe?g|tiff?)$/i.test(name)).sort()
const rows: Row[] = []
for (const name of files) rows.push(await measure(name))
await extractor.close()

const print = (row: Row) => ({
  ...row,
  f1: row.f1.toFixed(3),
  repeated: row.repeated.toFixed(3),
  ms: row.ms.toFixed(0),
})
console.log(table(rows.map(print)))

const formats = [...Map.groupBy(rows, (row) => row.format)].map(([format, group]) => {
  const total = (key: 'cells' | 'same') => group.reduce((sum, row) => sum + row[key], 0)
  const mean = (key: 'f1' | 'repeated') => group.reduce((sum, row) => sum + row[key], 0) / group.length
  const scores = { f1: mean('f1').toFixed(3), repeated: mean('repeated').toFixed(3) }
  return { format, files: group.length, ...scores, cells: total('cells'), same: total('same') }
})
console.log(`\n${table(formats)}`)
