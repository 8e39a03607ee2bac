import { LiteParse } from '@llamaindex/liteparse'
import { PDFDocument } from 'pdf-lib'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import sharp, { type Sharp } from 'sharp'

/** A page as grey pixels, and the resolution it stands for. */
type Picture = { pixels: Buffer; width: number; height: number; dpi: number }
export type Degradation = { dpi: number; spoil?: (picture: Picture, random: () => number) => Sharp }

const WHITE = { r: 255, g: 255, b: 255 }

const open = ({ pixels, width, height }: Picture): Sharp => sharp(pixels, { raw: { width, height, channels: 1 } })

const turned = (degrees: number) => (picture: Picture) => open(picture).rotate(degrees, { background: WHITE })

const each = (picture: Picture, change: (grey: number, x: number, y: number) => number): Sharp => {
  const { pixels, width, height } = picture
  const changed = Buffer.alloc(pixels.length)
  for (let at = 0; at < pixels.length; at += 1) {
    const grey = change(pixels[at] ?? 0, (at % width) / width, Math.floor(at / width) / height)
    changed[at] = Math.max(0, Math.min(255, Math.round(grey)))
  }
  return open({ ...picture, pixels: changed })
}

/** The sum of some uniform numbers is as good as normal. */
const normal = (random: () => number) => random() + random() + random() + random() - 2

/** What becomes of paper on its way through scanners, cameras and fax machines. Names say what and how much. */
export const DEGRADATIONS: Record<string, Degradation> = {
  '300 dpi': { dpi: 300 },
  '200 dpi': { dpi: 200 },
  '150 dpi': { dpi: 150 },
  '100 dpi': { dpi: 100 },
  '75 dpi': { dpi: 75 },
  'turned by 90': { dpi: 200, spoil: turned(90) },
  'turned by 180': { dpi: 200, spoil: turned(180) },
  'turned by 270': { dpi: 200, spoil: turned(270) },
  'skewed by 2': { dpi: 200, spoil: turned(2) },
  'skewed by -5': { dpi: 200, spoil: turned(-5) },
  'blurred, 150 dpi': { dpi: 150, spoil: (picture) => open(picture).blur(1.2) },
  'noisy, 200 dpi': { dpi: 200, spoil: (picture, random) => each(picture, (grey) => grey + 60 * normal(random)) },
  'specks, 200 dpi': {
    dpi: 200,
    spoil: (picture, random) => each(picture, (grey) => (random() < 0.02 ? 255 * Math.round(random()) : grey)),
  },
  'unevenly lit, 150 dpi': {
    dpi: 150,
    spoil: (picture) => each(picture, (grey, x, y) => grey * (0.3 + 0.7 * Math.max(0, 1 - Math.hypot(x, y) / 1.5))),
  },
  'faint, 150 dpi': { dpi: 150, spoil: (picture) => each(picture, (grey) => 190 + grey * 0.2) },
  'noisy, 100 dpi': { dpi: 100, spoil: (picture, random) => each(picture, (grey) => grey + 35 * normal(random)) },
  'specks, 150 dpi': {
    dpi: 150,
    spoil: (picture, random) => each(picture, (grey) => (random() < 0.05 ? 255 * Math.round(random()) : grey)),
  },
  'unevenly lit and noisy, 200 dpi': {
    dpi: 200,
    spoil: (picture, random) =>
      each(picture, (grey, x, y) => grey * (1 - 0.6 * Math.hypot(x - 0.8, y - 0.2)) + 30 * normal(random)),
  },
  'faint and unevenly lit, 150 dpi': {
    dpi: 150,
    spoil: (picture) => each(picture, (grey, _, y) => (170 + grey * 0.25) * (1 - 0.4 * y)),
  },
  'half in the shadow, 150 dpi': {
    dpi: 150,
    spoil: (picture) => each(picture, (grey, x, y) => (20 + grey * 0.8) * (x + y > 1.1 ? 0.45 : 1)),
  },
}

/** Draws a page of a PDF in grey and spoils it, in the same way each time. @returns a PNG with its resolution */
export async function degradedPage(pdf: string, pageNumber: number, { dpi, spoil }: Degradation): Promise<Buffer> {
  const [drawn] = await new LiteParse({ ocrEnabled: false, quiet: true, dpi }).screenshot(pdf, [pageNumber])
  if (!drawn) throw new Error(`page ${pageNumber} of ${pdf} cannot be drawn`)
  const { data, info } = await sharp(drawn.imageBuffer)
    .flatten({ background: WHITE })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const picture = { pixels: data, width: info.width, height: info.height, dpi }
  const generator = xoroshiro128plus(pageNumber)
  const random = () => uniformFloat64(generator)
  return (spoil ? spoil(picture, random) : open(picture)).withMetadata({ density: dpi }).png().toBuffer()
}

/** A PDF as from a scanner: a page for each picture, as large as its resolution says. */
export async function pdfOfScans(scans: Buffer[]): Promise<Buffer> {
  const pdf = await PDFDocument.create()
  for (const scan of scans) {
    const picture = await pdf.embedPng(scan)
    const { density = 72 } = await sharp(scan).metadata()
    const size: [number, number] = [(picture.width * 72) / density, (picture.height * 72) / density]
    pdf.addPage(size).drawImage(picture, { x: 0, y: 0, width: size[0], height: size[1] })
  }
  return Buffer.from(await pdf.save())
}
