import sharp from 'sharp'
import { expect, test } from 'vitest'
import { type Drawing, drawnPdf } from '../../../test/drawn-pdf.ts'
import { picturesOf } from '../../../test/picture-of-pdf.ts'
import { type GreyImage, prepareForOcr } from './grey-image.ts'
import { darkenLightText } from './light-text.ts'

const draw = async (drawing: (on: Drawing) => void): Promise<GreyImage> => {
  const [png] = await picturesOf(await drawnPdf(drawing), 200)
  const { width = 0, height = 0 } = await sharp(png).metadata()
  return prepareForOcr(sharp(png), { width, height })
}

const LINES = ['Our reference: 3456623', 'Booking date: 05-Dec-2018', 'Illiterate WILLOW']

const text = (on: Drawing, light: boolean) => {
  for (const [n, line] of LINES.entries()) on.text(line, 80, 130 + 18 * n, { light, bold: n === 2 })
}

const differing = (image: GreyImage, other: GreyImage): number =>
  image.data.reduce((sum, value, at) => sum + (Math.abs(value - (other.data[at] as number)) > 100 ? 1 : 0), 0)

test.each([0, 0.3, 0.6])('light text on a panel of grey %f becomes the same text on white', async (grey) => {
  const image = await draw((on) => {
    on.text('Above the panel', 80, 60)
    on.panel(60, 100, 300, 80, grey)
    text(on, true)
  })
  const wanted = await draw((on) => {
    on.text('Above the panel', 80, 60)
    text(on, false)
  })
  const got = darkenLightText(image)
  expect(differing(image, wanted)).toBeGreaterThan(100_000)
  expect(got && differing(got, wanted)).toBeLessThan(1_500)
})

test('a row of a table, as high as its text, is a panel from end to end', async () => {
  const header = (on: Drawing, light: boolean) => {
    for (const [n, name] of ['Deadline', 'Location', 'Date (local)', 'Required action'].entries())
      on.text(name, 65 + 110 * n, 111, { light, bold: true })
    for (const n of [0, 1, 2, 3]) on.text('Harleysville', 65 + 110 * n, 127)
  }
  const image = await draw((on) => {
    on.panel(60, 100, 440, 15, 0.4)
    header(on, true)
  })
  const wanted = await draw((on) => header(on, false))
  const got = darkenLightText(image)
  expect(got && differing(got, wanted)).toBeLessThan(1_500)
})

const headings = (on: Drawing) => {
  for (const [n, line] of LINES.entries()) on.text(line, 60, 100 + 40 * n, { size: 30, bold: true })
}

const darkOnPanel = (on: Drawing) => {
  on.panel(60, 100, 300, 80, 0.6)
  text(on, false)
}

test.each<[string, (on: Drawing) => void]>([
  ['a page of text', (on) => text(on, false)],
  ['bold headings', headings],
  ['dark text on a panel', darkOnPanel],
  ['an empty panel', (on) => on.panel(60, 100, 300, 80, 0.3)],
])('%s is left as it is', async (_, drawing) => {
  expect(darkenLightText(await draw(drawing))).toBeNull()
})

test('a picture without one colour is no panel', () => {
  const [width, height] = [600, 400]
  // Light falls off to all sides, as in a photograph.
  const data = Buffer.from(Array.from({ length: width * height }, (_, at) => (at % width) / 4 + 25 * Math.sin(at / 7)))
  expect(darkenLightText({ data, width, height })).toBeNull()
})
