import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  PageSizes,
  PDFDocument,
  popGraphicsState,
  pushGraphicsState,
  StandardFonts,
  setTextRenderingMode,
  TextRenderingMode,
} from 'pdf-lib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textImage } from '../../../test/fixtures.ts'
import { readInProcess } from '../../../test/read-in-process.ts'
import { findLanguageData, gatherFiles } from './language-data.ts'
import { createTesseract, type Tesseract } from './tesseract.ts'

const LETTER =
  'Dear reader,\nthe parcel left our warehouse in Porto on the second of May.\nIt has not come back since.\nPlease tell us whether somebody else has taken it in.'

let folder = ''
let pictures = 0
let tesseract: Tesseract
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'text-and-pictures-'))
  gatherFiles(findLanguageData(['eng']), folder)
  const read = createTesseract(['eng'], folder, 'bundled')
  tesseract = (image, timeoutMs) => {
    pictures += 1
    return read(image, timeoutMs)
  }
})
afterAll(() => rm(folder, { recursive: true }))

/** An A4 page with a picture, from the bottom left, and text over it that is seen or not. */
const page = async (jpeg: Buffer, height: number, text: string, isSeen: boolean): Promise<string> => {
  const pdf = await PDFDocument.create()
  const sheet = pdf.addPage(PageSizes.A4)
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  sheet.drawImage(await pdf.embedJpg(jpeg), { x: 0, y: 0, width: sheet.getWidth(), height })
  sheet.pushOperators(
    pushGraphicsState(),
    setTextRenderingMode(isSeen ? TextRenderingMode.Fill : TextRenderingMode.Invisible),
  )
  sheet.drawText(text, { x: 50, y: 780, size: 11, lineHeight: 16, font })
  sheet.pushOperators(popGraphicsState())
  const path = join(folder, 'page.pdf')
  await writeFile(path, await pdf.save())
  pictures = 0
  return path
}

const contentOf = async (path: string): Promise<string> =>
  (await readInProcess(path, 'application/pdf', tesseract, 'prebuilt-read')).map(({ content }) => content).join('\n')

/** What a bad OCR makes of a page: letters that are none, words in pieces. */
const BAD_LAYER = `De4r re~der, t|1e pa7cel l3ft o|_|r w@reh0use 1n P0rt0 0n th3 s3c0nd 0f M4y.
lt h4s n0t c0me b4ck s1nce. q x w |~ fJ9x 1l|I kK8 w3 h0pe t0 h3ar fr0m y0u s00n, wr1te u5 4ny t1me`

test('a scan with a bad layer behind it is read again', async () => {
  const path = await page(await textImage(LETTER, 'jpeg'), PageSizes.A4[1], BAD_LAYER, false)
  expect(await contentOf(path)).toBe(LETTER)
  expect(pictures).toBe(1)
})

test('a good layer behind a scan is trusted', async () => {
  const layer = LETTER.replace('parcel', 'package')
  const path = await page(await textImage(LETTER, 'jpeg'), PageSizes.A4[1], layer, false)
  expect(await contentOf(path)).toBe(layer)
  expect(pictures).toBe(0)
})

test('what stands in a large picture on a page with text is read too, once', async () => {
  const wide = await sharp(await textImage('Notice of arrival', 'png')).extract({
    left: 0,
    top: 0,
    width: 1240,
    height: 600,
  })
  const path = await page(await wide.jpeg().toBuffer(), 288, LETTER, true)
  expect(await contentOf(path)).toBe(`${LETTER}\nNotice of arrival`)
  expect(pictures).toBe(1)
})

test('a large photograph on a page with text adds no words', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const gravel = sharp({ create: { width: 900, height: 450, channels: 3, background: '#888', noise } }).blur(1.5)
  expect(await contentOf(await page(await gravel.jpeg().toBuffer(), 288, LETTER, true))).toBe(LETTER)
})
