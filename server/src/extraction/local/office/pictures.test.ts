import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textImage } from '../../../../test/fixtures.ts'
import { startLocalReading } from '../../../../test/local-reading.ts'
import { docxFile, pptxFile } from '../../../../test/office-files.ts'

/** Scans that somebody has pasted into a document. */
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
let reading: Awaited<ReturnType<typeof startLocalReading>>
let scan: Buffer

beforeAll(async () => {
  reading = await startLocalReading()
  scan = await textImage('Scanned words', 'jpeg')
})
afterAll(() => reading.close())

const p = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
const drawn = (id: string) =>
  `<w:p><w:r><w:drawing><a:graphic><a:blip r:embed="${id}"/></a:graphic></w:drawing></w:r></w:p>`
const texts = async (bytes: Buffer, type: typeof DOCX | typeof PPTX) =>
  (await reading.read(bytes, type)).map(({ content }) => content)

test('a document that is nothing but a scan is read, in the old way to show a picture too', async () => {
  const old = '<w:p><w:r><w:pict><v:shape><v:imagedata r:id="b"/></v:shape></w:pict></w:r></w:p>'
  const file = docxFile(`${p('See below:')}${drawn('a')}${old}${p('Best')}`, [], { a: scan, b: scan })
  expect(await texts(file, DOCX)).toEqual(['See below:\nScanned words\nScanned words\nBest'])
})

test('pictures beside a text are not, nor logos', async () => {
  const letter = p(
    'A letter that has a text of its own, long enough that nobody would think that it is but a scan. '.repeat(2),
  )
  expect((await texts(docxFile(`${letter}${drawn('a')}`, [], { a: scan }), DOCX))[0]).not.toContain('Scanned')
  const logo = await sharp(scan).resize(300).toBuffer()
  expect(await texts(docxFile(`${p('Hi')}${drawn('a')}`, [], { a: logo }), DOCX)).toEqual(['Hi'])
})

test('what OCR makes out in a photograph is no text', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 90 } as const
  const photo = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#888', noise } })
    .blur(2)
    .normalise()
    .jpeg()
    .toBuffer()
  expect(await texts(docxFile(`${p('Our garden')}${drawn('a')}`, [], { a: photo }), DOCX)).toEqual(['Our garden'])
})

test('slide by slide; one that cannot be read is left out', async () => {
  const title = (text: string) =>
    `<p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`
  const picture = '<p:pic><p:blipFill><a:blip r:embed="rId3"/></p:blipFill></p:pic>'
  const slides = [
    { shapes: `${title('One')}${picture}`, picture: scan },
    { shapes: `${title('Two')}${picture}`, picture: Buffer.from('no picture') },
    { shapes: `${title('Three '.repeat(30))}${picture}`, picture: scan },
  ]
  expect(await texts(pptxFile(slides), PPTX)).toEqual(['One\nScanned words', 'Two', 'Three '.repeat(30).trim()])
})
