import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ContentType } from '@adp/contract/document.ts'
import { toSearchablePage } from '../../../server/src/documents/export/searchable-words.ts'
import type { ExtractedPage } from '../../../server/src/extraction/extractor.ts'
import { makeSearchable } from '../../../server/src/extraction/local/searchable/make-searchable.ts'
import { startLocalReading } from '../../../server/test/local-reading.ts'
import { folderOf } from '../folder.ts'
import { table } from '../report.ts'
import { has, output, timed } from './commands.ts'
import { compareWords, f1 } from './words.ts'

/**
 * The searchable PDFs of scans beside those of OCRmyPDF, in turns, with one core each: seconds with the OCR, bytes beside the original's, and
 * whether poppler's pdftotext finds the words of our result, as they are, and how much of each word's box its boxes cover. Files that carry
 * their own text are left out: nothing is added to those. Needs pdftotext; OCRmyPDF where there is one.
 *
 *   npm run bench:local:searchable -- <folder> [--most 20]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { most: { type: 'string', default: '20' } },
})
const TYPES: Record<string, ContentType> = {
  '.pdf': 'application/pdf',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.tiff': 'image/tiff',
}

const folder = folderOf(positionals[0] ?? '.', '')
const scratch = await mkdtemp(path.join(tmpdir(), 'adp-bench-'))
const reading = await startLocalReading({ languages: ['eng', 'por'], maxPages: 5000 })

type Box = { text: string; left: number; top: number; right: number; bottom: number }

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** The words of a PDF page by page as poppler has them, in shares of the page. It gives no boxes as seen for pages that are turned. */
async function wordsOf(pdf: string): Promise<Box[][]> {
  const html = await output('pdftotext', ['-bbox', pdf, '-'])
  return [...html.matchAll(/<page width="([\d.]+)" height="([\d.]+)">(.*?)<\/page>/gs)].map(
    ([, width, height, body = '']) =>
      [...body.matchAll(/xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<\/word>/g)].map((match) => ({
        left: Number(match[1]) / Number(width),
        top: Number(match[2]) / Number(height),
        right: Number(match[3]) / Number(width),
        bottom: Number(match[4]) / Number(height),
        text: (match[5] ?? '').replaceAll(/&(#?\w+);/g, (whole, name) => ENTITIES[name] ?? whole),
      })),
  )
}

const boxesOf = ({ page }: ExtractedPage): Box[] =>
  (page.words ?? []).flatMap(({ content, polygon }) => {
    if (!polygon || !page.width || !page.height) return []
    const xs = polygon.filter((_, at) => at % 2 === 0).map((x) => x / (page.width ?? 1))
    const ys = polygon.filter((_, at) => at % 2 === 1).map((y) => y / (page.height ?? 1))
    const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
    return [{ text: content, ...box }]
  })

/** The share of a word's box that the same word of the PDF covers, at best. */
function covered(word: Box, found: Box[]): number {
  const area = (word.right - word.left) * (word.bottom - word.top)
  const shares = found
    .filter(({ text }) => text === word.text)
    .map((one) => {
      const across = Math.min(word.right, one.right) - Math.max(word.left, one.left)
      const down = Math.min(word.bottom, one.bottom) - Math.max(word.top, one.top)
      return (Math.max(0, across) * Math.max(0, down)) / area
    })
  return Math.max(0, ...shares)
}

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length
const share = (number: number) => number.toFixed(3)

async function makeOurs(file: string, type: ContentType) {
  const [words, pdf] = [path.join(scratch, 'words'), path.join(scratch, 'ours.pdf')]
  await rm(pdf, { force: true })
  const { seconds, value: pages } = await timed(async () => {
    const read = await reading.read(await readFile(file), type)
    const lines = read.map(({ page, content }) => `${JSON.stringify(toSearchablePage(page, content.length))}\n`)
    await writeFile(words, lines.join(''))
    await makeSearchable({ path: file, contentType: type }, { words, output: pdf }, () => {})
    return read
  })
  return {
    seconds,
    pages,
    pdf: await stat(pdf).then(
      () => pdf,
      () => null,
    ),
  }
}

/** null when it is not there, or refuses the file. */
async function makeTheirs(file: string, type: ContentType) {
  const pdf = path.join(scratch, 'theirs.pdf')
  const dpi = type === 'application/pdf' ? [] : ['--image-dpi', '150']
  const args = [
    '--jobs',
    '1',
    '--skip-text',
    '--rotate-pages',
    '--deskew',
    '-l',
    'eng+por',
    '--quiet',
    ...dpi,
    file,
    pdf,
  ]
  const made = await timed(() => output('ocrmypdf', args)).catch(() => null)
  return made && { seconds: made.seconds, bytes: (await stat(pdf)).size }
}

const hasPeer = await has('ocrmypdf')
const rows = []
try {
  const files = (await readdir(folder, { recursive: true })).filter((name) => TYPES[path.extname(name)]).sort()
  for (const name of files) {
    if (rows.length >= Number(values.most)) break
    const [file, type] = [path.join(folder, name), TYPES[path.extname(name)] as ContentType]
    const ours = await makeOurs(file, type).catch(() => null)
    if (!ours?.pdf) continue
    const [found, bytes] = [await wordsOf(ours.pdf), (await stat(file)).size]
    const score = ours.pages.map((page, at) =>
      compareWords(
        (found[at] ?? []).map(({ text }) => text),
        (page.page.words ?? []).map(({ content }) => content),
      ),
    )
    const shares = ours.pages.flatMap((page, at) => boxesOf(page).map((word) => covered(word, found[at] ?? [])))
    const theirs = hasPeer ? await makeTheirs(file, type) : null
    rows.push({
      ...{
        file: path.basename(name),
        words: shares.length,
        F1: share(f1(score)),
        'boxes covered': share(mean(shares)),
      },
      ...{ seconds: ours.seconds.toFixed(1), 'size / original': ((await stat(ours.pdf)).size / bytes).toFixed(2) },
      'OCRmyPDF: seconds': theirs?.seconds.toFixed(1) ?? 'none',
      'size / original ': theirs ? (theirs.bytes / bytes).toFixed(2) : 'none',
    })
  }
  console.log(table(rows))
} finally {
  await reading.close()
  await rm(scratch, { recursive: true })
}
