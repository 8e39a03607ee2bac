import type { ParsedPage } from '@llamaindex/liteparse'
import { ExtractionError } from '../extractor.ts'
import { isWanted } from '../wanted-pages.ts'
import type { Context } from './context.ts'
import { hasOddWords } from './doubtful-text.ts'
import { concernsOnePage, messageOf, pdfFailure } from './failure.ts'
import { boxesInGraphics } from './forms/boxes-in-graphics.ts'
import { fieldsOf } from './forms/form-fields.ts'
import { withoutDoubles } from './forms/marks.ts'
import { withFieldWords } from './forms/place-marks.ts'
import type { Size } from './geometry.ts'
import { composePage, type FoundLine, type PageFrame } from './layout.ts'
import type { LocallyReadPage } from './local-page.ts'
import { type Batch, hasForm, parsePdf } from './pdf-batches.ts'
import { composeReading, type ImageReading, nothingIn, type PageReading, readImage } from './read-image.ts'
import { renderForOcr } from './render-page.ts'
import { scaleLines } from './structure/lines-in-picture.ts'
import { countLetters } from './text.ts'
import { withTextInPictures } from './text-in-pictures.ts'
import { hasPictureToRead, needsOcr, POINTS_PER_INCH, textLayerLines } from './text-layer.ts'

/** A page's own text, however little or garbled, gives way only to an OCR text that is surer than this. */
const SURE_ENOUGH = 0.5

const ocrPage = async (page: ParsedPage, context: Context): Promise<ImageReading> => {
  const inches = { width: page.width / POINTS_PER_INCH, height: page.height / POINTS_PER_INCH }
  const image = await renderForOcr(context.request.path, page)
  return image ? readImage(image, inches, context) : nothingIn(inches)
}

const lettersIn = (lines: FoundLine[]): number =>
  lines.reduce((sum, line) => sum + countLetters(line.words.map((word) => word.text).join('')), 0)

/** The page's own text is exact where there is any: OCR replaces it only when it finds more, or when the own text is garbled or hardly words. */
const ocrIsBetter = (ocr: ImageReading, own: FoundLine[], page: ParsedPage): boolean => {
  const ownLetters = lettersIn(own)
  if (ownLetters === 0) return true
  const isBad = page.complexity?.isGarbled || hasOddWords(page)
  return ocr.confidence > SURE_ENOUGH && (isBad || lettersIn(ocr.lines) > ownLetters)
}

const frameOf = (pageNumber: number, points: Size): Omit<PageFrame, 'turns'> => ({
  pageNumber,
  unit: 'inch',
  width: points.width / POINTS_PER_INCH,
  height: points.height / POINTS_PER_INCH,
})

const toInches = 1 / POINTS_PER_INCH

const ownReading = (page: ParsedPage): PageReading => {
  const { lines, turns } = textLayerLines(page)
  const straight = { width: page.width * toInches, height: page.height * toInches }
  const form = fieldsOf(page.formFields ?? [], toInches)
  const boxes = page.vectorGraphics ? boxesInGraphics(page.vectorGraphics, toInches) : []
  return {
    lines: withFieldWords(lines, form.fields, turns, straight),
    turns,
    drawn: scaleLines(page.vectorGraphics?.lines ?? [], toInches, toInches),
    marks: withoutDoubles([...form.marks, ...boxes]),
    fields: form.fields,
    straight,
    skew: 0,
  }
}

/** A form lies over a scanned page as over any other. One that is askew has been straightened, and its fields are elsewhere. */
const withForm = (ocr: ImageReading, { marks, fields }: PageReading): PageReading => {
  if (ocr.skew !== 0 || fields.length === 0) return ocr
  const lines = withFieldWords(ocr.lines, fields, ocr.turns, ocr.straight)
  return { ...ocr, lines, fields, marks: withoutDoubles([...marks, ...ocr.marks]) }
}

const readBest = async (page: ParsedPage, context: Context): Promise<PageReading> => {
  const own = ownReading(page)
  if (!needsOcr(page)) return hasPictureToRead(page) ? withTextInPictures(own, page, context) : own
  const ocr = await ocrPage(page, context).catch((error: unknown) => {
    if (!concernsOnePage(error) || lettersIn(own.lines) === 0) throw error
    context.emitter.warning(page.pageNum, `OCR failed: ${messageOf(error)}`)
    return nothingIn(own.straight)
  })
  return ocrIsBetter(ocr, own.lines, page) ? withForm(ocr, own) : own
}

