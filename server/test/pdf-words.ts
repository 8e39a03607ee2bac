import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

/** A word as it stands on a page for whoever looks at it: in points from the top left, and by how many degrees its text is turned, clockwise. */
export type PdfWord = { text: string; x: number; y: number; width: number; height: number; degrees: number }

export type PdfPage = { width: number; height: number; words: PdfWord[] }

type Item = { str: string; transform: number[]; width: number; height: number }

const corners = (
  item: Item,
  toView: (x: number, y: number) => number[],
): { x: number[]; y: number[]; degrees: number } => {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform
  const [wide, high] = [item.width / (Math.hypot(a, b) || 1), item.height / (Math.hypot(c, d) || 1)]
  const places = [
    [0, 0],
    [wide, 0],
    [wide, high],
    [0, high],
  ].map(([u = 0, v = 0]) => toView(a * u + c * v + e, b * u + d * v + f))
  const [start, end] = [places[0] as number[], places[1] as number[]]
  const degrees = (Math.atan2((end[1] ?? 0) - (start[1] ?? 0), (end[0] ?? 0) - (start[0] ?? 0)) * 180) / Math.PI
  return { x: places.map(([x = 0]) => x), y: places.map(([, y = 0]) => y), degrees }
}

/** The text of a PDF, by pdf.js. What is written at once, without a space in it, is a word. */
export const readPdfWords = async (bytes: Buffer): Promise<PdfPage[]> => {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0, useSystemFonts: false })
  const document = await task.promise
  const pages: PdfPage[] = []
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number)
    const viewport = page.getViewport({ scale: 1 })
    const { items } = await page.getTextContent({ disableNormalization: true })
    const words = (items as Item[])
      .filter((item) => item.str?.trim())
      .map((item) => {
        const { x, y, degrees } = corners(item, (u, v) => viewport.convertToViewportPoint(u, v))
        const [left, top] = [Math.min(...x), Math.min(...y)]
        const size = { width: Math.max(...x) - left, height: Math.max(...y) - top }
        return { text: item.str, x: left, y: top, ...size, degrees }
      })
    pages.push({ width: viewport.width, height: viewport.height, words })
  }
  await task.destroy()
  return pages
}
