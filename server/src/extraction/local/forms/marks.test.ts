import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { type Drawing, drawnPdf } from '../../../../test/drawn-pdf.ts'
import { picturesOf } from '../../../../test/picture-of-pdf.ts'
import { readInProcess } from '../../../../test/read-in-process.ts'
import { useScratch } from '../../../../test/scratch.ts'
import { prepareForOcr } from '../grey-image.ts'
import { composePage, type FoundLine } from '../layout.ts'
import { partBoxes } from './boxes-in-picture.ts'
import { withMarks } from './place-marks.ts'

const scratch = useScratch()

const read = async (draw: (drawing: Drawing) => void, model?: 'prebuilt-read') => {
  const file = path.join(scratch.folder, 'drawn.pdf')
  await writeFile(file, await drawnPdf(draw))
  const noOcr = () => Promise.reject(new Error('there is text'))
  const [read] = await readInProcess(file, 'application/pdf', noOcr, model)
  if (!read || !('words' in read.page)) throw new Error('there is a page')
  return { ...read, page: read.page }
}

const pairsIn = ({ parts }: Awaited<ReturnType<typeof read>>) =>
  (parts?.keyValuePairs ?? []).map(({ key, value }) => [key.content, value?.content])

const cross = (drawing: Drawing, x: number, y: number) => {
  drawing.line(x + 1, y + 1, x + 9, y + 9)
  drawing.line(x + 1, y + 9, x + 9, y + 1)
}

const ticked = (drawing: Drawing) => {
  drawing.box(60, 92, 10, 10)
  cross(drawing, 60, 92)
  drawing.text('Newsletter', 76, 100)
  drawing.box(200, 92, 10, 10)
  drawing.text('Express delivery', 216, 100)
  drawing.box(60, 122, 10, 10)
  drawing.text('X', 61.5, 131)
  drawing.text('Vegetarian', 76, 130)
}

test('boxes that are drawn are selection marks, in the content where they stand, and pairs with their labels', async () => {
  const found = await read(ticked)
  expect(found.content).toBe(':selected: Newsletter\n:unselected: Express delivery\n:selected: Vegetarian')
  const marks = found.page.selectionMarks ?? []
  expect(marks.map(({ span }) => found.content.slice(span.offset, span.offset + span.length))).toEqual(
    marks.map(({ state }) => `:${state}:`),
  )
  expect(marks[0]?.polygon?.slice(0, 2).map((value) => value * 72)).toEqual([
    expect.closeTo(60, -0.3),
    expect.closeTo(92, -0.3),
  ])
  expect(found.page.words.map(({ content }) => content)).toEqual(['Newsletter', 'Express', 'delivery', 'Vegetarian'])
  expect(found.page.lines.map(({ content }) => content)).toEqual(['Newsletter', 'Express delivery', 'Vegetarian'])
  expect(pairsIn(found)).toEqual([
    ['Newsletter', ':selected:'],
    ['Express delivery', ':unselected:'],
    ['Vegetarian', ':selected:'],
  ])
})

test('labels stand before their marks where that is the custom', async () => {
  const found = await read((drawing) => {
    for (const [row, state] of [true, false].entries()) {
      const y = 100 + row * 30
      drawing.text('Is it so?', 60, y)
      for (const [x, label] of [
        [140, 'Yes'],
        [210, 'No'],
      ] as const) {
        const end = x + drawing.width(label) + 4
        drawing.text(label, x, y)
        drawing.box(end, y - 9, 10, 10)
        if ((label === 'Yes') === state) cross(drawing, end, y - 9)
      }
    }
  })
  expect(pairsIn(found)).toEqual([
    ['Yes', ':selected:'],
    ['No', ':unselected:'],
    ['Yes', ':unselected:'],
    ['No', ':selected:'],
  ])
})

