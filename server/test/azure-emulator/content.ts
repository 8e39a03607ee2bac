import { fileTypeFromBuffer } from 'file-type'
import { PDFDocument, type PDFPage } from 'pdf-lib'
import sharp from 'sharp'
import { invalidContent, serviceError } from './service-error.ts'

/** One page of the content; Office and HTML pages have no size. */
export type ContentPage = { width?: number; height?: number; unit?: 'inch' | 'pixel' }

const POINTS_PER_INCH = 72
const MIN_PIXELS = 50
const MAX_PIXELS = 10_000

const PICTURES = new Set(['image/jpeg', 'image/png', 'image/bmp', 'image/tiff', 'image/heif', 'image/heic'])
const OFFICE = /^application\/vnd\.openxmlformats-officedocument\./
/** The models that read Office files and HTML. */
const OFFICE_MODELS = new Set(['prebuilt-read', 'prebuilt-layout'])

/**
 * Opens the bytes as the service does: by what they are, not by what their Content-Type says.
 * @returns the size of each page, sides swapped where the file turns the page: inches of a PDF, pixels of a picture
 * @throws ServiceError InvalidContent (unknown, corrupt, or protected by a password), InvalidContentDimensions, UnsupportedContent
 */
export async function openContent(bytes: Buffer, modelId: string): Promise<ContentPage[]> {
  const mime = (await fileTypeFromBuffer(bytes))?.mime
  if (mime === 'application/pdf') return pdfPages(bytes)
  if (mime && PICTURES.has(mime)) return picturePages(bytes, mime)
  const isOffice = mime ? OFFICE.test(mime) : /^\s*<(!doctype html|html)/i.test(bytes.toString('latin1', 0, 200))
  if (!isOffice) throw invalidContent()
  if (!OFFICE_MODELS.has(modelId)) {
    throw serviceError(
      'InvalidRequest',
      'UnsupportedContent',
      `Content is not supported: ${modelId} reads no such file.`,
    )
  }
  return [{}]
}

/** The service says the same of a file that is locked and of one that is broken. */
async function pdfPages(bytes: Buffer): Promise<ContentPage[]> {
  const pages = await readPdfPages(bytes).catch(() => [])
  if (pages.length === 0) throw invalidContent()
  return pages
}

/** @throws Error of pdf-lib, which finds some faults only when it looks for the pages */
async function readPdfPages(bytes: Buffer): Promise<ContentPage[]> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false })
  return pdf.getPages().map(pdfPage)
}

function pdfPage(page: PDFPage): ContentPage {
  const { width, height } = page.getCropBox()
  const [across, down] = page.getRotation().angle % 180 === 0 ? [width, height] : [height, width]
  return { width: inches(across), height: inches(down), unit: 'inch' }
}

const inches = (points: number): number => Math.round((points / POINTS_PER_INCH) * 10_000) / 10_000

async function picturePages(bytes: Buffer, mime: string): Promise<ContentPage[]> {
  const sizes = mime === 'image/bmp' ? [bmpSize(bytes)] : await pictureSizes(bytes)
  for (const side of sizes.flatMap(({ width, height }) => [width, height])) {
    if (side < MIN_PIXELS || side > MAX_PIXELS) {
      throw serviceError(
        'InvalidRequest',
        'InvalidContentDimensions',
        'The input image dimensions are out of range. Refer to documentation for supported image dimensions.',
      )
    }
  }
  return sizes.map((size) => ({ ...size, unit: 'pixel' }))
}

type PictureSize = { width: number; height: number }

/** Each page of a TIFF has its own. */
async function pictureSizes(bytes: Buffer): Promise<PictureSize[]> {
  try {
    const { pages = 1 } = await sharp(bytes).metadata()
    const all = await Promise.all(Array.from({ length: pages }, (_, page) => sharp(bytes, { page }).metadata()))
    return all.map(({ autoOrient: { width, height } }) => ({ width, height }))
  } catch {
    throw invalidContent()
  }
}

/** sharp reads no BMP. A negative height says that the first row is the top one. */
function bmpSize(bytes: Buffer): PictureSize {
  if (bytes.length < 26) throw invalidContent()
  return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) }
}
