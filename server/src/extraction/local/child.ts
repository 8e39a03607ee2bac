import sharp from 'sharp'
import { ExtractionError } from '../extractor.ts'
import { drawPage } from './draw-page.ts'
import type { Emitter } from './emitter.ts'
import { messageOf } from './failure.ts'
import { killGroup } from './kill-group.ts'
import { OcrEngine } from './ocr-engine.ts'
import { packText } from './packed-text.ts'
import { type ExtractRequest, PAGES_AHEAD, ParentMessage, type SaidByChild } from './protocol.ts'
import { READERS } from './readers.ts'
import { makeSearchable } from './searchable/make-searchable.ts'
import { createTesseract } from './tesseract.ts'

/**
 * The process in which documents are parsed, one at a time. Arguments: which Tesseract, the folder of its data, then the languages.
 * It has no secrets, keeps nothing, and may be killed at any moment.
 */

/** Share of a page's time that its OCR may take; then the page is given up, before the page timeout ends the whole document. */
const OCR_SHARE = 0.75

const [engine, dataPath = '.', ...languages] = process.argv.slice(2)

// One document at a time and one core for it: other children have the other cores. The cache would only grow.
sharp.concurrency(1)
sharp.cache(false)
const tesseract = createTesseract(languages, dataPath, OcrEngine.parse(engine))

const send = (message: SaidByChild) => process.send?.(message)

/** Resolvers of what was sent and is not answered yet: the answers come in order. */
const unanswered: (() => void)[] = []
const sendAndWait = (message: SaidByChild) => {
  const answer = new Promise<void>((resolve) => unanswered.push(resolve))
  send(message)
  return answer
}

/** What need not be waited for: resolves when there is room for more of it. */
const underWay: Promise<void>[] = []
const sendAhead = async (message: SaidByChild) => {
  underWay.push(sendAndWait(message))
  if (underWay.length >= PAGES_AHEAD) await underWay.shift()
}

const emitter: Emitter = {
  opened: (pagesTotal) => sendAhead({ type: 'opened', pagesTotal }),
  page: (page) => {
    const { packedText, ...read } = packText(page)
    return sendAhead({ type: 'page', ...read, packedText: packedText?.toString('base64') ?? null })
  },
  unreadable: (page, failure) => sendAndWait({ type: 'unreadable', page, failure }),
  attachment: (position, name) => sendAndWait({ type: 'attachment', position, name }),
  left: (pages) => sendAndWait({ type: 'left', pages }),
  frames: (frames) => send({ type: 'frames', frames }),
  progress: (next) => send({ type: 'progress', clock: next ?? 'parse' }),
  ending: () => send({ type: 'ending' }),
  warning: (page, detail) => send({ type: 'warning', page, detail }),
}

const read = async (request: ExtractRequest): Promise<SaidByChild> => {
  const context = { request, emitter, tesseract, ocrBudgetMs: request.limits.pageTimeoutMs * OCR_SHARE }
  try {
    if (request.drawing) await drawPage(request, request.drawing)
    else if (request.searchable) await makeSearchable(request, request.searchable, emitter.progress)
    else await READERS[request.contentType][request.wanted](context)
    return { type: 'done' }
  } catch (error) {
    const code = error instanceof ExtractionError ? error.code : 'internal_error'
    return { type: 'failed', code, detail: messageOf(error) }
  }
}

const extract = async (request: ExtractRequest) => {
  const outcome = await read(request)
  // What is not answered yet is stored without this process, which is free for the next document.
  underWay.length = 0
  unanswered.length = 0
  send(outcome)
}

// The parent is gone. An orderly exit would wait for native code that may never end.
process.on('disconnect', () => {
  killGroup(process.pid)
  process.kill(process.pid, 'SIGKILL')
})
process.on('message', (message) => {
  const request = ParentMessage.parse(message)
  if (request.type === 'extract') void extract(request)
  else unanswered.shift()?.()
})
