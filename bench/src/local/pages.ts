import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { LiteParse } from '@llamaindex/liteparse'
import { PDFDocument } from 'pdf-lib'
import sharp from 'sharp'
import { readConfig } from '../../../server/src/config.ts'
import { findDatabaseUrl } from '../../../server/src/database-url.ts'
import { createPool } from '../../../server/src/db/client.ts'
import { textPdf } from '../../../server/test/fixtures.ts'
import { childOf, descendants, killTree } from '../../../server/test/processes.ts'
import { type Running, runStart, upload, waitForJob } from '../../../server/test/run-start.ts'
import { table } from '../report.ts'

/**
 * Documents of many pages through the whole product: how much faster a scan is read by two slots and by two workers than by one, how many
 * pages are read again after kill -9, and the most memory that the worker and its children have held meanwhile.
 *
 *   npm run bench:local:pages -- [--only sharing,text,kill,picture] [--scan 40] [--text 2000]
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'sharing,text,kill,picture' },
    scan: { type: 'string', default: '40' },
    text: { type: 'string', default: '2000' },
  },
})
const parts = values.only.split(',')
const WORKER = path.resolve(import.meta.dirname, '../../../server/src/worker.ts')
const SCAN_DPI = 200
const KILLED_AT = 300
const BOOK_PAGES = 352

const lineOf = (page: number, line: number) => `Page ${page}, line ${line}: the quick brown fox jumps over it.`
const textsOf = (pages: number) =>
  Array.from({ length: pages }, (_, n) => Array.from({ length: 20 }, (_, line) => lineOf(n + 1, line + 1)).join('\n'))

async function scanOf(pages: number): Promise<Buffer> {
  const source = await textPdf(textsOf(pages))
  const pdf = await PDFDocument.create()
  const parser = new LiteParse({ ocrEnabled: false, quiet: true, dpi: SCAN_DPI })
  for (let page = 1; page <= pages; page += 1) {
    const [shot] = await parser.screenshot(source, [page])
    if (!shot) throw new Error(`page ${page} was not drawn`)
    const picture = await pdf.embedJpg(await sharp(shot.imageBuffer).grayscale().jpeg({ quality: 80 }).toBuffer())
    const sheet = pdf.addPage()
    sheet.drawImage(picture, { x: 0, y: 0, width: sheet.getWidth(), height: sheet.getHeight() })
  }
  return Buffer.from(await pdf.save())
}

/** A white picture with a line of black, which packs to next to nothing. */
const squareOf = async (side: number, format: 'png' | 'tiff'): Promise<Buffer> => {
  const picture = sharp({
    create: { width: side, height: side, channels: 3, background: 'white' },
    limitInputPixels: false,
  })
  return format === 'png'
    ? picture.png({ compressionLevel: 9 }).toBuffer()
    : picture.tiff({ compression: 'lzw' }).toBuffer()
}

// ---------------------------------------------------------------------------------------------------- processes

type Peaks = { worker: number; child: number }

/** The most resident memory that a process has held, in MB; 0 when it is gone. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024)
}

/** Looks at a worker and its children until it is stopped. Children come and go, hence often. */
function watchMemory(worker: () => number) {
  const peaks: Peaks = { worker: 0, child: 0 }
  const look = async () => {
    const pid = worker()
    peaks.worker = Math.max(peaks.worker, await peakOf(pid))
    // Between fork and exec a process has the memory of its parent.
    const children = descendants(pid).filter(({ command }) => command.includes('child.ts'))
    for (const child of children) peaks.child = Math.max(peaks.child, await peakOf(child.pid))
  }
  const timer = setInterval(() => void look().catch(() => {}), 250)
  return async (): Promise<Peaks> => {
    await look().catch(() => {})
    clearInterval(timer)
    return peaks
  }
}

type Setting = { slots: number; workers: number }
type Started = {
  product: Running
  worker(): number
  kill(): void
  /** The number of a transaction of now. */
  transaction(): Promise<string>
  /** The first page that was stored by a later one. */
  firstPageSince(transaction: string): Promise<number>
}

function stop(process: ChildProcess): Promise<unknown> {
  process.kill('SIGTERM')
  return new Promise((resolve) => process.once('exit', resolve))
}

