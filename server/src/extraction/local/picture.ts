import sharp from 'sharp'
import { ExtractionError } from '../extractor.ts'
import { isWanted } from '../wanted-pages.ts'
import type { Context } from './context.ts'
import { concernsOnePage, messageOf, pictureFailure } from './failure.ts'
import type { Size } from './geometry.ts'
import { prepareForOcr } from './grey-image.ts'
import { composePage } from './layout.ts'
import type { LocallyReadPage } from './local-page.ts'
import { readPicture } from './ocr.ts'
import { createPageSink } from './page-sink.ts'

/** libvips' own limit, 16,383 x 16,383 px: A0 at 340 dpi. A picture that claims more is not opened. */
const MAX_PIXELS = 0x3fff * 0x3fff

const open = (path: string, page: number) => sharp(path, { page, limitInputPixels: MAX_PIXELS, failOn: 'error' })

/** Size as a person sees it, after the EXIF rotation. */
const sizeOf = async (path: string, page: number): Promise<Size> => {
  const { width, height } = (await open(path, page).metadata()).autoOrient
  // Metadata alone is read without the limit.
  if (width * height > MAX_PIXELS)
    throw new ExtractionError(
      'image_too_large',
      `The picture has ${width} x ${height} px; ${MAX_PIXELS} px in all are accepted`,
    )
  return { width, height }
}

const readOne = async (pageNumber: number, { request, tesseract, ocrBudgetMs }: Context): Promise<LocallyReadPage> => {
  const size = await sizeOf(request.path, pageNumber - 1)
  const image = await prepareForOcr(open(request.path, pageNumber - 1).autoOrient(), size)
  const { lines, turns } = await readPicture(image, size, tesseract, ocrBudgetMs)
  return composePage(lines, { ...size, pageNumber, unit: 'pixel', turns })
}

/** Stands for a page that cannot be read. Size 0: unknown. */
const emptyPage = (pageNumber: number): LocallyReadPage =>
  composePage([], { width: 0, height: 0, pageNumber, unit: 'pixel', turns: 0 })

/** Only TIFF has pages: the frames of an animated WebP are one picture. */
const countPages = async ({ path, contentType, limits }: Context['request']): Promise<number> => {
  const { pages = 1 } = await open(path, 0).metadata()
  if (contentType !== 'image/tiff') return 1
  if (pages > limits.maxPages)
    throw new ExtractionError('too_many_pages', `The document has ${pages} pages; ${limits.maxPages} are accepted`)
  return pages
}

/**
 * Reads a picture, or each page of a TIFF, by OCR. Polygons are in pixels of the picture as a person sees it.
 * Throws ExtractionError: file_corrupt, image_too_large, too_many_pages, no_readable_page, internal_error.
 */
export const readPictures = async (context: Context): Promise<void> => {
  const { request, emitter } = context
  const wanted = { pagesDone: new Set(request.pagesDone), pages: request.pages ?? undefined }
  const sink = createPageSink(emitter, wanted.pagesDone.size)
  const pagesTotal = await countPages(request).catch((error: unknown) => {
    throw pictureFailure(error)
  })
  await emitter.opened(pagesTotal)
  for (let pageNumber = 1; pageNumber <= pagesTotal; pageNumber += 1) {
    if (!isWanted(wanted, pageNumber)) continue
    const result = await readOne(pageNumber, context).catch((error: unknown) => pictureFailure(error))
    if (!(result instanceof ExtractionError)) await sink.add(result)
    else if (pagesTotal === 1 || !concernsOnePage(result)) throw result
    else sink.addUnreadable(emptyPage(pageNumber), messageOf(result))
  }
  await sink.end()
}

/** Counts and measures the pages of a picture. Throws as readPictures does. */
export const measurePictures = async ({ request, emitter }: Context): Promise<void> => {
  try {
    const pagesTotal = await countPages(request)
    for (let pageNumber = 1; pageNumber <= pagesTotal; pageNumber += 1) {
      const size = await sizeOf(request.path, pageNumber - 1)
      emitter.frames([{ pageNumber, ...size, unit: 'pixel', hasText: false }])
    }
  } catch (error) {
    throw pictureFailure(error)
  }
}
