import { PageSizes, PDFDocument, type PDFFont, type PDFPage, StandardFonts } from 'pdf-lib'
import type { Language } from './content.ts'
import type { Random } from './random.ts'

/** What is on a page, by construction. A pair without a value is blank. */
export type TruePair = { key: string; value: string | null }
export type TrueMark = { selected: boolean; x: number; y: number }
export type Truth = { pairs: TruePair[]; marks: TrueMark[] }

/** A page that a layout draws on, in points from the top left, and what it says is on it. */
export type Sheet = Truth & {
  language: Language
  random: Random
  pdf: PDFDocument
  page: PDFPage
  size: number
  text(content: string, x: number, y: number, options?: { size?: number; bold?: boolean }): number
  width(content: string, options?: { size?: number; bold?: boolean }): number
  line(x1: number, y1: number, x2: number, y2: number): void
  box(x: number, y: number, width: number, height: number): void
  disc(x: number, y: number, radius: number, filled: boolean): void
}

export type Layout = (sheet: Sheet) => void

const FONTS: [StandardFonts, StandardFonts][] = [
  [StandardFonts.Helvetica, StandardFonts.HelveticaBold],
  [StandardFonts.TimesRoman, StandardFonts.TimesRomanBold],
  [StandardFonts.Courier, StandardFonts.CourierBold],
]

const sheetOn = async (pdf: PDFDocument, language: Language, random: Random): Promise<Sheet> => {
  const page = pdf.addPage(PageSizes.A4)
  const [regular, strong] = (await Promise.all(random.pick(FONTS).map((font) => pdf.embedFont(font)))) as [
    PDFFont,
    PDFFont,
  ]
  const top = page.getHeight()
  const size = random.whole(9, 11)
  const fontOf = (bold: boolean | undefined) => (bold ? strong : regular)
  return {
    ...{ language, random, pdf, page, size, pairs: [], marks: [] },
    text(content, x, y, options = {}) {
      const font = fontOf(options.bold)
      page.drawText(content, { x, y: top - y, size: options.size ?? size, font })
      return x + font.widthOfTextAtSize(content, options.size ?? size)
    },
    width: (content, options = {}) => fontOf(options.bold).widthOfTextAtSize(content, options.size ?? size),
    line: (x1, y1, x2, y2) =>
      page.drawLine({ start: { x: x1, y: top - y1 }, end: { x: x2, y: top - y2 }, thickness: 0.7 }),
    box: (x, y, width, height) =>
      page.drawRectangle({ x, y: top - y - height, width, height, borderWidth: 0.7, opacity: 0 }),
    disc: (x, y, radius, filled) =>
      page.drawCircle({ x, y: top - y, size: radius, borderWidth: 0.7, ...(filled ? {} : { opacity: 0 }) }),
  }
}

export type Form = { layout: string; language: Language; bytes: Buffer; truth: Truth }

/** A page with a form. */
export async function drawForm(name: string, layout: Layout, language: Language, random: Random): Promise<Form> {
  const pdf = await PDFDocument.create()
  const sheet = await sheetOn(pdf, language, random)
  layout(sheet)
  return {
    layout: name,
    language,
    bytes: Buffer.from(await pdf.save()),
    truth: { pairs: sheet.pairs, marks: sheet.marks },
  }
}

/** A box to tick, with a cross or a tick in it if it is selected; its truth is noted. */
export const drawMark = (sheet: Sheet, x: number, y: number, side: number, selected: boolean) => {
  sheet.box(x, y, side, side)
  if (selected && sheet.random.share() < 0.5) {
    sheet.line(x + 1, y + 1, x + side - 1, y + side - 1)
    sheet.line(x + 1, y + side - 1, x + side - 1, y + 1)
  } else if (selected) {
    sheet.line(x + 2, y + side / 2, x + side / 2, y + side - 2)
    sheet.line(x + side / 2, y + side - 2, x + side - 1, y + 1)
  }
  sheet.marks.push({ selected, x: x + side / 2, y: y + side / 2 })
}
