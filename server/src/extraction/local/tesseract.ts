import { ExtractionError } from '../extractor.ts'
import { createBundledTesseract } from './bundled-tesseract.ts'
import type { GreyImage } from './grey-image.ts'
import type { FoundLine } from './layout.ts'
import { findNativeTesseract } from './native-tesseract.ts'
import type { OcrEngine } from './ocr-engine.ts'

/**
 * Reads one picture: its lines in Tesseract's reading order, boxes in pixels. Gives up after `timeoutMs`, since pure noise, such as a photo
 * of gravel, keeps it busy for minutes. Throws ExtractionError `page_timeout` then, `internal_error` when it cannot start, a plain Error
 * when it fails on this picture.
 */
export type Tesseract = (image: GreyImage, timeoutMs: number) => Promise<FoundLine[]>

/**
 * Tesseract, as the program on PATH or as the library of ours, each with its own data, or else with those in a folder of
 * `<language>.traineddata.gz`; nothing is ever downloaded. What the program fails on is read by the library.
 */
export const createTesseract = (
  languages: readonly string[],
  dataPath: string,
  engine: OcrEngine = 'auto',
): Tesseract => {
  const bundled = createBundledTesseract(languages, dataPath)
  if (engine === 'bundled') return bundled
  let found: Promise<Tesseract | null> | undefined
  return async (image, timeoutMs) => {
    found ??= findNativeTesseract(languages, dataPath)
    const native = await found
    if (!native) return bundled(image, timeoutMs)
    try {
      return await native(image, timeoutMs)
    } catch (error) {
      if (error instanceof ExtractionError) throw error
      return bundled(image, timeoutMs)
    }
  }
}
