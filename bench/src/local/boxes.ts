import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Polygon } from '@adp/contract/geometry.ts'
import { z } from 'zod'
import { findLanguageData, gatherFiles } from '../../../server/src/extraction/local/language-data.ts'
import { createTesseract } from '../../../server/src/extraction/local/tesseract.ts'
import { readInProcess } from '../../../server/test/read-in-process.ts'
import { folderOf } from '../folder.ts'
import { table } from '../report.ts'

/**
 * How well the boxes of words lie on those of real Azure results: which share of Azure's words is found with the same text at the same place,
 * and how much of both boxes together is in either (intersection over union), on the average. Every file below a folder that has beside it
 * a JSON whose name begins with the file's name and ".gt." counts.
 *
 *   npm run bench:local:boxes -- <folder>
 */
const folder = folderOf(process.argv[2], 'Usage: npm run bench:local:boxes -- <folder>')

type Box = { left: number; top: number; right: number; bottom: number }
type PlacedText = { page: number; text: string; box: Box }

const boxOf = (polygon: Polygon): Box => {
  const [xs, ys] = [0, 1].map((axis) => polygon.filter((_, index) => index % 2 === axis)) as [number[], number[]]
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

/** Azure's results of version 2 and of version 3 and newer. */
const Word2 = z.object({ text: z.string(), boundingBox: z.array(z.number()) })
const Word3 = z.object({ content: z.string(), polygon: z.array(z.number()) })
const Truth = z.object({
  analyzeResult: z.union([
    z.object({ pages: z.array(z.object({ pageNumber: z.int(), words: z.array(Word3) })) }),
    z.object({
      readResults: z.array(z.object({ page: z.int(), lines: z.array(z.object({ words: z.array(Word2) })) })),
    }),
  ]),
})

function wordsOf(json: unknown): PlacedText[] | null {
  const { data } = Truth.safeParse(json)
  if (!data) return null
  const { analyzeResult } = data
  if ('pages' in analyzeResult)
    return analyzeResult.pages.flatMap(({ pageNumber, words }) =>
      words.map(({ content, polygon }) => ({ page: pageNumber, text: content, box: boxOf(polygon) })),
    )
  return analyzeResult.readResults.flatMap(({ page, lines }) =>
    lines.flatMap(({ words }) => words.map(({ text, boundingBox }) => ({ page, text, box: boxOf(boundingBox) }))),
  )
}

const areaOf = ({ left, top, right, bottom }: Box) => Math.max(0, right - left) * Math.max(0, bottom - top)

function overlapOf(a: Box, b: Box): number {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)]
  const [right, bottom] = [Math.min(a.right, b.right), Math.min(a.bottom, b.bottom)]
  const shared = right > left && bottom > top ? (right - left) * (bottom - top) : 0
  return shared / (areaOf(a) + areaOf(b) - shared)
}

/** The overlap of each true word with the word of the same text that lies best on it; none where there is no such word. */
function overlaps(truth: PlacedText[], found: PlacedText[]): number[] {
  const free = new Set(found)
  return truth.flatMap((word) => {
    const same = [...free].filter((other) => other.page === word.page && other.text === word.text)
    const [best] = same.toSorted((a, b) => overlapOf(word.box, b.box) - overlapOf(word.box, a.box))
    const overlap = best ? overlapOf(word.box, best.box) : 0
    if (!best || overlap === 0) return []
    free.delete(best)
    return [overlap]
  })
}

const TYPES = { '.pdf': 'application/pdf', '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg' } as const
const isType = (ending: string): ending is keyof typeof TYPES => ending in TYPES

const scratch = await mkdtemp(path.join(tmpdir(), 'bench-boxes-'))
gatherFiles(findLanguageData(['eng']), scratch)
const tesseract = createTesseract(['eng'], scratch)
const files = await readdir(folder, { recursive: true })
const rows: Record<string, string | number>[] = []
for (const truthFile of files.filter((file) => /\.gt\..*\.json$/.test(file)).sort()) {
  const file = truthFile.replace(/\.gt\..*$/, '')
  const ending = path.extname(file)
  const truth = wordsOf(JSON.parse(await readFile(path.join(folder, truthFile), 'utf8')))
  if (!truth || !isType(ending)) continue
  const pages = await readInProcess(path.join(folder, file), TYPES[ending], tesseract, 'prebuilt-read')
  const found = pages.flatMap(({ page }) =>
    ('words' in page ? page.words : []).map(({ content, polygon }) => ({
      page: page.pageNumber,
      text: content,
      box: boxOf(polygon),
    })),
  )
  const matched = overlaps(truth, found)
  rows.push({
    file,
    words: truth.length,
    'matched, per cent': ((matched.length / truth.length) * 100).toFixed(1),
    'mean overlap': (matched.reduce((sum, overlap) => sum + overlap, 0) / matched.length).toFixed(3),
  })
}
await rm(scratch, { recursive: true })
console.log(table(rows))
process.exit()
