import { PDFDocument } from 'pdf-lib'
import sharp from 'sharp'

export type Frame = { pageNumber: number; width: number; height: number; unit: 'inch' | 'pixel' }

/** The pages of a document as they are: how many, and how large. */
export async function framesOf(body: Buffer): Promise<Frame[]> {
  if (body.subarray(0, 5).toString('latin1') === '%PDF-') {
    const pdf = await PDFDocument.load(body)
    return pdf.getPages().map((page, n) => ({
      pageNumber: n + 1,
      width: page.getWidth() / 72,
      height: page.getHeight() / 72,
      unit: 'inch',
    }))
  }
  const { pages = 1 } = await sharp(body).metadata()
  return Promise.all(
    Array.from({ length: pages }, async (_, page) => {
      const { width, height } = (await sharp(body, { page }).metadata()).autoOrient
      return { pageNumber: page + 1, width, height, unit: 'pixel' as const }
    }),
  )
}

/** Pages that an expression like 1-3,5 names; all of them without one. */
export function selectFrames(frames: Frame[], pages: string | null): Frame[] {
  if (pages === null) return frames
  const ranges = pages.split(',').map((range) => range.split('-').map(Number))
  return frames.filter(({ pageNumber }) =>
    ranges.some(([from = 0, to = from]) => pageNumber >= from && pageNumber <= to),
  )
}

/** A result that says which document and page it is of; its text is outside the BMP in part, so that a wrong kind of index shows. */
export function generateResult(model: string, sha256: string, frames: Frame[], stringIndexType: string) {
  const lengthOf = (text: string) => (stringIndexType === 'utf16CodeUnit' ? text.length : [...text].length)
  let content = ''
  const pages = frames.map(({ pageNumber, ...frame }) => {
    const start = lengthOf(content)
    const words = ['😀', `sha256:${sha256.slice(0, 12)}`, `page:${pageNumber}`].map((text, n) => {
      if (n > 0) content += ' '
      const span = { offset: lengthOf(content), length: lengthOf(text) }
      content += text
      return { content: text, polygon: [1, 1 + n, 2, 1 + n, 2, 2 + n, 1, 2 + n], span, confidence: 0.9 }
    })
    const spans = [{ offset: start, length: lengthOf(content) - start }]
    const line = { content: words.map((word) => word.content).join(' '), polygon: [1, 1, 2, 1, 2, 4, 1, 4], spans }
    content += '\n'
    return { pageNumber, angle: 0, ...frame, words, lines: [line], spans }
  })
  return { apiVersion: '2024-11-30', modelId: model, stringIndexType, content, pages, contentFormat: 'text' }
}
