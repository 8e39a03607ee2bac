import { writeSync } from 'node:fs'
import type { ExtractRequest } from './protocol.ts'

/**
 * Stands in for child.ts in tests. What it does wrong is what the request's `path` says; anything else is a document of
 * one good page. The page's content is the process id.
 */
const send = (message: unknown) => process.send?.(message)
const sleepForever = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)

const page = (pageNumber: number) => {
  const content = String(process.pid)
  const spans = [{ offset: 0, length: content.length }]
  const blank = { angle: 0, width: 1, height: 1, unit: 'inch', words: [], lines: [] }
  return { type: 'page', page: { content, page: { ...blank, pageNumber, spans }, parts: null } }
}

const kept: Buffer[] = []

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
  'talk-over': () => {
    send(page(1))
    send({ type: 'done' })
  },
  disconnect: () => process.disconnect(),
  encrypted: () => send({ type: 'failed', code: 'file_encrypted', detail: 'PDF error: password required' }),
  'die-idle': () => {
    send({ type: 'done' })
    setTimeout(() => process.exit(9), 50)
  },
}

let acknowledgements = 0
let path = ''

process.on('message', (message: ExtractRequest | { type: 'ack' }) => {
  if (message.type === 'extract') {
    path = message.path
    acknowledgements = 0
    if (path.startsWith('early-')) MISDEEDS[path.slice('early-'.length)]?.()
    else send({ type: 'opened', pagesTotal: 2 })
    return
  }
  acknowledgements += 1
  if (acknowledgements === 1) send(page(1))
  else if (acknowledgements === 2 && path in MISDEEDS) MISDEEDS[path]?.()
  else if (acknowledgements === 2) send(page(2))
  else send({ type: 'done' })
})
process.on('disconnect', () => process.exit())