const readPage = async (page: ParsedPage, context: Context): Promise<LocallyReadPage> =>
  composeReading(await readBest(page, context), frameOf(page.pageNum, page), context.request.model)

/** Stands for a page that cannot be read. Size 0: unknown. */
const emptyPage = (pageNumber: number, points: Size = { width: 0, height: 0 }): LocallyReadPage =>
  composePage([], { ...frameOf(pageNumber, points), turns: 0 })

const readPageInto = async (page: ParsedPage, context: Context) => {
  const result = await readPage(page, context).catch((error: unknown) => {
    if (!concernsOnePage(error)) throw error
    return pdfFailure(error)
  })
  if (result instanceof ExtractionError) await giveUp(emptyPage(page.pageNum, page), result, context)
  else await context.emitter.page(result)
}

type Wanted = Parameters<typeof isWanted>[0]

const giveUp = (empty: LocallyReadPage, { code, message }: ExtractionError, { emitter }: Context) =>
  emitter.unreadable(empty, { code, detail: message })

const readBatch = async ({ pageNumbers, result }: Batch, wanted: Wanted, context: Context) => {
  const parsed = new Map(result.pages.map((page) => [page.pageNum, page]))
  const errors = new Map(result.pageErrors.map((error) => [error.pageNum, error.message]))
  for (const pageNumber of pageNumbers) {
    const page = parsed.get(pageNumber)
    if (!isWanted(wanted, pageNumber)) context.emitter.progress()
    else if (page) await readPageInto(page, context)
    else {
      const why = new ExtractionError('file_corrupt', errors.get(pageNumber) ?? 'The parser left it out')
      await giveUp(emptyPage(pageNumber), why, context)
    }
  }
}

/**
 * Counts and measures the pages of a PDF, and tells which carry their own text. A page that cannot be parsed has size 0: unknown.
 * Throws ExtractionError: file_encrypted, file_corrupt, too_many_pages.
 */
export const measurePdf = async ({ request, emitter }: Context): Promise<void> => {
  try {
    let opened = false
    for await (const { pageNumbers, totalPages, result } of parsePdf(request, { emitWordBoxes: false })) {
      if (!opened) await emitter.opened(totalPages)
      opened = true
      const parsed = new Map(result.pages.map((page) => [page.pageNum, page]))
      const frames = pageNumbers.map((pageNumber) => {
        const page = parsed.get(pageNumber)
        const { width, height, unit } = frameOf(pageNumber, page ?? { width: 0, height: 0 })
        return { pageNumber, width, height, unit, hasText: page !== undefined && !needsOcr(page) }
      })
      emitter.frames(frames)
    }
  } catch (error) {
    throw pdfFailure(error)
  }
}

const readPagesBy =
  (readOf: (batch: Batch, wanted: Wanted, context: Context) => Promise<void>) =>
  async (context: Context): Promise<void> => {
    const { request, emitter } = context
    const wanted = { pagesDone: new Set(request.pagesDone), pages: request.pages ?? undefined }
    let opened = false
    try {
      const isLayout = request.model !== 'prebuilt-read'
      for await (const batch of parsePdf(request, {
        emitWordBoxes: true,
        // Where the baseline of a font is; costs nothing that can be measured.
        extractTextMetadata: true,
        extractVectorGraphics: isLayout,
        // Looking for fields takes a tenth of the parsing, whether there are any or not.
        extractFormFields: isLayout && (await hasForm(request.path)),
      })) {
        if (!opened) await emitter.opened(batch.totalPages)
        opened = true
        await readOf(batch, wanted, context)
      }
    } catch (error) {
      throw pdfFailure(error)
    }
  }

/**
 * Reads a PDF page by page: its own text, or OCR where it has none. Polygons are in inches.
 * Throws ExtractionError: file_encrypted, file_corrupt, too_many_pages, internal_error.
 */
export const readPdf = readPagesBy(readBatch)

/** Reads the pages of a PDF that carry their own text, and names those that take OCR. Throws as readPdf does. */
export const readTextOfPdf = readPagesBy(async (batch, wanted, context) => {
  const { pages } = batch.result
  const left = pages.filter((page) => isWanted(wanted, page.pageNum) && needsOcr(page)).map((page) => page.pageNum)
  const pageNumbers = batch.pageNumbers.filter((pageNumber) => !left.includes(pageNumber))
  if (batch.isLast && left.length === 0 && !pages.some(hasPictureToRead)) context.emitter.ending()
  await readBatch({ ...batch, pageNumbers }, wanted, context)
  if (left.length > 0) await context.emitter.left(left)
})
