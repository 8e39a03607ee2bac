import { writeFileSync, writeSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { ExtractRequest } from './protocol.ts'

/**
 * Stands in for child.ts in tests. Its document has two pages, or as many as the end of the request's `path`
 * says: `good/3`. What it does wrong is what that begins with: on page 2, or on another, `hang@1/3`, on every, `hang@every/3`, or before
 * it has opened the document, `early-hang`. A page's content is the process id.
 */
const send = (message: unknown) => process.send?.(message)
const sleepForever = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)

/** Packed: there are none. */
const NO_WORDS = Buffer.alloc(4).toString('base64')

const page = (pageNumber: number) => {
  const content = String(process.pid)
  const spans = [{ offset: 0, length: content.length }]
  const blank = { angle: 0, width: 1, height: 1, unit: 'inch', words: [], lines: [] }
  return { type: 'page', page: { content, page: { ...blank, pageNumber, spans }, parts: null }, packedText: NO_WORDS }
}

const kept: Buffer[] = []

let goOn = () => {}

const outcomeOf = (attempt: () => unknown): string => {
  try {
    attempt()
    return 'done'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

const MISDEEDS: Record<string, () => void> = {
  exit: () => {
    writeSync(2, 'something went terribly wrong')
    process.exit(3)
  },
  segfault: () => process.kill(process.pid, 'SIGSEGV'),
  throw: () => {
    throw new Error('nobody caught this')
  },
  hang: sleepForever,
  'hang-later': () => setTimeout(sleepForever, 50),
  hoard: () => setInterval(() => kept.push(Buffer.alloc(32 * 2 ** 20, 1)), 5),
  'fill-heap': () => {
    const strings: string[][] = []
    for (;;) strings.push(Array.from({ length: 100_000 }, (_, index) => `${index}`))
  },
  nonsense: () => send({ type: 'page', page: { content: 7 } }),
  'say-all-at-once': () => {
    for (const message of [{ type: 'opened', pagesTotal: 1 }, page(1), { type: 'done' }]) send(message)
    // As the real one: an answer that comes after the last word is to nothing any more.
    goOn = () => {}
  },
  'die-after-page': () => process.send?.(page(2), () => process.kill(process.pid, 'SIGSEGV')),
  flood: () => {
    for (let number = 1; number < 10; number += 1) send(page(number))
  },
  disconnect: () => process.disconnect(),
  reach: () => {
    const detail = JSON.stringify({
      within: outcomeOf(() => writeFileSync('file', '')),
      outside: outcomeOf(() => writeFileSync('../file', '')),
      networks: Object.keys(networkInterfaces()),
    })
    send({ type: 'failed', code: 'internal_error', detail })
  },
  encrypted: () => send({ type: 'failed', code: 'file_encrypted', detail: 'PDF error: password required' }),
  'die-idle': () => {
    send({ type: 'done' })
    setTimeout(() => process.exit(9), 50)
  },
}

const UNREADABLE = { code: 'file_corrupt', detail: 'there is nothing on it' }
const SCRIPT = /^(?<early>early-)?(?<misdeed>[a-z-]+)(?:@(?<at>\d+|every))?(?:\/(?<total>\d+))?$/

const frame = (pageNumber: number) => ({
  ...{ type: 'frames', frames: [{ pageNumber, width: 1, height: 1, unit: 'inch', hasText: true }] },
})

const begin = ({ path, pagesDone, careful, wanted }: ExtractRequest) => {
  const { early, misdeed = '', at = '2', total = '2' } = SCRIPT.exec(path)?.groups ?? {}
  const left = Array.from({ length: Number(total) }, (_, index) => index + 1).filter((n) => !pagesDone.includes(n))
  const isBad = (n: number) => at === 'every' || Number(at) === n
  goOn = () => {
    const next = left.shift()
    if (next === undefined) send({ type: 'done' })
    else if (misdeed === 'unreadable' && isBad(next)) send({ ...page(next), type: 'unreadable', failure: UNREADABLE })
    else if (misdeed === 'once' && isBad(next) && !careful) MISDEEDS.segfault?.()
    else if (misdeed === 'end-soon' && isBad(next))
      for (const message of [{ type: 'ending' }, page(next)]) send(message)
    else if (isBad(next) && misdeed in MISDEEDS) MISDEEDS[misdeed]?.()
    else if (wanted === 'frames') {
      send(frame(next))
      goOn()
    } else send(page(next))
  }
  if (early) MISDEEDS[misdeed]?.()
  else send({ type: 'opened', pagesTotal: Number(total) })
}

process.on('message', (message: ExtractRequest | { type: 'ack' }) =>
  message.type === 'extract' ? begin(message) : goOn(),
)
process.on('disconnect', () => process.exit())
