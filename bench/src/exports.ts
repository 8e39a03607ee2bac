import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { EXPORT_FORMATS, type ExportFormat } from '@adp/contract/export.ts'
import { PDFDocument } from 'pdf-lib'
import { readConfig } from '../../server/src/config.ts'
import { findDatabaseUrl } from '../../server/src/database-url.ts'
import { createPool, type Pool } from '../../server/src/db/client.ts'
import * as queue from '../../server/src/queue/job-queue.ts'
import * as liveness from '../../server/src/queue/liveness.ts'
import { textImage } from '../../server/test/fixtures.ts'
import { childOf, descendants } from '../../server/test/processes.ts'
import { runStart, upload } from '../../server/test/run-start.ts'
import { table } from './report.ts'
import { createPages, type InventedPage } from './search/invented-pages.ts'

/**
 * What exports of a scan of many pages cost: seconds, bytes, and the memory of the API and of the child that makes the searchable PDF. On a
 * product of its own (embedded database), with invented results of 350 words and a table of 100 cells a page. Linux only: it reads /proc.
 *
 *   npm run bench:exports -- [--pages 2000]
 */
const { values } = parseArgs({ options: { pages: { type: 'string', default: '2000' } } })
const PAGES = Number(values.pages)
const LOOK_MS = 50
const mega = (bytes: number) => Math.round(bytes / 1e6)

/** A scan whose pages are pictures of their own: no reader holds one for all. */
async function makeScan(): Promise<Buffer> {
  const jpeg = await textImage(
    Array.from({ length: 24 }, (_, line) => `Line ${line} of a scanned page`).join('\n'),
    'jpeg',
  )
  const pdf = await PDFDocument.create()
  for (let number = 0; number < PAGES; number += 1) {
    const page = pdf.addPage([612, 792])
    page.drawImage(await pdf.embedJpg(jpeg), { x: 0, y: 0, width: 612, height: 792 })
  }
  return Buffer.from(await pdf.save())
}

/** As OCR would have read it: unsure of every word, with lines, and with a table. */
function asRead({ content, page }: InventedPage) {
  const words = (page.words ?? []).map((word) => ({ ...word, confidence: 0.9 }))
  const lines = Array.from({ length: words.length / 10 }, (_, line) => {
    const of = words.slice(line * 10, line * 10 + 10)
    const [first, last] = [of[0], of.at(-1)] as [(typeof of)[0], (typeof of)[0]]
    const [left = 0, top = 0, , , , bottom = 0] = first.polygon ?? []
    const right = last.polygon?.[2] ?? 0
    const spans = [{ offset: first.span.offset, length: last.span.offset + last.span.length - first.span.offset }]
    return { content: '', polygon: [left, top, right, top, right, bottom, left, bottom], spans }
  })
  const cells = words.slice(0, 100).map(({ content: text, span }, at) => ({
    ...{ rowIndex: Math.floor(at / 10), columnIndex: at % 10, content: text, spans: [span] },
  }))
  return {
    content,
    page: { ...page, words, lines },
    parts: { tables: [{ rowCount: 10, columnCount: 10, cells, spans: [] }] },
  }
}

async function complete(pool: Pool): Promise<void> {
  const id = await liveness.registerWorker(pool, { name: 'bench', version: '1', slots: 1 })
  const [job] = await queue.claim(pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(pool, job, PAGES, 'local')
  const pages = createPages(1)
  for (let number = 1; number <= PAGES; number += 1) await queue.storePage(pool, job, asRead(pages.next(number)))
  await queue.complete(pool, job)
}

const residentBytes = (pid: number): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Memory of a process, and of the largest below it, at most, while `work` runs. */
async function watch<T>(pid: number, work: () => Promise<T>) {
  const peak = { api: 0, child: 0 }
  const timer = setInterval(() => {
    peak.api = Math.max(peak.api, residentBytes(pid))
    peak.child = Math.max(peak.child, ...descendants(pid).map((one) => residentBytes(one.pid)))
  }, LOOK_MS)
  const began = performance.now()
  const value = await work().finally(() => clearInterval(timer))
  return { value, peak, seconds: (performance.now() - began) / 1000 }
}

/** Downloads an export, as whoever asks again while it is being made. @returns its bytes */
async function download(url: string, format: ExportFormat): Promise<number> {
  for (;;) {
    const response = await fetch(`${url}/exports/${format}`)
    let bytes = 0
    for await (const chunk of response.body ?? []) bytes += chunk.length
    if (response.ok) return bytes
    if (response.status !== 503) throw new Error(`${format}: ${response.status}`)
    await delay(500)
  }
}

const folder = await mkdtemp(path.join(tmpdir(), 'adp-bench-'))
const product = await runStart({ DATA_DIR: folder, DATABASE_URL: '', LOG_LEVEL: 'error' })
const worker = childOf(product.process.pid as number, 'worker.ts')
try {
  // The result is invented: nobody may take the job.
  process.kill(worker, 'SIGSTOP')
  const scan = await makeScan()
  const [document] = (await upload(product.url, { 'scan.pdf': scan })) as { id: string }[]
  const pool = createPool(await findDatabaseUrl(readConfig({ DATA_DIR: folder })), 'bench', 2, () => {})
  await complete(pool)
  await pool.end()
  const api = childOf(product.process.pid as number, 'server.ts')
  const rows = []
  console.log(`${PAGES} pages, ${mega(scan.length)} MB; API before: ${mega(residentBytes(api))} MB`)
  for (const format of [...EXPORT_FORMATS.toReversed(), 'pdf'] as const) {
    const { value, peak, seconds } = await watch(api, () =>
      download(`${product.url}/documents/${document?.id}`, format),
    )
    rows.push({
      ...{ format, seconds: seconds.toFixed(1), MB: mega(value), 'API, MB at most': mega(peak.api) },
      'child, MB at most': mega(Math.max(0, peak.child)),
    })
  }
  console.log(table(rows))
} finally {
  process.kill(worker, 'SIGCONT')
  await product.stop()
  await rm(folder, { recursive: true, force: true })
}