test('squares with a letter in them, places for the letters of an answer, and squares far from words are no marks', async () => {
  const found = await read((drawing) => {
    drawing.box(60, 92, 11, 11)
    drawing.text('B', 62, 101)
    drawing.text('means bold', 80, 100)
    drawing.text('Postal code', 60, 140)
    for (let place = 0; place < 5; place += 1) drawing.box(130 + place * 12, 130, 12, 12)
    drawing.box(300, 400, 10, 10)
  })
  expect(found.page.selectionMarks).toBeUndefined()
  expect(found.content).toContain('B means bold')
})

test('with prebuilt-read a page has no selection marks', async () => {
  const { page, content } = await read(ticked, 'prebuilt-read')
  expect(page.selectionMarks).toBeUndefined()
  expect(content).toContain('X')
})

const lineOf = (...texts: string[]): FoundLine => ({
  turns: 0,
  words: texts.map((text, at) => ({
    text,
    box: { x: at, y: 1, width: 0.1 * text.length, height: 0.1 },
    confidence: 1,
  })),
})

const size = { width: 8, height: 11 }
const contentOf = (...lines: FoundLine[]) =>
  composePage(withMarks(lines, [], 0, size), { ...size, pageNumber: 1, unit: 'inch', turns: 0 }).content

test('glyphs of boxes and ticks are marks, in Unicode, in Wingdings, in brackets, and when their label touches them', () => {
  expect(contentOf(lineOf('☒', 'Yes', '☐', 'No'))).toBe(':selected: Yes :unselected: No')
  expect(contentOf(lineOf('\uF0FE', 'Yes', '\uF0A8', 'No'))).toBe(':selected: Yes :unselected: No')
  expect(contentOf(lineOf('[X]', 'Yes', '[', ']', 'No'))).toBe(':selected: Yes :unselected: No')
  expect(contentOf(lineOf('☑Yes', 'No☐'))).toBe(':selected: Yes No :unselected:')
})

test('bullets are marks only beside their empty kind', () => {
  expect(contentOf(lineOf('■', 'Roof'), lineOf('■', 'Fence'))).toBe('■ Roof\n■ Fence')
  expect(contentOf(lineOf('■', 'Roof'), lineOf('□', 'Fence'))).toBe(':selected: Roof\n:unselected: Fence')
  expect(contentOf(lineOf('○', 'Roof'), lineOf('●', 'Fence'))).toBe(':unselected: Roof\n:selected: Fence')
})

const drawPicture = async (draw: (drawing: Drawing) => void, dpi: number) => {
  const [png] = await picturesOf(await drawnPdf(draw), dpi)
  const { width = 0, height = 0 } = await sharp(png).metadata()
  return prepareForOcr(sharp(png), { width, height })
}

test.each([150, 200, 300])(
  'in a picture of %i dpi boxes are found, with what is in them, and letters are not',
  async (dpi) => {
    const image = await drawPicture((drawing) => {
      drawing.text('Badge, door & ODE 0o', 60, 60, { size: 18, bold: true })
      drawing.text('D O B 8 a e o', 60, 150)
      ticked(drawing)
      drawing.box(60, 200, 200, 20)
      drawing.box(260, 200, 20, 20)
    }, dpi)
    const { marks, text } = partBoxes(image, image)
    const perPoint = image.width / 595.28
    expect(marks.map(({ state }) => state)).toEqual(['selected', 'unselected', 'selected'])
    const [first] = marks
    expect([first?.box.x ?? 0, first?.box.y ?? 0].map((value) => value / perPoint)).toEqual([
      expect.closeTo(60, -0.3),
      expect.closeTo(92, -0.3),
    ])
    const darkIn = (data: Buffer, { x, y, width, height }: { x: number; y: number; width: number; height: number }) =>
      Array.from({ length: height }, (_, row) =>
        data.subarray((y + row) * image.width + x, (y + row) * image.width + x + width),
      )
        .flatMap((row) => [...row])
        .filter((grey) => grey < 128).length
    for (const { box } of marks) expect([darkIn(image.data, box) > 0, darkIn(text.data, box)]).toEqual([true, 0])
  },
)
