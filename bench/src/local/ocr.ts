import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { folderOf } from '../folder.ts'
import { table } from '../report.ts'
import { has, output, timed } from './commands.ts'
import { DEGRADATIONS, type Degradation, degradedPage, pdfOfScans } from './degraded-pages.ts'
import { HELD_OUT } from './forms/held-out-layouts.ts'
import { LAYOUTS } from './forms/layouts.ts'
import { createRandom } from './forms/random.ts'
import { drawForm } from './forms/sheet.ts'
import { readByProduct } from './product-reading.ts'
import { compareWords, f1, wordsIn } from './words.ts'

/**
 * Pages with text, drawn to pictures and spoiled in many ways, read by this product and by Debian's OCRmyPDF and Tesseract: the F1 of the words
 * against the text the pages carry (`pdftotext`), without case and punctuation, and how long it took with as many processes for each. This product
 * has read the pages once before, as a worker has that runs for days; the others are programs that start for each file.
 *
 *   npm run bench:local:ocr -- <folder> [--pages 6] [--jobs 2] [--only dpi] [--languages eng+por]
 *
 * The pages are taken evenly from all PDFs with text below the folder; those of sets called "forms" from the layouts of bench:local:fields, in
 * English and Portuguese by turns. `OCRmyPDF +` is the same with --rotate-pages and --deskew.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pages: { type: 'string', default: '6' },
    jobs: { type: 'string', default: String(Math.min(2, cpus().length)) },
    only: { type: 'string', default: '' },
    languages: { type: 'string', default: 'eng+por' },
  },
})
const folder = folderOf(
  positionals[0],
  'usage: npm run bench:local:ocr -- <folder> [--pages 6] [--jobs 2] [--only dpi]',
)
for (const program of ['ocrmypdf', 'tesseract', 'pdftotext'])
  if (!(await has(program))) throw new Error(`${program} is not on PATH: apt-get install ocrmypdf poppler-utils`)
const jobs = Number(values.jobs)

/** With fewer words a page says little about OCR. */
const ENOUGH_WORDS = 100

/** As forms come by fax and from old archives. */
const FORMS_DPI = [100, 75]

type Truth = { pdf: string; pageNumber: number; words: string[] }

async function pagesWithText(root: string): Promise<Truth[]> {
  const names = (await readdir(root, { recursive: true })).filter((name) => /\.pdf$/i.test(name)).sort()
  const found: Truth[] = []
  for (const name of names.filter((each) => !each.split(path.sep).includes('bad'))) {
    const pdf = path.join(root, name)
    const texts = (await output('pdftotext', [pdf, '-']).catch(() => '')).split('\f')
    for (const [n, text] of texts.entries()) {
      const words = wordsIn(text)
      // What the OCR of English and Portuguese cannot know.
      const latin = words.filter((word) => /^[\p{Script=Latin}\p{N}]+$/u.test(word))
      if (words.length >= ENOUGH_WORDS && latin.length === words.length) found.push({ pdf, pageNumber: n + 1, words })
    }
  }
  return found
}

/** Forms with the words that are on them, drawn into a folder. */
async function pagesOfForms(count: number, into: string): Promise<Truth[]> {
  const layouts = evenly(Object.entries({ ...LAYOUTS, ...HELD_OUT }), count)
  const drawn = layouts.map(async ([name, layout], at) => {
    const { bytes } = await drawForm(name, layout, at % 2 === 0 ? 'en' : 'pt', createRandom(at + 1))
    const pdf = path.join(into, `form-${at}.pdf`)
    await writeFile(pdf, bytes)
    return { pdf, pageNumber: 1, words: wordsIn(await output('pdftotext', [pdf, '-'])) }
  })
  return Promise.all(drawn)
}

const evenly = <T>(all: T[], count: number): T[] =>
  Array.from({ length: Math.min(count, all.length) }, (_, n) => all[Math.floor((n * all.length) / count)] as T)

/** Of `workers` that take from one list, each `work` at a time. */
async function shared<T>(list: T[], workers: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...list]
  const take = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: workers }, take))
}

async function byOcrMyPdf(scratch: string, pdf: string, options: string[]): Promise<string[]> {
  const [text, written] = [path.join(scratch, 'sidecar.txt'), path.join(scratch, 'ocr.pdf')]
  const fixed = ['--quiet', '--jobs', String(jobs), '-l', values.languages, '--output-type', 'pdf', '--sidecar', text]
  await output('ocrmypdf', [...fixed, ...options, pdf, written])
  return wordsIn(await readFile(text, 'utf8'))
}

async function byTesseract(pictures: string[]): Promise<string[]> {
  const found: string[] = []
  await shared(pictures, jobs, async (picture) => {
    found.push(...wordsIn(await output('tesseract', [picture, '-', '-l', values.languages])))
  })
  return found
}

const corpus = evenly(await pagesWithText(folder), Number(values.pages))
if (corpus.length === 0) throw new Error(`There is no page with text below ${folder}`)
// Each process is one of so many: more threads in one would only take from the others.
process.env.OMP_THREAD_LIMIT = '1'
const scratch = await mkdtemp(path.join(tmpdir(), 'adp-bench-ocr-'))
try {
  const forms = await pagesOfForms(Number(values.pages), scratch)
  const sets: [string, Degradation, Truth[]][] = [
    ...Object.entries(DEGRADATIONS).map(([name, how]): (typeof sets)[number] => [name, how, corpus]),
    ...FORMS_DPI.map((dpi): (typeof sets)[number] => [`forms, ${dpi} dpi`, { dpi }, forms]),
  ]
  const rows = []
  for (const [name, degradation, truth] of sets) {
    if (!name.includes(values.only)) continue
    const scans = await Promise.all(truth.map(({ pdf, pageNumber }) => degradedPage(pdf, pageNumber, degradation)))
    const pictures = scans.map((_, n) => path.join(scratch, `${n}.png`))
    const singles = scans.map((_, n) => path.join(scratch, `${n}.pdf`))
    const whole = path.join(scratch, 'all.pdf')
    await writeFile(whole, await pdfOfScans(scans))
    for (const [n, scan] of scans.entries()) {
      await writeFile(pictures[n] as string, scan)
      await writeFile(singles[n] as string, await pdfOfScans([scan]))
    }
    const ours = await readByProduct(singles, { children: jobs, warmUp: singles })
    const ownWords = ours.reads.flatMap(({ result }) => wordsIn(result?.content ?? ''))
    const plain = await timed(() => byOcrMyPdf(scratch, whole, []))
    const careful = await timed(() => byOcrMyPdf(scratch, whole, ['--rotate-pages', '--deskew']))
    const native = await timed(() => byTesseract(pictures))
    const expected = truth.flatMap(({ words }) => words)
    const score = (words: string[]) => (100 * f1([compareWords(words, expected)])).toFixed(1)
    rows.push({
      set: name,
      'ours, F1': score(ownWords),
      'OCRmyPDF, F1': score(plain.value),
      'OCRmyPDF +, F1': score(careful.value),
      'Tesseract, F1': score(native.value),
      'ours, s': ours.seconds.toFixed(1),
      'of OCRmyPDF': `${(ours.seconds / plain.seconds).toFixed(2)} x`,
      'of OCRmyPDF +': `${(ours.seconds / careful.seconds).toFixed(2)} x`,
      'of Tesseract': `${(ours.seconds / native.seconds).toFixed(2)} x`,
    })
    console.error(JSON.stringify(rows.at(-1)))
  }
  console.log(`${corpus.length} pages a set, ${jobs} processes for each\n\n${table(rows)}`)
} finally {
  await rm(scratch, { recursive: true, force: true })
}
