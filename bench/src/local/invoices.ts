import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ContentType } from '@adp/contract/document.ts'
import type { AnalyzedDocument, DocumentField } from '@adp/contract/result-fields.ts'
import { mergeDocuments } from '../../../server/src/extraction/local/business/merge-documents.ts'
import { findLanguageData, gatherFiles } from '../../../server/src/extraction/local/language-data.ts'
import { createTesseract, type Tesseract } from '../../../server/src/extraction/local/tesseract.ts'
import { picturesOf } from '../../../server/test/picture-of-pdf.ts'
import { readInProcess } from '../../../server/test/read-in-process.ts'
import { table } from '../report.ts'
import { readAzureAnswer } from './invoices/azure-answer.ts'
import { drawInvoice, type Made } from './invoices/draw-invoice.ts'
import { drawReceipt } from './invoices/draw-receipt.ts'
import { createRandom } from './invoices/random.ts'
import { addScores, type Scores, scoreRow, total } from './invoices/score.ts'
import { foundIn } from './invoices/truth.ts'

/**
 * How many of the fields of invoices and receipts are found, and how many of those that are found are right: on papers made by chance, in
 * many layouts, eight countries, and one or several pages, as PDFs and drawn to pictures. `held out`: layouts and wordings that nothing was
 * tuned on.
 *
 *   npm run bench:local:invoices -- [--invoices 160] [--receipts 80] [--scans 16] [--seed 1] [--dpi 200] [--misses] [PAPER ANSWER.json]...
 *
 * With papers and Azure's answers to them, of version 2 or newer: which of Azure's fields are the same here. Azure's confidence tells which of its own it doubts.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    invoices: { type: 'string', default: '160' },
    receipts: { type: 'string', default: '80' },
    scans: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    dpi: { type: 'string', default: '200' },
    misses: { type: 'boolean', default: false },
  },
})

type Model = 'prebuilt-invoice' | 'prebuilt-receipt'
type Reader = (made: Made, model: Model) => Promise<Record<string, DocumentField>>

async function* inOrder(documents: AnalyzedDocument[]) {
  yield* documents
}

/** What belongs to one paper has to come out as one document. */
const fieldsOf = async (documents: AnalyzedDocument[]): Promise<Record<string, DocumentField>> => {
  const merged: AnalyzedDocument[] = []
  for await (const document of mergeDocuments(inOrder(documents))) merged.push(document)
  return merged[0]?.fields ?? {}
}

const asPdf =
  (folder: string, tesseract: Tesseract): Reader =>
  async ({ pdf }, model) => {
    const file = path.join(folder, 'paper.pdf')
    await writeFile(file, pdf)
    const pages = await readInProcess(file, 'application/pdf', tesseract, model)
    return fieldsOf(pages.flatMap(({ parts }) => parts?.documents ?? []))
  }

const asPictures =
  (folder: string, tesseract: Tesseract): Reader =>
  async ({ pdf }, model) => {
    const documents: AnalyzedDocument[] = []
    for (const [index, png] of (await picturesOf(pdf, Number(values.dpi))).entries()) {
      const file = path.join(folder, 'page.png')
      await writeFile(file, png)
      for (const { parts } of await readInProcess(file, 'image/png', tesseract, model))
        documents.push(...(parts?.documents ?? []).map((each) => ({ ...each, pageIndex: index })))
    }
    return fieldsOf(documents)
  }

const measure = async (name: string, papers: Made[], model: Model, read: Reader): Promise<Scores> => {
  const scores: Scores = new Map()
  for (const made of papers) {
    const misses = addScores(scores, made.truth, foundIn(await read(made, model)))
    if (values.misses)
      for (const { field, truth = '-', found = '-' } of misses)
        console.log(`${name} ${made.name} ${field}: ${truth} != ${found}`)
  }
  return scores
}

const print = (title: string, scores: Scores) => {
  const rows = [...scores]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, count]) => scoreRow(name, count))
  console.log(`\n${title}\n`)
  console.log(
    table(
      [...rows, scoreRow('all', total(scores))].map(
        ([field = '', precision = '', recall = '', found = '', truth = '']) => ({
          field,
          precision,
          recall,
          found,
          truth,
        }),
      ),
    ),
  )
}

const folder = await mkdtemp(path.join(tmpdir(), 'adp-invoices-'))
const languages = ['eng', 'por']
gatherFiles(findLanguageData(languages), folder)
const tesseract = createTesseract(languages, folder)

const make = async (count: number, draw: typeof drawInvoice, heldOut: boolean): Promise<Made[]> => {
  const papers: Made[] = []
  for (let index = 0; index < count; index += 1)
    papers.push(await draw(createRandom(Number(values.seed) * 100_003 + index * 2 + (heldOut ? 1 : 0)), index, heldOut))
  return papers
}

/** Azure's own fields of a paper beside ours. Names of fields that are not looked for here count as missed. */
const compareWithAzure = async (paper: string, answer: string) => {
  const { fields: theirs, isReceipt } = await readAzureAnswer(answer)
  const type = sniffByEnding(paper)
  const model: Model = isReceipt ? 'prebuilt-receipt' : 'prebuilt-invoice'
  const pages = await readInProcess(paper, type, tesseract, model)
  const ours = foundIn(await fieldsOf(pages.flatMap(({ parts }) => parts?.documents ?? [])))
  const truth = foundIn(theirs)
  const rows = [...new Set([...truth.keys(), ...ours.keys()])].toSorted().map((field) => ({
    field,
    azure: truth.get(field) ?? '-',
    local: ours.get(field) ?? '-',
    'confidence of Azure': theirs[field]?.confidence ?? '',
  }))
  console.log(`\n${path.basename(paper)}\n\n${table(rows)}`)
}

const TYPES: Record<string, ContentType> = { '.pdf': 'application/pdf', '.png': 'image/png', '.jpg': 'image/jpeg' }

const sniffByEnding = (paper: string): ContentType => {
  const type = TYPES[path.extname(paper).toLowerCase()]
  if (!type) throw new Error(`${paper} is neither PDF, PNG nor JPEG`)
  return type
}

try {
  for (let at = 0; at + 1 < positionals.length; at += 2)
    await compareWithAzure(positionals[at] as string, positionals[at + 1] as string)
  for (const heldOut of [false, true]) {
    const of = heldOut ? ', held out' : ''
    const kinds = [
      ['invoices', drawInvoice, 'prebuilt-invoice', Number(values.invoices)],
      ['receipts', drawReceipt, 'prebuilt-receipt', Number(values.receipts)],
    ] as const
    for (const [kind, draw, model, count] of kinds) {
      if (count === 0) continue
      const papers = await make(count, draw, heldOut)
      const pdfs = `${kind}, PDF${of}`
      print(pdfs, await measure(pdfs, papers, model, asPdf(folder, tesseract)))
      const scans = `${kind}, drawn to pictures${of}`
      if (Number(values.scans) > 0)
        print(scans, await measure(scans, papers.slice(0, Number(values.scans)), model, asPictures(folder, tesseract)))
    }
  }
} finally {
  await rm(folder, { recursive: true })
}
process.exit(0)
