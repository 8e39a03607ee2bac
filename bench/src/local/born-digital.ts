import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { LiteParse } from '@llamaindex/liteparse'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { hasPictureToRead } from '../../../server/src/extraction/local/text-layer.ts'
import { folderOf } from '../folder.ts'
import { median, table } from '../report.ts'
import { has, output, timed } from './commands.ts'
import { readByProduct } from './product-reading.ts'
import { compareWords, f1, type Score, wordsIn } from './words.ts'

/**
 * PDFs that carry their own text: how many pages a second the whole engine reads, from the claim of the first job to the end of the last
 * (child processes, words with polygons, with prebuilt-layout tables, paragraphs and fields, pages stored in PostgreSQL with their index for
 * the search), beside LiteParse as it comes, pdf.js and Debian's `pdftotext -bbox-layout`, and how well its words agree with `pdftotext`'s.
 * The others keep nothing of what they read. Each has read all files before it is timed, as a worker has that runs for days: this product three
 * times, since its code gets compiled by and by and each round starts it anew, the others in one process for all rounds;
 * `pdftotext` is a process for each file, since there is no other way to run it.
 *
 *   npm run bench:local:text -- <folder> [--rounds 3]
 *
 * Files below `bad` are left out, and those with a page that we read by OCR, while the others read nothing there: on which `pdftotext` finds
 * fewer than 20 letters, or on which a large picture, a screenshot say, has text of its own. The latter are named.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
})
const folder = folderOf(positionals[0], 'usage: npm run bench:local:text -- <folder> [--rounds 3]')
if (!(await has('pdftotext'))) throw new Error('pdftotext is not on PATH: apt-get install poppler-utils')

const FEW_LETTERS = 20
/** All that LiteParse finds: word boxes, tables, headings, form fields. */
const FULL = { emitWordBoxes: true, extractBlocks: true, extractFormFields: true, outputFormat: 'markdown' } as const

type File = { path: string; pages: number; truth: string[] }

async function hasPictures(file: string): Promise<boolean> {
  const options = { ocrEnabled: false, quiet: true, numWorkers: 1, includeComplexity: true }
  return (await new LiteParse(options).parse(file)).pages.some(hasPictureToRead)
}

async function filesOf(root: string): Promise<File[]> {
  const names = (await readdir(root, { recursive: true })).filter((name) => /\.pdf$/i.test(name))
  const found: File[] = []
  for (const name of names.filter((each) => !each.split(path.sep).includes('bad')).sort()) {
    const file = path.join(root, name)
    // A form feed ends each page.
    const pages = (await output('pdftotext', [file, '-']).catch(() => '')).split('\f').slice(0, -1)
    const carriesText = pages.every((text) => wordsIn(text).join('').length >= FEW_LETTERS)
    if (pages.length === 0 || !carriesText) continue
    if (await hasPictures(file)) console.log(`${name} is left out: it has a picture that is read by OCR`)
    else found.push({ path: file, pages: pages.length, truth: wordsIn(pages.join('\n')) })
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
if (files.length === 0) throw new Error(`There is no PDF with text below ${folder}`)
const pages = files.reduce((sum, file) => sum + file.pages, 0)
let scores: Score[] = []

const byProduct = (model: string, children: number) => async (all: File[]) => {
  const paths = all.map((file) => file.path)
  const warmUp = [...paths, ...paths, ...paths]
  const { seconds, reads } = await readByProduct(paths, { children, warmUp, query: `model=${model}` })
  const unread = reads.filter(({ result }) => !result).length
  if (unread > 0) throw new Error(`${unread} files could not be read`)
  scores = reads.map(({ result }, n) => compareWords(wordsIn(result?.content ?? ''), all[n]?.truth ?? []))
  return seconds
}

const LITEPARSE = 'LiteParse as it comes, word boxes, tables, headings, form fields'
const contestants: [name: string, run: (all: File[]) => Promise<number>][] = [
  ['this product, prebuilt-read, one child', byProduct('prebuilt-read', 1)],
  ['this product, prebuilt-read, two children', byProduct('prebuilt-read', 2)],
  ['this product, prebuilt-layout, one child', byProduct('prebuilt-layout', 1)],
  ['this product, prebuilt-layout, two children', byProduct('prebuilt-layout', 2)],
  [LITEPARSE, oneByOne(byLiteParse)],
  ['pdf.js, text only', oneByOne(byPdfJs)],
  ['pdftotext -bbox-layout', oneByOne(byPdftotext)],
]
const OTHERS = contestants.slice(4)
for (const [, run] of OTHERS) await run(files)
const speeds = new Map<string, number[]>(contestants.map(([name]) => [name, []]))
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const [name, run] of contestants) speeds.get(name)?.push(pages / (await run(files)))

console.log(`${files.length} files, ${pages} pages, ${values.rounds} rounds in turns\n`)
const speedOf = (name: string) => median(speeds.get(name) ?? [])
console.log(
  table(
    [...speeds].map(([name, all]) => ({
      '': name,
      'pages a second': median(all).toFixed(0),
      range: `${Math.min(...all).toFixed(0)}-${Math.max(...all).toFixed(0)}`,
      ...Object.fromEntries(
        OTHERS.map(([other]) => [`of ${other.split(/[ ,]/)[0]}`, `${(median(all) / speedOf(other)).toFixed(2)} x`]),
      ),
    })),
  ),
)
const each = files
  .map((file, n) => ({ file: path.relative(folder, file.path), f1: f1([scores[n] as Score]) }))
  .sort((a, b) => a.f1 - b.f1)
console.log(`\nF1 of words against pdftotext, without case and punctuation: ${f1(scores).toFixed(4)}\n`)
console.log(table(each.map(({ file, f1: score }) => ({ file, f1: score.toFixed(3) }))))
