import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { v4 as uuid } from 'uuid'
import { BLOCK_BYTES } from '../../server/src/storage/blocks.ts'
import { IMPLEMENTATIONS } from '../../server/test/stores/implementations.ts'
import { table } from './report.ts'

/**
 * Puts one large blob into every store and reads it again: MB/s, and what it does to the memory of this process. The services (Azurite, and
 * Swift where it is installed) run on the same machine, so the figures are about memory and order of magnitude, not about Azure or AWS.
 *
 *   npm run bench:storage -- [--gigabytes 5] [--only azure]
 */
const { values } = parseArgs({
  options: { gigabytes: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
})
const bytes = Number(values.gigabytes) * 1_000_000_000
const piece = randomBytes(1_000_000)

async function measure(work: () => Promise<void>) {
  const before = process.memoryUsage.rss()
  let peak = before
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 50)
  const started = performance.now()
  await work()
  clearInterval(sampling)
  const seconds = (performance.now() - started) / 1000
  return {
    speed: `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`,
    memory: `${(before / 1e6).toFixed(0)} to ${(peak / 1e6).toFixed(0)} MB`,
  }
}

/** Blocks are no multiple of the piece, so that two of them that changed places are noticed as well. */
function isNext(chunk: Buffer, from: number): boolean {
  for (let at = 0; at < chunk.length; ) {
    const offset = (from + at) % piece.length
    const length = Math.min(chunk.length - at, piece.length - offset)
    if (piece.compare(chunk, at, at + length, offset, offset + length) !== 0) return false
    at += length
  }
  return true
}

const rows: Record<string, string>[] = []
for (const [name, start] of Object.entries(IMPLEMENTATIONS)) {
  if (!name.includes(values.only)) continue
  const { store, remove } = await start(BLOCK_BYTES)
  try {
    const key = uuid()
    const pieces = function* () {
      for (let sent = 0; sent < bytes; sent += piece.length) yield piece
    }
    const put = await measure(() => store.put(key, Readable.from(pieces(), { objectMode: false })))
    let received = 0
    const read = await measure(async () => {
      for await (const chunk of await store.read(key)) {
        if (!isNext(chunk, received)) throw new Error(`${name} gave back other bytes near ${received}`)
        received += chunk.length
      }
    })
    if (received !== bytes) throw new Error(`${name} gave back ${received} of ${bytes} bytes`)
    rows.push({
      store: name,
      put: put.speed,
      'memory of put': put.memory,
      read: read.speed,
      'memory of read': read.memory,
    })
  } finally {
    await remove()
  }
}
console.log(table(rows))
