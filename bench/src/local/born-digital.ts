import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { LiteParse } from '@llamaindex/liteparse'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { median, table } from '../report.ts'
import { has, output, timed } from './commands.ts'
import { readByProduct } from './product-reading.ts'
import { compareWords, f1, type Score, wordsIn } from './words.ts'

/**
 * PDFs that carry their own text: how many pages a second the whole engine reads (claims, child processes, polygons, structure, storing),
 * beside LiteParse as it comes, pdf.js and Debian's `pdftotext -bbox-layout`, and how well its words agree with `pdftotext`'s.
 *
 *   npm run bench:local:text -- <folder> [--rounds 3] [--query model=prebuilt-layout]
 *
 * Files below `bad` are left out, and those with a page on which `pdftotext` finds fewer than 10 letters: there the others read nothing.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, query: { type: 'string', default: '' } },
})
const [folder] = positionals
if (!folder) throw new Error('usage: npm run bench:local:text -- <folder> [--rounds 3] [--query model=prebuilt-layout]')
if (!(await has('pdftotext'))) throw new Error('pdftotext is not on PATH: apt-get install poppler-utils')

const FEW_LETTERS = 10
/** All that LiteParse finds: word boxes, tables, headings, form fields. */
const FULL = { emitWordBoxes: true, extractBlocks: true, extractFormFields: true, outputFormat: 'markdown' } as const

type File = { path: string; pages: number; truth: string[] }

async function filesOf(root: string): Promise<File[]> {
  const names = (await readdir(root, { recursive: true })).filter((name) => /\.pdf$/i.test(name))
  const found: File[] = []
  for (const name of names.filter((each) => !each.split(path.sep).includes('bad')).sort()) {
    const file = path.join(root, name)
    // A form feed ends each page.
    const pages = (await output('pdftotext', [file, '-']).catch(() => '')).split('\f').slice(0, -1)
    const carriesText = pages.every((text) => wordsIn(text).join('').length >= FEW_LETTERS)
    if (pages.length > 0 && carriesText)
      found.push({ path: file, pages: pages.length, truth: wordsIn(pages.join('\n')) })
  }
  return found
}

async function byLiteParse(file: string): Promise<void> {
  await new LiteParse({ ocrEnabled: false, quiet: true, numWorkers: 1, maxPages: 100_000, ...FULL }).parse(file)
}

async function byPdfJs(file: string): Promise<void> {
  const task = getDocument({ data: new Uint8Array(await readFile(file)), verbosity: 0, useSystemFonts: true })
  const document = await task.promise
  for (let number = 1; number <= document.numPages; number += 1) await (await document.getPage(number)).getTextContent()
  await task.destroy()
}

const byPdftotext = (file: string) => output('pdftotext', ['-bbox-layout', file, '-'])

const oneByOne = (read: (file: string) => Promise<unknown>) => async (all: File[]) => {
  const { seconds } = await timed(async () => {
    for (const { path: file } of all) await read(file)
  })
  return seconds
}

const files = await filesOf(folder)
const [first] = files
if (!first) throw new Error(`There is no PDF with text below ${folder}`)
const pages = files.reduce((sum, file) => sum + file.pages, 0)
let scores: Score[] = []

const byProduct = (children: number) => async (all: File[]) => {
  const { seconds, reads } = await readByProduct(
    all.map((file) => file.path),
    { children, warmUp: first.path, query: values.query },
  )
  scores = reads.map(({ result }, n) => compareWords(wordsIn(result?.content ?? ''), all[n]?.truth ?? []))
  return seconds
}

const contestants: [name: string, run: (all: File[]) => Promise<number>][] = [
  ['this product, one child', byProduct(1)],
  ['this product, two children', byProduct(2)],
  ['LiteParse as it comes, word boxes, tables, headings, form fields', oneByOne(byLiteParse)],
  ['pdf.js, text only', oneByOne(byPdfJs)],
  ['pdftotext -bbox-layout', oneByOne(byPdftotext)],
]
for (const [, run] of contestants.slice(2)) await run([first])
const speeds = new Map<string, number[]>(contestants.map(([name]) => [name, []]))
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const [name, run] of contestants) speeds.get(name)?.push(pages / (await run(files)))

const own = median(speeds.get('this product, one child') ?? [])
console.log(`${files.length} files, ${pages} pages, ${values.rounds} rounds in turns\n`)
console.log(
  table(
    [...speeds].map(([name, all]) => ({
      name,
      'pages a second': median(all).toFixed(0),
      range: `${Math.min(...all).toFixed(0)}-${Math.max(...all).toFixed(0)}`,
      'one child of ours is': `${(own / median(all)).toFixed(2)} x`,
    })),
  ),
)
const worst = files
  .map((file, n) => ({ file: path.relative(folder, file.path), f1: f1([scores[n] as Score]) }))
  .sort((a, b) => a.f1 - b.f1)
  .slice(0, 8)
console.log(`\nF1 of words against pdftotext, without case and punctuation: ${f1(scores).toFixed(4)}; the lowest:\n`)
console.log(table(worst.map((each) => ({ ...each, f1: each.f1.toFixed(3) }))))
