import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Drawing, drawnPdf } from '../../../../test/drawn-pdf.ts'
import { readInProcess } from '../../../../test/read-in-process.ts'
import { useScratch } from '../../../../test/scratch.ts'

const scratch = useScratch()

const paragraphsOf = async (draw: (drawing: Drawing) => void) => {
  const file = path.join(scratch.folder, 'drawn.pdf')
  await writeFile(file, await drawnPdf(draw))
  const [page] = await readInProcess(file, 'application/pdf', () => Promise.reject(new Error('there is text')))
  return { content: page?.content ?? '', paragraphs: page?.parts?.paragraphs ?? [] }
}

const TEXT = [
  'The committee has met on four days of this year and has',
  'talked about the roof, the garden and the new fence.',
]

/** A page as a report has it, 842 points high. */
const report = (drawing: Drawing) => {
  drawing.text('Annual report', 60, 40)
  drawing.text('The year of the roof', 60, 110, { size: 22 })
  for (const [line, text] of TEXT.entries()) drawing.text(text, 60, 150 + line * 13)
  drawing.text('What it cost', 60, 210, { size: 14 })
  for (const [line, text] of TEXT.entries()) drawing.text(text, 60, 240 + line * 13)
  drawing.text('2.1 Who paid for it', 60, 290)
  for (const [line, text] of TEXT.entries()) drawing.text(text, 60, 320 + line * 13)
  drawing.text('1 Without the fence, which came later.', 60, 740, { size: 7 })
  drawing.text('Page 3 of 12', 270, 815)
}

test('lines that belong together are a paragraph, and its size and its place give it a role', async () => {
  const { paragraphs } = await paragraphsOf(report)
  expect(paragraphs.map(({ role, content }) => [role, content])).toEqual([
    ['pageHeader', 'Annual report'],
    ['title', 'The year of the roof'],
    [undefined, TEXT.join(' ')],
    ['sectionHeading', 'What it cost'],
    [undefined, TEXT.join(' ')],
    ['sectionHeading', '2.1 Who paid for it'],
    [undefined, TEXT.join(' ')],
    ['footnote', '1 Without the fence, which came later.'],
    ['pageNumber', 'Page 3 of 12'],
  ])
})

test('a paragraph knows where it stands in the content and on the page', async () => {
  const { content, paragraphs } = await paragraphsOf(report)
  const text = paragraphs[2]
  expect(text?.spans.map(({ offset, length }) => content.slice(offset, offset + length))).toEqual([TEXT.join('\n')])
  const [, top = 0, , , , end = 0] = text?.boundingRegions?.[0]?.polygon ?? []
  expect([top * 72, end * 72]).toEqual([expect.closeTo(142.5, -0.5), expect.closeTo(165, -0.5)])
})

test('a page of one size of text has no heading', async () => {
  const { paragraphs } = await paragraphsOf((drawing) => {
    for (let line = 0; line < 8; line += 1) drawing.text(TEXT[line % 2] ?? '', 60, 150 + line * 13)
  })
  expect(paragraphs.map(({ role }) => role)).toEqual([undefined])
})
