import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Table } from '@adp/contract/result-tables.ts'
import { type LayoutBlock, LiteParse } from '@llamaindex/liteparse'
import { findLanguageData, gatherFiles } from '../../../server/src/extraction/local/language-data.ts'
import { createTesseract, type Tesseract } from '../../../server/src/extraction/local/tesseract.ts'
import { picturesOf } from '../../../server/test/picture-of-pdf.ts'
import { readInProcess } from '../../../server/test/read-in-process.ts'
import { folderOf } from '../folder.ts'
import { table } from '../report.ts'
import { add, type Counts, compare, type Grid, scores } from './adjacency.ts'
import { readTrueTables, type TrueTables } from './icdar-truth.ts'

/**
 * How many of the adjacency relations of tables are found, on the PDFs of ICDAR 2013's table competition (a folder with each PDF and its
 * `…-str.xml`), by LiteParse as it comes and by the local engine; with --pictures also by the engine on the same pages drawn to pictures.
 * Every page of a PDF counts: what is found on one without a table is wrong.
 *
 *   npm run bench:local:tables -- <folder> [--only us-0] [--pictures] [--dpi 200]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    pictures: { type: 'boolean', default: false },
    dpi: { type: 'string', default: '200' },
  },
})
const usage = 'Usage: npm run bench:local:tables -- <folder> [--only PART-OF-NAME] [--pictures] [--dpi 200]'
const folder = folderOf(positionals[0], usage)

const NONE: Counts = { truth: 0, found: 0, correct: 0 }

/** The grids that were found on each page. */
type Found = Map<number, Grid[]>

const gridOfBlock = ({ header = [], rows = [] }: LayoutBlock): Grid =>
  [header, ...rows].flatMap((cells, row) =>
    cells.map(({ text }, column) => ({ row, column, rowSpan: 1, columnSpan: 1, text })),
  )

const gridOfTable = ({ cells }: Table): Grid =>
  cells.map((cell) => ({
    row: cell.rowIndex,
    column: cell.columnIndex,
    rowSpan: cell.rowSpan ?? 1,
    columnSpan: cell.columnSpan ?? 1,
    text: cell.content,
  }))

async function byLiteParse(pdf: string): Promise<Found> {
  const options = { ocrEnabled: false, quiet: true, numWorkers: 1, extractBlocks: true }
  const { pages } = await new LiteParse(options).parse(pdf)
  return new Map(
    pages.map(({ pageNum, blocks = [] }) => [pageNum, blocks.filter(({ kind }) => kind === 'table').map(gridOfBlock)]),
  )
}

async function byEngine(pdf: string, tesseract: Tesseract): Promise<Found> {
  const pages = await readInProcess(pdf, 'application/pdf', tesseract)
  return new Map(pages.map(({ page, parts }) => [page.pageNumber, (parts?.tables ?? []).map(gridOfTable)]))
}

/** Only the pages that have tables: those without cost minutes, and the other runs tell what is wrongly found on them. */
async function fromPictures({ pdf, pages }: TrueTables, tesseract: Tesseract, scratch: string): Promise<Found> {
  const found: Found = new Map()
  for (const pageNumber of pages.keys()) {
    const [png] = await picturesOf(pdf, Number(values.dpi), [pageNumber])
    if (!png) throw new Error(`page ${pageNumber} of ${pdf} could not be drawn`)
    const picture = path.join(scratch, 'page.png')
    await writeFile(picture, png)
    const [read] = await readInProcess(picture, 'image/png', tesseract)
    found.set(pageNumber, (read?.parts?.tables ?? []).map(gridOfTable))
  }
  return found
}

function count(truth: TrueTables, found: Found): Counts {
  const pages = new Set([...truth.pages.keys(), ...found.keys()])
  return [...pages].map((page) => compare(truth.pages.get(page) ?? [], found.get(page) ?? [])).reduce(add, NONE)
}

const percent = (share: number) => (share * 100).toFixed(1)

const scratch = await mkdtemp(path.join(tmpdir(), 'bench-tables-'))
gatherFiles(findLanguageData(['eng']), scratch)
const tesseract = createTesseract(['eng'], scratch)

const readers: Record<string, (truth: TrueTables) => Promise<Found>> = {
  LiteParse: ({ pdf }) => byLiteParse(pdf),
  engine: ({ pdf }) => byEngine(pdf, tesseract),
  ...(values.pictures ? { pictures: (truth) => fromPictures(truth, tesseract, scratch) } : {}),
}
const documents = (await readTrueTables(folder)).filter(({ name }) => name.includes(values.only))
const counts = new Map<string, Counts[]>(Object.keys(readers).map((name) => [name, []]))
const rows: Record<string, string>[] = []
for (const document of documents) {
  const row: Record<string, string> = { document: document.name }
  for (const [name, read] of Object.entries(readers)) {
    const counted = count(document, await read(document))
    counts.get(name)?.push(counted)
    const { precision, recall, f1 } = scores(counted)
    row[name] = `${percent(f1)} (${percent(precision)} / ${percent(recall)})`
  }
  rows.push(row)
}
await rm(scratch, { recursive: true })

console.log('F1 (precision / recall) of adjacency relations, per cent\n')
console.log(table(rows))
console.log()
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length
console.log(
  table(
    [...counts].map(([reader, list]) => {
      const all = scores(list.reduce(add, NONE))
      const each = list.map(scores)
      return {
        reader,
        documents: list.length,
        precision: percent(all.precision),
        recall: percent(all.recall),
        F1: percent(all.f1),
        'mean F1 of the documents': percent(mean(each.map(({ f1 }) => f1))),
      }
    }),
  ),
)
process.exit()
