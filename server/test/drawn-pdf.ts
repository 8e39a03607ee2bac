import { grayscale, PageSizes, PDFDocument, type PDFFont, type PDFPage, StandardFonts } from 'pdf-lib'

/** PDFs whose words and lines stand where a test wants them: in points from the top left of an A4 page. */
export type Drawing = {
  text(content: string, x: number, y: number, options?: { size?: number; bold?: boolean; light?: boolean }): void
  line(x1: number, y1: number, x2: number, y2: number): void
  box(x: number, y: number, width: number, height: number): void
  /** A rectangle of one grey, 0 is black. */
  panel(x: number, y: number, width: number, height: number, grey: number): void
  /** How wide a text is. */
  width(content: string, size?: number): number
}

const SIZE = 10

const drawingOn = (page: PDFPage, regular: PDFFont, strong: PDFFont): Drawing => {
  const top = page.getHeight()
  return {
    text: (content, x, y, { size = SIZE, bold = false, light = false } = {}) =>
      page.drawText(content, { x, y: top - y, size, font: bold ? strong : regular, color: grayscale(light ? 1 : 0) }),
    line: (x1, y1, x2, y2) =>
      page.drawLine({ start: { x: x1, y: top - y1 }, end: { x: x2, y: top - y2 }, thickness: 0.7 }),
    box: (x, y, width, height) =>
      page.drawRectangle({ x, y: top - y - height, width, height, borderWidth: 0.7, opacity: 0 }),
    panel: (x, y, width, height, grey) =>
      page.drawRectangle({ x, y: top - y - height, width, height, color: grayscale(grey) }),
    width: (content, size = SIZE) => regular.widthOfTextAtSize(content, size),
  }
}

/** One page for each drawing. */
export const drawnPdf = async (...draw: ((drawing: Drawing) => void)[]): Promise<Buffer> => {
  const pdf = await PDFDocument.create()
  const [regular, strong] = [
    await pdf.embedFont(StandardFonts.Helvetica),
    await pdf.embedFont(StandardFonts.HelveticaBold),
  ]
  for (const each of draw) each(drawingOn(pdf.addPage(PageSizes.A4), regular, strong))
  return Buffer.from(await pdf.save())
}

export type DrawnTable = { columns: number[]; rows: string[][]; rowHeight?: number; x?: number; y?: number }

/** Draws the text of a table: `columns` are their widths. Numbers stand right, as in print; a text may have two lines. @returns its bottom */
export const drawTable = (
  drawing: Drawing,
  { columns, rows, rowHeight = 18, x = 60, y = 100 }: DrawnTable,
  rules: 'grid' | 'across' | 'none',
): number => {
  const right = columns.reduce((sum, width) => sum + width, x)
  const end = y + rows.length * rowHeight
  for (const [row, cells] of rows.entries()) {
    let left = x
    for (const [column, content] of cells.entries()) {
      const width = columns[column] as number
      const isNumber = /^[\d.,]+$/.test(content)
      for (const [line, part] of content.split('\n').entries())
        drawing.text(
          part,
          isNumber ? left + width - drawing.width(part) - 4 : left + 4,
          y + (row + 1) * rowHeight - 6 - (content.includes('\n') ? 8 - line * 10 : 0),
        )
      left += width
    }
  }
  if (rules === 'none') return end
  const ruled = rules === 'grid' ? Array.from({ length: rows.length + 1 }, (_, row) => row) : [0, 1, rows.length]
  for (const row of ruled) drawing.line(x, y + row * rowHeight, right, y + row * rowHeight)
  if (rules === 'across') return end
  let left = x
  for (const width of [0, ...columns]) {
    left += width
    drawing.line(left, y, left, end)
  }
  return end
}
