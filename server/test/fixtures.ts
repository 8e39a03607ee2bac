import { crc32, deflateSync } from 'node:zlib'
import { LiteParse } from '@llamaindex/liteparse'
import { PageSizes, PDFDocument, StandardFonts } from 'pdf-lib'
import sharp from 'sharp'

/**
 * Files to test with, made in memory. Text in pictures is drawn by PDFium with the fonts that every PDF reader has, so
 * that no font needs to be installed. All text must be in Latin letters (WinAnsi).
 */

/** Large enough that OCR reads every letter at 150 dpi. */
const FONT_SIZE = 20
const LINE_HEIGHT = 30
const MARGIN = 60
const RENDER_DPI = 150

const DAY_OF_CREATION = new Date('2024-01-01T00:00:00Z')

/** The bytes of two documents of the same content are the same: no date, no random id. */
const newPdf = async (): Promise<PDFDocument> => {
  const pdf = await PDFDocument.create()
  pdf.setCreationDate(DAY_OF_CREATION)
  pdf.setModificationDate(DAY_OF_CREATION)
  return pdf
}

const bytesOf = async (pdf: PDFDocument): Promise<Buffer> => Buffer.from(await pdf.save())

/** A PDF with a text layer, one A4 page for each text; line feeds in a text begin new lines. */
export const textPdf = async (pages: string[]): Promise<Buffer> => {
  const pdf = await newPdf()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  for (const text of pages) {
    const page = pdf.addPage(PageSizes.A4)
    const y = page.getHeight() - MARGIN - FONT_SIZE
    page.drawText(text, { x: MARGIN, y, font, size: FONT_SIZE, lineHeight: LINE_HEIGHT })
  }
  return bytesOf(pdf)
}

/** A PDF of blank A4 pages. */
export const blankPdf = async (pages = 1): Promise<Buffer> => {
  const pdf = await newPdf()
  for (let page = 0; page < pages; page += 1) pdf.addPage(PageSizes.A4)
  return bytesOf(pdf)
}

const render = async (pdf: Buffer): Promise<Buffer> => {
  const [page] = await new LiteParse({ ocrEnabled: false, quiet: true, dpi: RENDER_DPI }).screenshot(pdf, [1])
  if (!page) throw new Error('PDFium rendered no page')
  return page.imageBuffer
}

export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif'

/** A picture of an A4 page, 1240 x 1754 px, turned clockwise by so many degrees. */
export const textImage = async (
  text: string,
  format: PictureFormat,
  degrees: 0 | 90 | 180 | 270 = 0,
): Promise<Buffer> =>
  sharp(await render(await textPdf([text])))
    .rotate(degrees)
    .toFormat(format)
    .toBuffer()

/** A TIFF of several pages. */
export const multiPageTiff = async (pages: string[]): Promise<Buffer> => {
  const pictures = await Promise.all(pages.map((text) => textImage(text, 'png')))
  return sharp(pictures, { join: { animated: true } })
    .tiff({ compression: 'lzw' })
    .toBuffer()
}

/** Each A4 page shows one of the pictures. */
const pdfOfPictures = async (jpegs: Buffer[], pages: number): Promise<Buffer> => {
  const pdf = await newPdf()
  const pictures = await Promise.all(jpegs.map((jpeg) => pdf.embedJpg(jpeg)))
  for (let number = 0; number < pages; number += 1) {
    const page = pdf.addPage(PageSizes.A4)
    const picture = pictures[number % pictures.length]
    if (picture) page.drawImage(picture, { x: 0, y: 0, width: page.getWidth(), height: page.getHeight() })
  }
  return bytesOf(pdf)
}

/** A PDF as it comes from a scanner: one A4 page that is a picture of the text, without a text layer. */
export const scannedPdf = async (text: string): Promise<Buffer> => pdfOfPictures([await textImage(text, 'jpeg')], 1)

/** One PDF with the pages of all of them. */
export const joinedPdf = async (parts: Buffer[]): Promise<Buffer> => {
  const pdf = await PDFDocument.create()
  for (const part of parts) {
    const from = await PDFDocument.load(part)
    for (const page of await pdf.copyPages(from, from.getPageIndices())) pdf.addPage(page)
  }
  return bytesOf(pdf)
}

/** A PDF that takes long to read, about a second a page: every page is a scan. */
export const manyScannedPages = async (
  pages: number,
  text = 'The same scanned page again and again',
): Promise<Buffer> => pdfOfPictures([await textImage(text, 'jpeg')], pages)

/** A PDF as it comes from a scanner, one A4 page for each text. */
export const scannedPages = async (texts: string[]): Promise<Buffer> =>
  pdfOfPictures(await Promise.all(texts.map((text) => textImage(text, 'jpeg'))), texts.length)

/** Joins the objects of a PDF, with the table of where they are; `trailer` goes into the trailer's dictionary. */
const assemblePdf = (objects: string[], trailer: string): Buffer => {
  let body = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = body.length
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`
  const end = `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${body.length}\n%%EOF\n`
  return Buffer.from(body + table + end, 'latin1')
}

/** A PDF of three A4 pages with text, of which the second is not there. */
export const pdfWithoutItsSecondPage = (): Buffer => {
  const page = (contents: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents ${contents} 0 R >>`
  const text = (words: string) => {
    const drawing = `BT /F 20 Tf 60 740 Td (${words}) Tj ET`
    return `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`
  }
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R 9 0 R 5 0 R] /Count 3 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...[page(6), page(7), text('The first page'), text('The third page')],
  ]
  return assemblePdf(objects, '')
}

const hex = (byte: string, bytes: number): string => `<${byte.repeat(bytes)}>`

/** A PDF that asks for a password. No password fits: its check values are made up. */
export const encryptedPdf = (): Buffer => {
  const encryption = `<< /Filter /Standard /V 1 /R 2 /P -4 /O ${hex('5A', 32)} /U ${hex('A5', 32)} >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
    encryption,
  ]
  return assemblePdf(objects, `/Encrypt 4 0 R /ID [${hex('01', 16)} ${hex('01', 16)}]`)
}

/** Begins like a PDF and is none. */
export const corruptPdf = (): Buffer => Buffer.from(`%PDF-1.7\n${'This is not what it says. '.repeat(40)}`)

/** The first half of a good JPEG. */
export const corruptJpeg = async (): Promise<Buffer> => {
  const jpeg = await textImage('Cut in half', 'jpeg')
  return jpeg.subarray(0, Math.floor(jpeg.length / 2))
}

/** A part of a PNG, with its checksum. */
export const pngChunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

/** A PNG of a few bytes that claims to have so many pixels. */
export const pngOfSize = (width: number, height: number): Buffer => {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const data = deflateSync(Buffer.alloc(1))
  return Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0))])
}
