import { LiteParse } from '@llamaindex/liteparse'
import sharp, { type Sharp } from 'sharp'
import { ExtractionError } from '../extractor.ts'
import { pdfFailure, pictureFailure } from './failure.ts'
import { withPdfName } from './file-name.ts'
import { LONG_SIDE } from './grey-image.ts'
import { openPicture } from './picture-source.ts'
import type { Drawing, ExtractRequest } from './protocol.ts'

/** Text stays sharp, and a page of it takes some 60 KB. */
const QUALITY = 80

const OPTIONS = { ocrEnabled: false, quiet: true, numWorkers: 1 } as const

/** A page thinner than this says nothing, and PDFium would draw the other side of any length. */
const THINNEST = 8

/**
 * Draws one page as a person sees it, as WebP, into the file that the request names.
 * Throws ExtractionError: file_encrypted, file_corrupt, image_too_large, internal_error.
 */
export const drawPage = async ({ path, contentType }: ExtractRequest, drawing: Drawing): Promise<void> => {
  if (contentType === 'application/pdf') {
    const png = await withPdfName(path, (named) => renderPdf(named, drawing)).catch((error: unknown) => {
      throw pdfFailure(error)
    })
    await write(sharp(png), drawing)
    return
  }
  try {
    const source = await openPicture({ path, contentType })
    // Refuses one of too many pixels before it decodes any.
    await source.sizeOf(drawing.pageNumber - 1)
    await write(await source.open(drawing.pageNumber - 1), drawing)
  } catch (error) {
    throw pictureFailure(error)
  }
}

const renderPdf = async (path: string, { pageNumber, width, inches }: Drawing): Promise<Buffer> => {
  const dpi = Math.min(width / inches.width, LONG_SIDE / Math.max(inches.width, inches.height))
  if (Math.min(inches.width, inches.height) * dpi < THINNEST)
    throw new ExtractionError('file_corrupt', `A page of ${inches.width} x ${inches.height} inches cannot be drawn`)
  const [screenshot] = await new LiteParse({ ...OPTIONS, dpi }).screenshot(path, [pageNumber])
  if (!screenshot) throw new ExtractionError('file_corrupt', `Page ${pageNumber} cannot be drawn`)
  return screenshot.imageBuffer
}

const write = async (picture: Sharp, { width, output }: Drawing) => {
  await picture
    .resize({ width, height: LONG_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .webp({ quality: QUALITY })
    .toFile(output)
}
