import { createWorker, type Line, OEM, type Page, PSM } from 'tesseract.js'
import { ExtractionError } from '../extractor.ts'
import { messageOf } from './failure.ts'
import { type GreyImage, toPgm } from './grey-image.ts'

export type { Line }

/** What Tesseract found in a picture: `confidence` is its mean over all words, 0 to 100. */
export type Recognition = Pick<Page, 'blocks' | 'confidence'>

/** Reads one picture. Gives up after `timeoutMs`: pure noise, such as a photo of gravel, keeps it busy for minutes. */
export type Tesseract = (image: GreyImage, timeoutMs: number) => Promise<Recognition>

/**
 * The library's defaults, unlike the program's, take a page for one block of text, and one threshold for all of its pixels. F1 of words with
 * them, with PSM 3, and with Sauvola's local threshold too (`npm run bench:local:ocr` has such pages): an invoice 85, 100, 100; a page with
 * a table 50, 90, 93; a page in two columns, unevenly lit 76, 60, 96. It takes no longer.
 */
const PARAMETERS = { user_defined_dpi: '300', tessedit_pageseg_mode: PSM.AUTO, thresholding_method: '2' }

const within = async <T>(timeoutMs: number, work: Promise<T>): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(new ExtractionError('page_timeout', `OCR gave up after ${Math.round(timeoutMs)} ms`))
  const timer = setTimeout(giveUp, timeoutMs)
  return Promise.race([work, expired]).finally(() => clearTimeout(timer))
}

/**
 * Tesseract with its data from a local folder of `<language>.traineddata.gz`; nothing is ever downloaded.
 * It is started at the first picture and kept: the start takes about 0.3 s.
 * Throws ExtractionError `internal_error` when it cannot start, `page_timeout` when it gives up, a plain Error when it fails on one picture.
 */
export const createTesseract = (languages: readonly string[], dataPath: string): Tesseract => {
  let started: ReturnType<typeof start> | undefined

  const start = () =>
    new Promise<Awaited<ReturnType<typeof createWorker>>>((resolve, reject) => {
      // createWorker's own promise stays pending for ever when the languages cannot be loaded; the handler is told.
      const errorHandler = (error: unknown) =>
        reject(new ExtractionError('internal_error', `Tesseract cannot start: ${messageOf(error)}`))
      // LSTM only: with the older engine's data as well (4.0.0) the same pages were read equally well, in 90 MB more memory.
      createWorker(languages.join('+'), OEM.LSTM_ONLY, { langPath: dataPath, cacheMethod: 'none', errorHandler })
        .then(async (worker) => {
          await worker.setParameters(PARAMETERS)
          resolve(worker)
        })
        .catch(errorHandler)
    })

  return async (image, timeoutMs) => {
    started ??= start()
    const worker = await started
    try {
      const work = worker.recognize(toPgm(image), {}, { blocks: true, text: false })
      return (await within(timeoutMs, work)).data
    } catch (error) {
      // WebAssembly that failed once (out of memory) answers nothing any more, and work cannot be called off.
      started = undefined
      await worker.terminate()
      if (error instanceof ExtractionError) throw error
      throw new Error(`Tesseract: ${messageOf(error)}`, { cause: error })
    }
  }
}
