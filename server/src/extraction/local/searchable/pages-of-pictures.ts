import type { PDFObject, PDFRef } from '@cantoo/pdf-lib'
import type { Size } from '../geometry.ts'
import { deflated } from './deflated.ts'
import { createGlyphs, fontOf } from './glyphless-font.ts'
import { FONT_NAME, invisibleText } from './invisible-text.ts'
import { toUserSpace } from './page-space.ts'
import { createPdfFile, type PdfFile } from './pdf-file.ts'
import type { PdfImage } from './pdf-image.ts'
import type { SearchablePage } from './searchable-page.ts'

/** How a picture of each EXIF orientation is laid on a page of `w` by `h`, from the unit square that a PDF has for it. */
const LAID: ((w: number, h: number) => number[])[] = [
  (w, h) => [w, 0, 0, h, 0, 0],
  (w, h) => [-w, 0, 0, h, w, 0],
  (w, h) => [-w, 0, 0, -h, w, h],
  (w, h) => [w, 0, 0, -h, 0, h],
  (w, h) => [0, -h, -w, 0, w, h],
  (w, h) => [0, -h, w, 0, 0, h],
  (w, h) => [0, h, w, 0, 0, 0],
  (w, h) => [0, h, -w, 0, w, 0],
]

const laid = (orientation: number, { width, height }: Size): string =>
  (LAID[orientation - 1] ?? (LAID[0] as (typeof LAID)[0]))(width, height)
    .map((value) => Math.round(value * 1000) / 1000)
    .join(' ')

export type PagesOfPictures = {
  context: PdfFile['context']
  /** Adds a page of `points` that is the picture, with what was read on it. */
  add(image: PdfImage, points: Size, read: SearchablePage | null): Promise<void>
  end(): Promise<void>
  close(): Promise<void>
}

/** A PDF of pictures, in which one page is held at a time. */
export const createPagesOfPictures = async (path: string): Promise<PagesOfPictures> => {
  const file = await createPdfFile(path)
  const { context } = file
  const [tree, font] = [file.reserve(), file.reserve()]
  const glyphs = createGlyphs()
  const kids: PDFRef[] = []

  const textOf = (read: SearchablePage | null, { width, height }: Size) =>
    read && read.width > 0 && read.height > 0
      ? invisibleText(read.lines, toUserSpace({ x: 0, y: 0, width, height }, 0, read), glyphs)
      : ''

  return {
    context,
    async add(image, points, read) {
      const picture = await file.write(image.object)
      const content = `${textOf(read, points)}q ${laid(image.orientation, points)} cm /Picture Do Q\n`
      const Contents = await file.write(deflated(context, content))
      const Resources = { XObject: { Picture: picture }, Font: { [FONT_NAME]: font } }
      const MediaBox = [0, 0, points.width, points.height]
      kids.push(await file.write(context.obj({ Type: 'Page', Parent: tree, MediaBox, Resources, Contents })))
    },
    async end() {
      const parts: { object: PDFObject; ref: PDFRef }[] = []
      const fontObject = fontOf(context, glyphs, (object) => {
        const ref = file.reserve()
        parts.push({ object, ref })
        return ref
      })
      for (const { object, ref } of parts) await file.write(object, ref)
      await file.write(fontObject, font)
      await file.write(context.obj({ Type: 'Pages', Kids: kids, Count: kids.length }), tree)
      await file.end(await file.write(context.obj({ Type: 'Catalog', Pages: tree })))
    },
    close: () => file.close(),
  }
}
