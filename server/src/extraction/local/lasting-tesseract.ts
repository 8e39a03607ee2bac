import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExtractionError } from '../extractor.ts'
import { type GreyImage, toPgm } from './grey-image.ts'
import { linesOfHocr } from './hocr.ts'
import { keepTail } from './tail.ts'
import type { Tesseract } from './tesseract.ts'

/** Has a program write what it has at once, not 4 KB later: the end of a page would wait for the next one. Part of GNU's coreutils. */
export const UNBUFFERED = 'stdbuf'

/** Has Tesseract read the names of pictures from its input, one by one. */
const STREAM_OF_NAMES = ['-c', 'stream_filelist=1']

const PAGE_BEGIN = "<div class='ocr_page'"
/** Nothing within a page is closed with two spaces before it. */
const PAGE_END = '\n  </div>\n'

type Running = { process: ChildProcessWithoutNullStreams; folder: string; lastWords: () => string; hasEnded: boolean }

/** An idle one is no reason to stay alive: it ends by itself when its input does. Sockets, though their types do not say so. */
const keepWaiting = ({ process }: Running, how: 'ref' | 'unref') => {
  for (const one of [process, process.stdin, process.stdout, process.stderr] as unknown as Socket[]) one[how]()
}

const start = async (command: readonly string[], env: NodeJS.ProcessEnv): Promise<Running> => {
  const folder = await mkdtemp(join(tmpdir(), 'picture-'))
  const process = spawn(UNBUFFERED, ['-o0', ...command, ...STREAM_OF_NAMES], { env, windowsHide: true })
  const running: Running = { process, folder, lastWords: keepTail(process.stderr), hasEnded: false }
  const ended = () => {
    running.hasEnded = true
  }
  process.on('error', ended)
  process.on('close', ended)
  // One that ends while it is told a name says why by its exit code.
  process.stdin.on('error', () => {})
  process.stdout.setEncoding('utf8')
  return running
}

/** The hOCR of one picture, without its head. */
const hocrOf = async ({ process, hasEnded, lastWords }: Running, picture: string): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let hocr = ''
  const onData = (text: string) => {
    hocr += text
    if (hocr.endsWith(PAGE_END)) resolve(hocr.slice(Math.max(0, hocr.indexOf(PAGE_BEGIN))))
  }
  if (hasEnded) throw new Error(`Tesseract has ended. ${lastWords()}`)
  const onClose = (code: number | null, killedBy: string | null) =>
    reject(new Error(`Tesseract ended with ${killedBy ?? code}. ${lastWords()}`))
  process.stdout.on('data', onData)
  process.once('close', onClose)
  process.once('error', reject)
  process.stdin.write(`${picture}\n`)
  return promise.finally(() => {
    process.stdout.off('data', onData)
    process.off('close', onClose)
    process.off('error', reject)
  })
}

/**
 * Tesseract as a program that goes on living and reads one picture after another: it starts and loads its languages once, which is a fifth
 * of what it takes for a page (300 of 1,600 ms; what it reads is the same). It is killed when a picture takes too long, and started again.
 * @param command Tesseract with its arguments, input and output on its standard streams
 * @param once reads what comes while the program is busy
 */
export const createLastingTesseract = (
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  once: Tesseract,
): Tesseract => {
  let running: Running | null = null
  let isBusy = false

  const readNext = async (image: GreyImage, timeoutMs: number) => {
    if (!running || running.hasEnded) running = await start(command, env)
    const current = running
    const picture = join(current.folder, 'picture.pgm')
    let isLate = false
    const timer = setTimeout(
      () => {
        isLate = true
        current.process.kill('SIGKILL')
      },
      Math.max(1, timeoutMs),
    )
    keepWaiting(current, 'ref')
    try {
      await writeFile(picture, toPgm(image))
      return linesOfHocr(await hocrOf(current, picture))
    } catch (error) {
      current.process.kill('SIGKILL')
      current.hasEnded = true
      if (!isLate) throw error
      throw new ExtractionError('page_timeout', `OCR gave up after ${Math.round(timeoutMs)} ms`)
    } finally {
      clearTimeout(timer)
      keepWaiting(current, 'unref')
      await rm(current.hasEnded ? current.folder : picture, { recursive: true, force: true })
    }
  }

  return async (image, timeoutMs) => {
    if (isBusy) return once(image, timeoutMs)
    isBusy = true
    try {
      return await readNext(image, timeoutMs)
    } finally {
      isBusy = false
    }
  }
}
