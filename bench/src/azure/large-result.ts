import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { analyzeResultJson, readAnswer } from '../../../server/src/extraction/azure/answer.ts'
import { readPages } from '../../../server/src/extraction/azure/read-pages.ts'
import { splitResult } from '../../../server/src/extraction/azure/split-result.ts'
import { table } from '../report.ts'

/** Makes an answer of so many megabytes, reads it as the product does, and prints seconds and the peak of this process's memory. */
const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '500' } } })
const BYTES = Number(values.megabytes) * 1e6
const MB = 2 ** 20

const WORDS = 400
const TEXT = Array.from({ length: WORDS }, (_, word) => `wörd${word}`).join(' ')
const polygon = [1.2345, 2.3456, 2.3456, 2.3456, 2.3456, 2.5678, 1.2345, 2.5678]

function makePage(pageNumber: number, offset: number): string {
  let at = offset
  const words = TEXT.split(' ').map((content) => {
    const span = { offset: at, length: content.length }
    at += content.length + 1
    return { content, polygon, confidence: 0.987, span }
  })
  const spans = [{ offset, length: TEXT.length }]
  return JSON.stringify({ pageNumber, angle: 0.0123, width: 8.5, height: 11, unit: 'inch', words, lines: [], spans })
}

function makeTable(pageNumber: number, offset: number): string {
  const boundingRegions = [{ pageNumber, polygon }]
  const cells = Array.from({ length: 100 }, (_, cell) => {
    const spans = [{ offset: offset + cell, length: 4 }]
    return { rowIndex: Math.floor(cell / 10), columnIndex: cell % 10, content: 'cell', boundingRegions, spans }
  })
  return JSON.stringify({
    rowCount: 10,
    columnCount: 10,
    cells,
    boundingRegions,
    spans: [{ offset, length: TEXT.length }],
  })
}

/** The keys in the order that is the hardest: what stands on pages first, then the pages, the text last. */
async function* makeAnswer(): AsyncGenerator<string> {
  const count = Math.ceil(BYTES / (makePage(1000, 3e6).length + makeTable(1000, 3e6).length + TEXT.length))
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const offsetOf = (page: number) => (page - 1) * (TEXT.length + 1)
  yield '{"status":"succeeded","analyzeResult":{"tables":['
  for (const page of numbers) yield (page === 1 ? '' : ',') + makeTable(page, offsetOf(page))
  yield '],"pages":['
  for (const page of numbers) yield (page === 1 ? '' : ',') + makePage(page, offsetOf(page))
  yield '],"content":"'
  for (const page of numbers) yield (page === 1 ? '' : '\\n') + TEXT
  yield '","apiVersion":"2024-11-30","modelId":"prebuilt-layout","stringIndexType":"utf16CodeUnit","contentFormat":"text"}}'
}

/** Runs a part and says what it took. The peak is that of the whole process so far. */
async function measure(part: string, run: () => Promise<string>): Promise<Record<string, string>> {
  const started = performance.now()
  const what = await run()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  return { part, what, seconds, 'peak RSS, MB': (process.resourceUsage().maxRSS / 1024).toFixed(0) }
}

const folder = await mkdtemp(path.join(tmpdir(), 'adp-large-result-'))
try {
  const file = path.join(folder, 'answer.json')
  const rows = [
    await measure('(making the answer)', async () => {
      await pipeline(makeAnswer, createWriteStream(file))
      return `${((await stat(file)).size / MB).toFixed(0)} MB`
    }),
  ]
  rows.push(await measure('readAnswer', async () => (await readAnswer(file)).status))
  rows.push(
    await measure('analyzeResultJson', async () => {
      await pipeline(analyzeResultJson(file), createWriteStream(path.join(folder, 'result.json')))
      return `${((await stat(path.join(folder, 'result.json'))).size / MB).toFixed(0)} MB`
    }),
  )
  rows.push(
    await measure('splitResult, readPages', async () => {
      const result = await splitResult(file, folder)
      let words = 0
      for await (const { page } of readPages(result)) words += page.words?.length ?? 0
      await result.close()
      return `${result.pages.length} pages, ${words} words`
    }),
  )
  console.log(table(rows))
} finally {
  await rm(folder, { recursive: true })
}
