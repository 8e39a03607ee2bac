import { LiteParse, type ParsedPage } from '@llamaindex/liteparse'
import sharp from 'sharp'
import { pdfFailure, pictureFailure } from '../failure.ts'
import { withPdfName } from '../file-name.ts'
import type { Size } from '../geometry.ts'
import { LONG_SIDE } from '../grey-image.ts'
import { openPicture } from '../picture-source.ts'
import type { ExtractRequest, SearchableRequest } from '../protocol.ts'
import { lettersOf, needsOcr, POINTS_PER_INCH } from '../text-layer.ts'
import { type EditablePdf, NotEditable, openEditablePdf } from './add-to-pdf.ts'
import { createPagesOfPictures } from './pages-of-pictures.ts'
import { encodeImage, type PdfImage, wrapJpeg } from './pdf-image.ts'
import { openPages, type SearchablePages } from './read-pages.ts'
import type { SearchableLine, SearchablePage } from './searchable-page.ts'

type Document = Pick<ExtractRequest, 'path' | 'contentType'>

/** Pages that are parsed at a time; nothing of them is kept. */
const BATCH_SIZE = 8

/** More than any document that was read has; the library's own limit is lower. */
const MOST_PAGES = 1_000_000

const OPTIONS = { ocrEnabled: false, quiet: true, numWorkers: 1, maxPages: MOST_PAGES } as const

/** Of the pages of a PDF that has to be made of pictures. */
const PICTURE_DPI = 200

/** A picture that says less than this of its resolution says what its program writes into every file: 72 or 96. */
const LEAST_DPI = 100

/** Then it is as long as a sheet of A4: 297 mm. */
const LONG_EDGE_INCHES = 11.69

/** A page of a PDF may be at most so long (ISO 32000-1, annex C). */
const LONGEST_POINTS = 14_400

/** Of a page that lacks text: all that was read, or what is not sure to be the file's own, since some of it is. */
type Lack = 'all' | 'unsure'

const lackOf = (page: ParsedPage): Lack | null => {
  if (!needsOcr(page)) return null
  return lettersOf(page) > 0 ? 'unsure' : 'all'
}

const missingLines = ({ lines }: SearchablePage, lack: Lack): SearchableLine[] =>
  lines
    .map((line) => (lack === 'all' ? line : { ...line, words: line.words.filter(({ isSure }) => !isSure) }))
    .filter(({ words }) => words.length > 0)

const parse = (path: string) =>
  new LiteParse({ ...OPTIONS, includeComplexity: true, continueOnPageError: true, emitWordBoxes: false }).parseBatches(
    path,
    { batchSize: BATCH_SIZE },
  )

/** How many pages there are, and which of them lack text. */
const findLacking = async (named: string, progress: () => void) => {
  const lacking = new Map<number, Lack>()
  let pageCount = 0
  for await (const batch of parse(named)) {
    pageCount = batch.totalPages
    for (const page of batch.result.pages) {
      const lack = lackOf(page)
      if (lack) lacking.set(page.pageNum, lack)
    }
    progress()
  }
  return { lacking, pageCount }
}

/**
 * Adds the text to the pages that lack it; without such, nothing is written. One parser after the other, since each holds the whole file.
 * Throws NotEditable.
 */
const addText = async (named: string, read: SearchablePages, output: string, progress: () => void) => {
  const { lacking, pageCount } = await findLacking(named, progress)
  let pdf: EditablePdf | null = null
  for (const [pageNumber, lack] of lacking) {
    const found = await read.find(pageNumber)
    const lines = found ? missingLines(found, lack) : []
    if (!found || lines.length === 0) continue
    pdf ??= await openEditablePdf(named, pageCount)
    pdf.addText(found, lines)
    progress()
  }
  await pdf?.save(output)
}

const pointsOf = (pixels: Size, dpi: number): Size => {
  const scale = Math.min(POINTS_PER_INCH / dpi, LONGEST_POINTS / Math.max(pixels.width, pixels.height))
  return { width: pixels.width * scale, height: pixels.height * scale }
}

/** Draws each page of a PDF in which nothing can be changed. */
const drawPages = async (named: string, read: SearchablePages, output: string, progress: () => void) => {
  const pdf = await createPagesOfPictures(output)
  try {
    for await (const batch of parse(named)) {
      for (const page of batch.result.pages) {
        const dpi = Math.min(PICTURE_DPI, (LONG_SIDE * POINTS_PER_INCH) / Math.max(page.width, page.height))
        const [drawn] = await new LiteParse({ ...OPTIONS, dpi }).screenshot(named, [page.pageNum])
        if (!drawn) continue
        const image = await encodeImage(pdf.context, sharp(drawn.imageBuffer), { lossless: false })
        await pdf.add(image, { width: page.width, height: page.height }, await read.find(page.pageNum))
        progress()
      }
    }
    await pdf.end()
  } finally {
    await pdf.close()
  }
}

const makeOfPdf = (document: Document, { words, output }: SearchableRequest, progress: () => void) =>
  withPdfName(document.path, async (named) => {
    const read = openPages(words)
    try {
      await addText(named, read, output, progress)
    } catch (error) {
      if (!(error instanceof NotEditable)) throw error
      await read.close()
      const again = openPages(words)
      await drawPages(named, again, output, progress).finally(() => again.close())
    } finally {
      await read.close()
    }
  }).catch((error: unknown) => {
    throw pdfFailure(error)
  })

const LOSSLESS = new Set<string>(['image/png', 'image/gif', 'image/bmp', 'image/tiff'])

/** What its file says of a picture, where libvips reads it: dots per inch, and bits of a pixel. */
const describe = async ({ path, contentType }: Document, page: number) => {
  if (['image/bmp', 'image/heic', 'image/heif'].includes(contentType)) return {}
  const { density, bitsPerSample } = await sharp(path, { page }).metadata()
  return { density, bits: bitsPerSample }
}

const makeOfPictures = async (document: Document, { words, output }: SearchableRequest, progress: () => void) => {
  const source = await openPicture(document)
  const pdf = await createPagesOfPictures(output)
  const read = openPages(words)
  try {
    for (let page = 0; page < source.pages; page += 1) {
      const size = await source.sizeOf(page)
      const { density = 0, bits } = await describe(document, page)
      const dpi = density >= LEAST_DPI ? density : Math.max(size.width, size.height) / LONG_EDGE_INCHES
      const asItIs = document.contentType === 'image/jpeg' ? await wrapJpeg(pdf.context, document.path) : null
      const image: PdfImage =
        asItIs ??
        (await encodeImage(pdf.context, await source.open(page), {
          lossless: LOSSLESS.has(document.contentType),
          bits,
        }))
      await pdf.add(image, pointsOf(size, dpi), await read.find(page + 1))
      progress()
    }
    await pdf.end()
  } catch (error) {
    throw pictureFailure(error)
  } finally {
    await read.close()
    await pdf.close()
  }
}

/**
 * Makes a PDF that looks like the document and whose text can be searched and copied: what was read and the file does not say itself is
 * written where it stands, invisible. Pages of a PDF stay as they are; when nothing is missing, no file is written.
 * Throws ExtractionError: file_encrypted, file_corrupt, image_too_large, internal_error.
 */
export const makeSearchable = (document: Document, request: SearchableRequest, progress: () => void): Promise<void> =>
  document.contentType === 'application/pdf'
    ? makeOfPdf(document, request, progress)
    : makeOfPictures(document, request, progress)
