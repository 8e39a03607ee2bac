import { PDFDocument, type PDFFont, type PDFPage, StandardFonts } from 'pdf-lib'

export type Font = { size?: number; bold?: boolean }

/** A page to draw on, in points from its top left. */
export type Canvas = {
  width: number
  height: number
  text(content: string, x: number, y: number, font?: Font): void
  /** Ends at `x`. */
  textRight(content: string, x: number, y: number, font?: Font): void
  textCentred(content: string, x: number, y: number, font?: Font): void
  line(x1: number, y1: number, x2: number, y2: number): void
  box(x: number, y: number, width: number, height: number): void
  widthOf(content: string, font?: Font): number
}

const SIZE = 10

const FAMILIES = {
  sans: [StandardFonts.Helvetica, StandardFonts.HelveticaBold],
  serif: [StandardFonts.TimesRoman, StandardFonts.TimesRomanBold],
  mono: [StandardFonts.Courier, StandardFonts.CourierBold],
} as const
export type Family = keyof typeof FAMILIES

const canvasOn = (page: PDFPage, [regular, strong]: PDFFont[]): Canvas => {
  const { width, height } = page.getSize()
  const fontOf = (bold = false) => (bold ? strong : regular) as PDFFont
  const widthOf = (content: string, { size = SIZE, bold }: Font = {}) => fontOf(bold).widthOfTextAtSize(content, size)
  const text = (content: string, x: number, y: number, { size = SIZE, bold }: Font = {}) =>
    page.drawText(content, { x, y: height - y, size, font: fontOf(bold) })
  return {
    width,
    height,
    text,
    widthOf,
    textRight: (content, x, y, font) => text(content, x - widthOf(content, font), y, font),
    textCentred: (content, x, y, font) => text(content, x - widthOf(content, font) / 2, y, font),
    line: (x1, y1, x2, y2) =>
      page.drawLine({ start: { x: x1, y: height - y1 }, end: { x: x2, y: height - y2 }, thickness: 0.7 }),
    box: (x, y, boxWidth, boxHeight) =>
      page.drawRectangle({
        x,
        y: height - y - boxHeight,
        width: boxWidth,
        height: boxHeight,
        borderWidth: 0.7,
        opacity: 0,
      }),
  }
}

/** A PDF with a page for each drawing. @param size of a page in points */
export const drawPdf = async (
  draw: readonly ((canvas: Canvas) => void)[],
  { family, size }: { family: Family; size: [number, number] },
): Promise<Buffer> => {
  const pdf = await PDFDocument.create()
  const fonts = await Promise.all(FAMILIES[family].map((name) => pdf.embedFont(name)))
  for (const each of draw) each(canvasOn(pdf.addPage(size), fonts))
  return Buffer.from(await pdf.save())
}
