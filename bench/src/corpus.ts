import { openAsBlob } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { Document, UploadResponse } from '@adp/contract/document.ts'
import type { Problem } from '@adp/contract/errors.ts'
import { isFinished, type Job } from '@adp/contract/job.ts'
import { folderOf } from './folder.ts'
import { percentile, table } from './report.ts'

/**
 * Uploads every PDF and picture below a folder, and whatever is below a folder `bad`, to a running product and prints how each ended.
 * Files below `bad` may be refused or fail, with a code; all others have to be COMPLETED. Ends with 1 when one does not, when a job never ends, or when a span does not fit its text.
 *
 *   npm start                                     (in one terminal)
 *   npm run bench:corpus -- <folder> [--url http://127.0.0.1:3000] [--only bad]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string', default: 'http://127.0.0.1:3000' }, only: { type: 'string', default: '' } },
})
const folder = folderOf(positionals[0], 'Usage: npm run bench:corpus -- <folder> [--url URL] [--only PART-OF-PATH]')

const TYPES = /\.(pdf|png|jpe?g|tiff?|webp)$|(^|[/\\])bad[/\\]/i
const GIVE_UP_MS = 15 * 60_000

type Row = {
  file: string
  status: string
  code: string
  pages: number
  words: number
  attempts: number
  seconds: number
  sentence: string
}

async function send(file: string): Promise<Document | Problem> {
  const form = new FormData()
  form.append('files', await openAsBlob(path.join(folder, file)), path.basename(file))
  const response = await fetch(`${values.url}/documents`, { method: 'POST', body: form })
  const body = (await response.json()) as UploadResponse & Problem
  return body.documents?.[0] ?? body
}

async function untilFinished(id: string): Promise<Job> {
  const started = performance.now()
  for (;;) {
    const job = (await (await fetch(`${values.url}/documents/${id}/status`)).json()) as Job
    if (isFinished(job.status) || performance.now() - started > GIVE_UP_MS) return job
    await delay(200)
  }
}

async function readWords(id: string): Promise<number> {
  const result = (await (await fetch(`${values.url}/documents/${id}/result`)).json()) as AnalyzeResult
  const words = result.pages.flatMap((page) => page.words ?? [])
  for (const { content, span } of words) {
    if (result.content.slice(span.offset, span.offset + span.length) !== content)
      throw new Error(`span of "${content}" does not fit`)
  }
  return words.length
}

async function tryFile(file: string): Promise<Row> {
  const sent = await send(file)
  if (!('job' in sent)) {
    return {
      file,
      status: `${sent.status}`,
      code: sent.code,
      pages: 0,
      words: 0,
      attempts: 0,
      seconds: 0,
      sentence: sent.detail,
    }
  }
  const job = await untilFinished(sent.id)
  const words = job.status === 'COMPLETED' ? await readWords(sent.id) : 0
  const seconds =
    job.started_at && job.finished_at ? (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000 : Number.NaN
  const { status, attempts, pages_done: pages } = job
  return {
    file,
    status,
    code: job.error?.code ?? '',
    pages,
    words,
    attempts,
    seconds,
    sentence: job.error?.message ?? '',
  }
}

const files = (await readdir(folder, { recursive: true }))
  .filter((name) => TYPES.test(name) && name.includes(values.only))
  .sort()
// All at once, as a person drops them; the workers take what they have slots for.
const rows = await Promise.all(files.map(tryFile))

console.log(table(rows.map((row) => ({ ...row, seconds: row.seconds.toFixed(1) }))))
const isBad = (row: Row) => row.file.split(path.sep).includes('bad')
const wrong = rows.filter((row) =>
  isBad(row)
    ? !/^(COMPLETED|FAILED|4\d\d)$/.test(row.status) || (row.status !== 'COMPLETED' && !row.code)
    : row.status !== 'COMPLETED',
)
const silent = rows.filter((row) => !isBad(row) && row.words === 0)
const seconds = rows.map((row) => row.seconds).filter(Number.isFinite)
console.log(
  `\n${rows.length} files, ${rows.reduce((sum, row) => sum + row.pages, 0)} pages, ${rows.reduce((sum, row) => sum + row.words, 0)} words; ` +
    `COMPLETED ${rows.filter((row) => row.status === 'COMPLETED').length}, FAILED ${rows.filter((row) => row.status === 'FAILED').length}, ` +
    `refused ${rows.filter((row) => /^4/.test(row.status)).length}; seconds a file: median ${percentile(seconds, 50).toFixed(2)}, 95 % ${percentile(seconds, 95).toFixed(2)}`,
)
console.log(`Good files without any word: ${silent.map((row) => row.file).join(', ') || 'none'}`)
console.log(
  `Not as it should be: ${wrong.map((row) => `${row.file} (${row.status} ${row.code})`).join(', ') || 'none'}`,
)
process.exitCode = wrong.length > 0 ? 1 : 0
