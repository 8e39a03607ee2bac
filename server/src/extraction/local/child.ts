import sharp from 'sharp'
import { ExtractionError } from '../extractor.ts'
import { drawPage } from './draw-page.ts'
import type { Emitter } from './emitter.ts'
import { messageOf } from './failure.ts'
import { type ChildMessage, type ExtractRequest, ParentMessage } from './protocol.ts'
import { READERS } from './readers.ts'
import { makeSearchable } from './searchable/make-searchable.ts'
import { createTesseract } from './tesseract.ts'

/**
 * The process in which documents are parsed, one at a time. Arguments: the folder of Tesseract's data, then the languages.
 * It has no secrets, keeps nothing, and may be killed at any moment.
 */

/** Share of a page's time that its OCR may take; then the page is given up, before the page timeout ends the whole document. */
const OCR_SHARE = 0.75

const [dataPath = '.', ...languages] = process.argv.slice(2)

// One document at a time and one core for it: other children have the other cores. The cache would only grow.
sharp.concurrency(1)
sharp.cache(false)
const tesseract = createTesseract(languages, dataPath)

const send = (message: ChildMessage) => process.send?.(message)

let acknowledged = () => {}
const sendAndWait = (message: ChildMessage) => {
  const answer = new Promise<void>((resolve) => {
    acknowledged = resolve
  })
  send(message)
  return answer
}

const emitter: Emitter = {
  opened: (pagesTotal) => sendAndWait({ type: 'opened', pagesTotal }),
  page: (page) => sendAndWait({ type: 'page', page }),
  unreadable: (page, failure) => sendAndWait({ type: 'unreadable', page, failure }),
  attachment: (position, name) => sendAndWait({ type: 'attachment', position, name }),
  left: (pages) => sendAndWait({ type: 'left', pages }),
  frames: (frames) => send({ type: 'frames', frames }),
  progress: (next) => send({ type: 'progress', clock: next ?? 'parse' }),
  warning: (page, detail) => send({ type: 'warning', page, detail }),
}

const extract = async (request: ExtractRequest) => {
  const context = { request, emitter, tesseract, ocrBudgetMs: request.limits.pageTimeoutMs * OCR_SHARE }
  try {
    if (request.drawing) await drawPage(request, request.drawing)
    else if (request.searchable) await makeSearchable(request, request.searchable, emitter.progress)
    else await READERS[request.contentType][request.wanted](context)
    send({ type: 'done' })
  } catch (error) {
    const code = error instanceof ExtractionError ? error.code : 'internal_error'
    send({ type: 'failed', code, detail: messageOf(error) })
  }
}

// The parent is gone. An orderly exit would wait for native code that may never end.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (message) => {
  const request = ParentMessage.parse(message)
  if (request.type === 'extract') void extract(request)
  else acknowledged()
})
