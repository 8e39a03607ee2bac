import { ExtractionError } from '../extractor.ts'
import { isWanted } from '../wanted-pages.ts'
import type { Context } from './context.ts'
import { concernsOnePage, pictureFailure } from './failure.ts'
import { prepareForOcr } from './grey-image.ts'
import { composePage } from './layout.ts'
import type { LocallyReadPage } from './local-page.ts'
import { openPicture, type PictureSource } from './picture-source.ts'
import { composeReading, readImage } from './read-image.ts'

const readOne = async (source: PictureSource, pageNumber: number, context: Context): Promise<LocallyReadPage> => {
  const size = await source.sizeOf(pageNumber - 1)
  const image = await prepareForOcr(await source.open(pageNumber - 1), size)
  const reading = await readImage(image, size, context)
  return composeReading(reading, { ...size, pageNumber, unit: 'pixel' }, context.request.model)
}

/** Stands for a page that cannot be read. Size 0: unknown. */
const emptyPage = (pageNumber: number): LocallyReadPage =>
  composePage([], { width: 0, height: 0, pageNumber, unit: 'pixel', turns: 0 })

const open = async ({ path, contentType, limits }: Context['request']): Promise<PictureSource> => {
  const source = await openPicture({ path, contentType })
  if (source.pages > limits.maxPages)
    throw new ExtractionError(
      'too_many_pages',
      `The document has ${source.pages} pages; ${limits.maxPages} are accepted`,
    )
  return source
}

/**
 * Reads a picture, or each page of a TIFF, by OCR. Polygons are in pixels of the picture as a person sees it.
 * Throws ExtractionError: file_corrupt, image_too_large, too_many_pages, internal_error.
 */
export const readPictures = async (context: Context): Promise<void> => {
  const { request, emitter } = context
  const wanted = { pagesDone: new Set(request.pagesDone), pages: request.pages ?? undefined }
  const source = await open(request).catch((error: unknown) => {
    throw pictureFailure(error)
  })
  const pagesTotal = source.pages
  await emitter.opened(pagesTotal)
  for (let pageNumber = 1; pageNumber <= pagesTotal; pageNumber += 1) {
    if (!isWanted(wanted, pageNumber)) continue
    const result = await readOne(source, pageNumber, context).catch((error: unknown) => pictureFailure(error))
    if (!(result instanceof ExtractionError)) await emitter.page(result)
    else if (pagesTotal === 1 || !concernsOnePage(result)) throw result
    else await emitter.unreadable(emptyPage(pageNumber), { code: result.code, detail: result.message })
  }
}

/** Names the pages of a picture: all take OCR. Throws as readPictures does. */
export const nameLeftPictures = async ({ request, emitter }: Context): Promise<void> => {
  const wanted = { pagesDone: new Set(request.pagesDone), pages: request.pages ?? undefined }
  const source = await open(request).catch((error: unknown) => {
    throw pictureFailure(error)
  })
  await emitter.opened(source.pages)
  const all = Array.from({ length: source.pages }, (_, index) => index + 1)
  const left = all.filter((pageNumber) => isWanted(wanted, pageNumber))
  if (left.length > 0) await emitter.left(left)
}

/** Counts and measures the pages of a picture. Throws as readPictures does. */
export const measurePictures = async ({ request, emitter }: Context): Promise<void> => {
  try {
    const source = await open(request)
    for (let pageNumber = 1; pageNumber <= source.pages; pageNumber += 1) {
      const size = await source.sizeOf(pageNumber - 1)
      emitter.frames([{ pageNumber, ...size, unit: 'pixel', hasText: false }])
    }
  } catch (error) {
    throw pictureFailure(error)
  }
}
