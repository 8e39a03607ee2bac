import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawnPdf } from '../../../../test/drawn-pdf.ts'
import { picturesOf } from '../../../../test/picture-of-pdf.ts'
import { prepareForOcr } from '../grey-image.ts'
import { partLines } from './lines-in-picture.ts'

const draw = async (...args: Parameters<typeof drawnPdf>) => {
  const [png] = await picturesOf(await drawnPdf(...args), 200)
  const { width = 0, height = 0 } = await sharp(png).metadata()
  return prepareForOcr(sharp(png), { width, height })
}

const px = (points: number) => (points * 200) / 72

test('lines are found where they are, and the picture without them has the same letters', async () => {
  const image = await draw((drawing) => {
    drawing.line(60, 100, 400, 100)
    drawing.line(60, 100, 60, 160)
    drawing.text('Illiterate bill', 80, 130, { size: 14, bold: true })
  })
  const onlyText = await draw((drawing) => drawing.text('Illiterate bill', 80, 130, { size: 14, bold: true }))
  const { lines, text } = partLines(image)
  expect(lines).toHaveLength(2)
  const [across, down] = lines
  const near = (expected: number) => expect.closeTo(px(expected), -0.5)
  expect(across).toEqual({ x1: near(60), y1: near(100), x2: near(400), y2: near(100) })
  expect(down).toEqual({ x1: near(60), y1: near(100), x2: near(60), y2: near(160) })
  const darkOf = (data: Buffer) => data.filter((value) => value < 100).length
  expect(darkOf(image.data)).toBeGreaterThan(darkOf(onlyText.data) + 1000)
  expect(Math.abs(darkOf(text.data) - darkOf(onlyText.data))).toBeLessThan(50)
})

test('a line that is a little askew is one line', async () => {
  const image = await draw((drawing) => drawing.line(60, 100, 400, 104))
  const { lines } = partLines(image)
  expect(lines).toHaveLength(1)
  expect((lines[0]?.x2 ?? 0) - (lines[0]?.x1 ?? 0)).toBeGreaterThan(px(335))
})

test('large letters are no lines', async () => {
  const image = await draw((drawing) => drawing.text('HILL TEFL', 60, 200, { size: 60, bold: true }))
  expect(partLines(image).text.data.equals(image.data)).toBe(true)
})

test('letters of a receipt, which are large beside its width, are no lines, and its rules are', async () => {
  const pdf = await drawnPdf((drawing) => {
    for (let line = 0; line < 12; line += 1) drawing.text('Hill bill 1118 dull lid', 20, 30 + line * 14, { size: 9 })
    drawing.line(20, 210, 210, 210)
  })
  const [png] = await picturesOf(pdf, 200)
  const slip = await sharp(png).extract({ left: 0, top: 0, width: 640, height: 700 }).png().toBuffer()
  const image = await prepareForOcr(sharp(slip), { width: 640, height: 700 })
  const { lines, text } = partLines(image)
  expect(lines).toHaveLength(1)
  const lettersEnd = Math.round((image.height * 560) / 700) * image.width
  expect(text.data.subarray(0, lettersEnd).equals(image.data.subarray(0, lettersEnd))).toBe(true)
})

test('the feet of letters in a row are no line: the letters stand on them', () => {
  const [width, height] = [1000, 1000]
  const data = Buffer.alloc(width * height, 255)
  const fill = (x: number, y: number, w: number, h: number) => {
    for (let row = y; row < y + h; row += 1) data.fill(0, row * width + x, row * width + x + w)
  }
  for (let letter = 0; letter < 20; letter += 1) fill(100 + letter * 12, 200, 8, 20)
  fill(100, 217, 240, 3)
  const feet = partLines({ data, width, height })
  expect(feet.lines).toEqual([])
  expect(feet.text.data.equals(data)).toBe(true)
})

test('where a line was there is what is beside it: paper, or the colour of a panel; and the stem that it crosses stays', () => {
  const [width, height] = [1000, 1000]
  const [paper, panel] = [255, 200]
  const data = Buffer.alloc(width * height, paper)
  const fill = (x: number, y: number, w: number, h: number, tone: number) => {
    for (let row = y; row < y + h; row += 1) data.fill(tone, row * width + x, row * width + x + w)
  }
  fill(100, 100, 300, 100, panel)
  fill(150, 140, 4, 20, 0)
  const expected = Buffer.from(data)
  fill(100, 150, 600, 2, 0)
  expect(partLines({ data, width, height }).text.data.equals(expected)).toBe(true)
})