async function withProduct<T>({ slots, workers }: Setting, work: (started: Started) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'adp-bench-pages-'))
  const env = { DATA_DIR: dataDir, DATABASE_URL: '', LOG_LEVEL: 'warn', WORKER_CONCURRENCY: String(slots) }
  const product = await runStart(env)
  const pool = createPool(await findDatabaseUrl(readConfig({ DATA_DIR: dataDir })), 'bench', 1, () => {})
  const others: ChildProcess[] = []
  try {
    for (let n = 1; n < workers; n += 1) {
      const other = fork(WORKER, { env: { ...process.env, ...env }, execArgv: ['--max-semi-space-size=2'] })
      others.push(other)
      await new Promise((resolve) => other.once('message', resolve))
    }
    const worker = () => childOf(product.process.pid as number, 'worker.ts')
    return await work({
      ...{ product, worker, kill: () => killTree(worker()) },
      transaction: async () => (await pool.query('SELECT pg_current_xact_id()::text AS id')).rows[0].id,
      firstPageSince: async (transaction) => {
        // A database that is an hour old has had less than 2^32 transactions: xmin is all of their numbers.
        const query = 'SELECT min(page_number) AS page FROM document_pages WHERE xmin::text::bigint > $1::bigint'
        return (await pool.query(query, [transaction])).rows[0].page
      },
    })
  } finally {
    await pool.end()
    await Promise.all(others.map(stop))
    await product.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Compiles the code and starts the children, one for each slot. */
async function warmUp({ product }: Started, { slots, workers }: Setting): Promise<void> {
  const page = await scanOf(1)
  const files = Object.fromEntries(Array.from({ length: slots * workers }, (_, n) => [`warm-${n}.pdf`, page]))
  for (const { id } of await upload(product.url, files)) await waitForJob(product.url, id)
}

async function read({ product }: Started, name: string, bytes: Buffer) {
  const [document] = await upload(product.url, { [name]: bytes })
  const id = document?.id as string
  const job = await waitForJob(product.url, id, (one) => one.finished_at !== null)
  return { id, job, seconds: (Date.parse(job.finished_at ?? '') - Date.parse(job.started_at ?? '')) / 1000 }
}

// ---------------------------------------------------------------------------------------------------- what is measured

async function sharing(): Promise<void> {
  const pages = Number(values.scan)
  const scan = await scanOf(pages)
  const settings: Setting[] = [
    { slots: 1, workers: 1 },
    { slots: 2, workers: 1 },
    { slots: 1, workers: 2 },
  ]
  const rows: Record<string, string | number>[] = []
  let alone = Number.NaN
  for (const setting of settings) {
    const row = await withProduct(setting, async (started) => {
      await warmUp(started, setting)
      const peaks = watchMemory(started.worker)
      const { job, seconds } = await read(started, 'scan.pdf', scan)
      if (Number.isNaN(alone)) alone = seconds
      return {
        ...{ workers: setting.workers, slots: setting.slots, pages: job.pages_done, seconds: seconds.toFixed(1) },
        ...{ 'times as fast': (alone / seconds).toFixed(2), ...inMegabytes(await peaks()) },
      }
    })
    rows.push(row)
  }
  print(`A scan of ${pages} pages at ${SCAN_DPI} dpi, ${(scan.length / 2 ** 20).toFixed(1)} MB`, rows)
}

const inMegabytes = ({ worker, child }: Peaks) => ({ 'worker MB': worker, 'child MB': child })

async function text(): Promise<void> {
  const pages = Number(values.text)
  const bytes = await textPdf(textsOf(pages))
  const row = await withProduct({ slots: 2, workers: 1 }, async (started) => {
    const peaks = watchMemory(started.worker)
    const { job, seconds } = await read(started, 'text.pdf', bytes)
    return { status: job.status, pages: job.pages_done, seconds: seconds.toFixed(1), ...inMegabytes(await peaks()) }
  })
  print(`${pages} pages with text`, [row])
}

async function kill(): Promise<void> {
  const bytes = await textPdf(textsOf(BOOK_PAGES))
  const row = await withProduct({ slots: 1, workers: 1 }, async (started) => {
    const { url } = started.product
    const [document] = await upload(url, { 'book.pdf': bytes })
    const id = document?.id as string
    await waitForJob(url, id, (job) => job.pages_done >= KILLED_AT)
    started.kill()
    // A statement that it had sent may end after it; another worker comes after a second.
    await delay(300)
    const killedAt = await started.transaction()
    const before = await waitForJob(url, id, () => true)
    const after = await waitForJob(url, id)
    return {
      ...{ 'pages stored when it was killed': before.pages_done, 'went on at': await started.firstPageSince(killedAt) },
      ...{ status: after.status, pages: after.pages_done, attempts: after.attempts },
    }
  })
  print(`${BOOK_PAGES} pages with text, kill -9 of the worker and its children`, [row])
}

async function picture(): Promise<void> {
  const rows: Record<string, string | number>[] = []
  for (const format of ['png', 'tiff'] as const) {
    const bytes = await squareOf(30_000, format)
    await withProduct({ slots: 1, workers: 1 }, async (started) => {
      const peaks = watchMemory(started.worker)
      const { job, seconds } = await read(started, `large.${format}`, bytes)
      const code = job.error?.code ?? ''
      rows.push({
        picture: format,
        status: job.status,
        code,
        seconds: seconds.toFixed(1),
        ...inMegabytes(await peaks()),
      })
    })
  }
  print('A picture of 30,000 x 30,000 px', rows)
}

function print(title: string, rows: Record<string, string | number>[]): void {
  process.stdout.write(`\n${title}\n\n${table(rows)}\n`)
}

for (const [name, measure] of Object.entries({ sharing, text, kill, picture }))
  if (parts.includes(name)) await measure()
