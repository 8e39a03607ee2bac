import { type Block, createWorker, type Line, OEM, PSM } from 'tesseract.js'
import { ExtractionError } from '../extractor.ts'
import { messageOf } from './failure.ts'
import type { QuarterTurns } from './geometry.ts'
import { toPgm } from './grey-image.ts'
import type { FoundLine } from './layout.ts'
import { TESSERACT_PARAMETERS } from './ocr-engine.ts'
import type { Tesseract } from './tesseract.ts'

/** Which way a line is read: its baseline begins where the line does. */
const turnsOf = ({ baseline: { x0, y0, x1, y1 } }: Line): QuarterTurns => {
  if (Math.abs(x1 - x0) >= Math.abs(y1 - y0)) return x1 >= x0 ? 0 : 2
  return y1 > y0 ? 1 : 3
}

/** The library's blocks as our lines. */
export const linesOfBlocks = (blocks: readonly Block[]): FoundLine[] =>
  blocks
    .flatMap((block) => block.paragraphs)
    .flatMap((paragraph) => paragraph.lines)
    .map((line) => ({
      turns: turnsOf(line),
      words: line.words.map(({ text, confidence, bbox: { x0, y0, x1, y1 } }) => ({
        ...{ text, confidence: confidence / 100 },
        box: { x: x0, y: y0, width: x1 - x0, height: y1 - y0 },
      })),
    }))

const within = async <T>(timeoutMs: number, work: Promise<T>): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(new ExtractionError('page_timeout', `OCR gave up after ${Math.round(timeoutMs)} ms`))
  const timer = setTimeout(giveUp, timeoutMs)
  return Promise.race([work, expired]).finally(() => clearTimeout(timer))
}

/**
 * Tesseract as WebAssembly, with its data from a local folder of `<language>.traineddata.gz`; nothing is ever downloaded.
 * It is started at the first picture and kept: the start takes about 0.3 s.
 */
export const createBundledTesseract = (languages: readonly string[], dataPath: string): Tesseract => {
  let started: ReturnType<typeof start> | undefined

  const start = () =>
    new Promise<Awaited<ReturnType<typeof createWorker>>>((resolve, reject) => {
      // createWorker's own promise stays pending for ever when the languages cannot be loaded; the handler is told.
      const errorHandler = (error: unknown) =>
        reject(new ExtractionError('internal_error', `Tesseract cannot start: ${messageOf(error)}`))
      // LSTM only: with the older engine's data as well (4.0.0) the same pages were read equally well, in 90 MB more memory.
      createWorker(languages.join('+'), OEM.LSTM_ONLY, { langPath: dataPath, cacheMethod: 'none', errorHandler })
        .then(async (worker) => {
          await worker.setParameters({ ...TESSERACT_PARAMETERS, tessedit_pageseg_mode: PSM.AUTO })
          resolve(worker)
        })
        .catch(errorHandler)
    })

  return async (image, timeoutMs) => {
    started ??= start()
    const worker = await started
    try {
      const work = worker.recognize(toPgm(image), {}, { blocks: true, text: false })
      return linesOfBlocks((await within(timeoutMs, work)).data.blocks ?? [])
    } catch (error) {
      // WebAssembly that failed once (out of memory) answers nothing any more, and work cannot be called off.
      started = undefined
      await worker.terminate()
      if (error instanceof ExtractionError) throw error
      throw new Error(`Tesseract: ${messageOf(error)}`, { cause: error })
    }
  }
}
