import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { ContentType } from '@adp/contract/document.ts'
import type { Table } from '@adp/contract/result-tables.ts'
import pino from 'pino'
import { createContainerSniffer } from '../../../server/src/documents/sniff-container.ts'
import { SNIFF_BYTES, sniffType } from '../../../server/src/documents/sniff-type.ts'
import { createLocalExtractor } from '../../../server/src/extraction/local/local-extractor.ts'
import { folderOf } from '../folder.ts'
import { table } from '../report.ts'
import { type CellScore, compareTables, markdownTables, resultTables } from './compare-tables.ts'
import { leftOut } from './left-out.ts'
import { compareWords, f1, wordsIn } from './words.ts'

/**
 * Reads every Office, text and mail file below a folder that has a truth in Markdown beside it (`name.docx.md`) with the local engine,
 * child processes and all, and prints for each file and each format: F1 of its words without case and punctuation, as they are read (`f1`), and
 * by the rules by which Docling writes that truth (`by rules`): a merged cell is said once for each cell that it covers, what left-out.ts names
 * is not missed, and the kind of a chart, which no file says in words, is not wanted. Then the filled cells of tables: how many the truth has and
 * how many were found, and the share of either that stands at its place with the same text.
 *
 *   npm run bench:local:office -- <folder>
 */
const folder = folderOf(process.argv[2], 'Usage: npm run bench:local:office -- <folder>')

/** Docling's own name for the kind of a chart, below the place of its picture. */
const CHART_KIND = /(<!-- image -->\s*\n)[A-Z][a-z]+ chart[ \t]*$/gm

/** The truth as words: comments and the names of characters are none of them. */
const truthWords = (markdown: string): string[] =>
  wordsIn(markdown.replace(/<!--.*?-->/g, ' ').replace(/&(lt|gt|amp|quot);/g, ' '))

/** The words that merged cells have in the cells that they cover beside their first. */
const repeatedWords = (result: AnalyzeResult): string[] =>
  (result.tables ?? [])
    .flatMap((table) => table.cells)
    .flatMap(({ content, rowSpan = 1, columnSpan = 1 }) => wordsIn(`${content} `.repeat(rowSpan * columnSpan - 1)))

/** Takes words off a list, each as often as it is given, and gives back those that were not on it. */
const takeOff = (from: readonly string[], words: readonly string[]): { rest: string[]; notThere: string[] } => {
  const left = new Map<string, number>()
  for (const word of from) left.set(word, (left.get(word) ?? 0) + 1)
  const notThere: string[] = []
  for (const word of words) {
    const times = left.get(word) ?? 0
    if (times > 0) left.set(word, times - 1)
    else notThere.push(word)
  }
  return { rest: [...left].flatMap(([word, times]) => Array<string>(times).fill(word)), notThere }
}

const scoreOf = (truth: string[], found: string[]): number => f1([compareWords(found, truth)])

/** F1 by the truth's rules. What is said and not in the truth counts for nothing where it is in a part that the truth leaves out. */
const scoreByRules = (markdown: string, { result, pages }: Reading, left: string[]): number => {
  const truth = truthWords(markdown.replace(CHART_KIND, '$1'))
  const found = [...pages.flatMap(wordsIn), ...repeatedWords(result)]
  const { notThere } = takeOff(truth, found)
  const { rest } = takeOff(notThere, left.flatMap(wordsIn))
  return scoreOf(truth, takeOff(found, notThere).rest.concat(rest))
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

type Reading = { result: AnalyzeResult; pages: string[] }

/** The pages, and as one result what they are compared by, without its places. */
const extract = async (file: string): Promise<Reading | string> => {
  const bytes = await readFile(file)
  const contentType = await typeOf(bytes)
  if (contentType === null) return 'unsupported_type'
  const pages: string[] = []
  const tables: Table[] = []
  const paragraphs: NonNullable<AnalyzeResult['paragraphs']> = []
  try {
    await extractor.begin(
      { path: file, contentType, pagesDone: new Set() },
      {
        onOpened: async () => {},
        onPage: async ({ content, parts }) => {
          pages.push(content)
          tables.push(...(parts?.tables ?? []))
          paragraphs.push(...(parts?.paragraphs ?? []))
        },
      },
      new AbortController().signal,
    )
    const head = { apiVersion: '', modelId: '', stringIndexType: 'utf16CodeUnit' as const }
    return { pages, result: { ...head, content: '', pages: [], tables, paragraphs } }
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

type Row = CellScore & { file: string; format: string; error: string; f1: number; byRules: number; ms: number }

const measure = async (name: string): Promise<Row> => {
  const file = path.join(folder, name)
  const started = performance.now()
  const reading = await extract(file)
  const ms = performance.now() - started
  const cells = { truth: 0, found: 0, same: 0 }
  const row = { file: name, format: path.extname(name).slice(1), error: '', f1: 0, byRules: 0, ms, ...cells }
  if (typeof reading === 'string') return { ...row, error: reading }
  const truth = readFileSync(`${file}.md`, 'utf8')
  return {
    ...row,
    f1: scoreOf(truthWords(truth), reading.pages.flatMap(wordsIn)),
    byRules: scoreByRules(truth, reading, await leftOut(file, reading.result, reading.pages)),
    ...compareTables(markdownTables(truth), resultTables(reading.result)),
  }
}

const all = await readdir(folder, { recursive: true })
const files = all.filter((name) => all.includes(`${name}.md`) && !/\.(pdf|png|jpe?g|tiff?)$/i.test(name)).sort()
const rows: Row[] = []
for (const name of files) rows.push(await measure(name))
await extractor.close()

const share = (part: number, whole: number) => (whole === 0 ? '' : (part / whole).toFixed(3))
const cellsOf = ({ truth, found, same }: CellScore) => ({
  ...{ 'cells of the truth': truth, 'cells found': found, same },
  ...{ precision: share(same, found), recall: share(same, truth) },
})

const print = ({ file, error, f1, byRules, ms, ...row }: Row) => ({
  ...{ file, error, f1: f1.toFixed(3), 'by rules': byRules.toFixed(3) },
  ...cellsOf(row),
  ms: ms.toFixed(0),
})
console.log(table(rows.map(print)))

const formats = [...Map.groupBy(rows, (row) => row.format)].map(([format, group]) => {
  const total = (key: keyof CellScore) => group.reduce((sum, row) => sum + row[key], 0)
  const mean = (key: 'f1' | 'byRules') => (group.reduce((sum, row) => sum + row[key], 0) / group.length).toFixed(3)
  const cells = cellsOf({ truth: total('truth'), found: total('found'), same: total('same') })
  return { format, files: group.length, f1: mean('f1'), 'by rules': mean('byRules'), ...cells }
})
console.log(`\n${table(formats)}`)
