import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { manyScannedPages, textPdf } from '../../server/test/fixtures.ts'
import { childOf } from '../../server/test/processes.ts'
import { runStart, upload } from '../../server/test/run-start.ts'
import { median, percentile } from './report.ts'

/**
 * What an upload costs, on a product of its own (embedded database, worker with its default slots): how long it is answered in on an
 * idle system, with 200 documents waiting, and beside 50 slow clients; and what 500 MB do to the API's memory. Linux only: it reads /proc.
 *
 *   npm run bench:upload
 */
const SAMPLES = 60
const WAITING = 200
const LARGE_BYTES = 500_000_000
const SLOW_CLIENTS = 50
const SLOW_BYTES_A_SECOND = 500_000
const SLOW_SECONDS = 20

const folder = await mkdtemp(path.join(tmpdir(), 'adp-bench-'))
const product = await runStart({ DATA_DIR: folder, DATABASE_URL: '', LOG_LEVEL: 'error' })
try {
  const small = await textPdf(['A page like any other.'])
  await timeUploads(small, 20)
  const idle: number[] = []
  const beside: number[] = []

  // In turns, so that what else the machine does falls on both alike.
  for (let round = 0; round < 3; round += 1) {
    idle.push(...(await timeUploads(small, SAMPLES / 3)))
    await untilIdle()
    const slow = Promise.all(
      Array.from({ length: SLOW_CLIENTS }, () => uploadSlowly(SLOW_BYTES_A_SECOND, SLOW_SECONDS / 3)),
    )
    await delay(1_000)
    beside.push(...(await timeUploads(small, SAMPLES / 3)))
    await slow
    await untilIdle()
  }
  print('idle', idle, idle)
  print(`beside ${SLOW_CLIENTS} clients at ${SLOW_BYTES_A_SECOND / 1e6} MB/s each`, beside, idle)

  const memory = await uploadLarge()
  console.log(
    `${LARGE_BYTES / 1e6} MB in one upload: API's memory ${mega(memory.before)} MB before, ${mega(memory.peak)} MB at most, ` +
      `+${mega(memory.peak - memory.before)} MB; ${memory.seconds.toFixed(1)} s`,
  )

  const scans = await manyScannedPages(3)
  for (let n = 0; n < WAITING; n += 20)
    await upload(product.url, Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`${n + k}.pdf`, scans])))
  await delay(3_000)
  const waitingBefore = await countWaiting()
  const waiting = await timeUploads(small, SAMPLES)
  print(`${waitingBefore} or more waiting, workers busy (${await countWaiting()} after)`, waiting, idle)
} finally {
  await product.stop()
  await rm(folder, { recursive: true, force: true })
}

function print(what: string, times: number[], reference: number[]) {
  console.log(
    `${what}: answered in ${median(times).toFixed(1)} ms (median of ${times.length}; 95 % ${percentile(times, 95).toFixed(1)} ms), ` +
      `ratio to idle ${(median(times) / median(reference)).toFixed(2)}`,
  )
}

function mega(bytes: number) {
  return (bytes / 1e6).toFixed(0)
}

async function timeUploads(bytes: Buffer, count: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    const started = performance.now()
    await upload(product.url, { 'small.pdf': bytes })
    times.push(performance.now() - started)
    await delay(50)
  }
  return times
}

async function countWaiting(): Promise<number> {
  let count = 0
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await fetch(`${product.url}/documents?status=PENDING&limit=200${cursor && `&cursor=${cursor}`}`)
    const body = (await page.json()) as { documents: unknown[]; next_cursor: string | null }
    count += body.documents.length
    cursor = body.next_cursor
  }
  return count
}

async function untilIdle(): Promise<void> {
  for (;;) {
    const page = await fetch(`${product.url}/documents?status=PENDING,PROCESSING&limit=1`)
    if (((await page.json()) as { documents: unknown[] }).documents.length === 0) return
    await delay(200)
  }
}

/** Sends a multipart body whose one file is what the generator yields. */
async function uploadStream(chunks: AsyncGenerator<Buffer>): Promise<void> {
  const sending = request(`${product.url}/documents`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  })
  const answered = new Promise<number>((resolve, reject) => {
    sending
      .on('error', reject)
      .on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)))
  })
  const body = async function* () {
    yield Buffer.from('--x\r\nContent-Disposition: form-data; name="files"; filename="stream.pdf"\r\n\r\n%PDF-1.7\n')
    yield* chunks
    yield Buffer.from('\r\n--x--\r\n')
  }
  const [status] = await Promise.all([answered, pipeline(Readable.from(body()), sending)])
  if (status !== 202) throw new Error(`the upload was answered with ${status}`)
}

async function uploadSlowly(bytesASecond: number, seconds: number): Promise<void> {
  const piece = randomBytes(bytesASecond / 10)
  await uploadStream(
    (async function* () {
      for (let n = 0; n < seconds * 10; n += 1) {
        yield piece
        await delay(100)
      }
    })(),
  )
}

async function uploadLarge() {
  const pid = childOf(product.process.pid as number, 'server.ts')
  const resident = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
  const before = await resident()
  let peak = before
  const sampling = setInterval(async () => {
    peak = Math.max(peak, await resident())
  }, 20)
  const piece = randomBytes(1_000_000)
  const started = performance.now()
  await uploadStream(
    (async function* () {
      for (let sent = 0; sent < LARGE_BYTES; sent += piece.length) yield piece
    })(),
  )
  clearInterval(sampling)
  return { before, peak, seconds: (performance.now() - started) / 1000 }
}
