import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Drawing, drawnPdf, drawTable } from '../../../../test/drawn-pdf.ts'
import { readInProcess } from '../../../../test/read-in-process.ts'
import { useScratch } from '../../../../test/scratch.ts'

const scratch = useScratch()

const read = async (draw: (drawing: Drawing) => void, model?: 'prebuilt-read') => {
  const file = path.join(scratch.folder, 'drawn.pdf')
  await writeFile(file, await drawnPdf(draw))
  const noOcr = () => Promise.reject(new Error('there is text'))
  const [page] = await readInProcess(file, 'application/pdf', noOcr, model)
  if (!page) throw new Error('there is a page')
  return page
}

const pairsOf = async (draw: (drawing: Drawing) => void) =>
  ((await read(draw)).parts?.keyValuePairs ?? []).map(({ key, value }) => [key.content, value?.content])

test('a label with a colon has its answer behind it, beside it or below it', async () => {
  const pairs = await pairsOf((drawing) => {
    drawing.text('Invoice No: KX-123', 60, 100)
    drawing.text('Due Date:', 60, 130)
    drawing.text('12/03/2024', 220, 130)
    drawing.text('Bill To:', 60, 170)
    drawing.text('Northwind Traders', 60, 183)
    drawing.text('Oak Avenue 12', 60, 196)
  })
  expect(pairs).toEqual([
    ['Invoice No:', 'KX-123'],
    ['Due Date:', '12/03/2024'],
    ['Bill To:', 'Northwind Traders Oak Avenue 12'],
  ])
})

test('several pairs stand on one line, apart or only by their words', async () => {
  const pairs = await pairsOf((drawing) => {
    drawing.text('Vessel: Orion', 60, 100)
    drawing.text('Grade: Second', 200, 100)
    drawing.text('Invoice: 4711 Date: 12/03/2024 Total: $7.10', 60, 130)
    drawing.text('Data:12/03/2024', 60, 160)
  })
  expect(pairs).toEqual([
    ['Vessel:', 'Orion'],
    ['Grade:', 'Second'],
    ['Invoice:', '4711'],
    ['Date:', '12/03/2024'],
    ['Total:', '$7.10'],
    ['Data:', '12/03/2024'],
  ])
})

test('a pair knows where it stands in the content and on the page, and how sure it is', async () => {
  const { content, parts } = await read((drawing) => {
    drawing.text('A text before it', 60, 80)
    drawing.text('Invoice No: KX-123', 60, 100)
  })
  const [pair] = parts?.keyValuePairs ?? []
  const cut = (spans: { offset: number; length: number }[] = []) =>
    spans.map(({ offset, length }) => content.slice(offset, offset + length))
  expect([cut(pair?.key.spans), cut(pair?.value?.spans)]).toEqual([['Invoice No:'], ['KX-123']])
  const [left = 0, top = 0] = pair?.key.boundingRegions?.[0]?.polygon ?? []
  expect([left * 72, top * 72]).toEqual([expect.closeTo(60, -0.5), expect.closeTo(93, -0.5)])
  expect(pair?.confidence).toBeGreaterThan(0.8)
})

test('a colon in a text, a time, a link, a heading, a part and a note make no pair', async () => {
  const lines = [
    'The committee met on four days of this year and agreed on the',
    'following: the roof has to be mended before the winter, and',
    'the garden can wait until next year. Nobody objected to it.',
  ]
  const pairs = await pairsOf((drawing) => {
    for (const [row, line] of lines.entries()) drawing.text(line, 60, 100 + row * 13)
    drawing.text('Doors open 12:30 to 18:00', 60, 170)
    drawing.text('https://example.com/news: the page', 60, 200)
    drawing.text('What was decided:', 60, 230, { bold: true })
    drawing.text('- the roof, before winter', 72, 244)
    drawing.text('Figure 3: The roof in May', 60, 280)
    drawing.text('Note: 12 chairs are missing', 60, 310)
    drawing.text('Total: the sum of all that was paid in the year before, and what was left of it.', 60, 340)
    drawing.text('Amount: x = 12', 60, 370)
    drawing.text('Sr. Silva: Prefiro esperar por isso.', 60, 400)
    drawing.text('Mr. Brown: That is too late.', 60, 416)
    drawing.text('09:30 Talk: Roofs', 60, 450)
    drawing.text('11:30 Workshop: Fences', 60, 466)
  })
  expect(pairs).toEqual([])
})

test('the cells of a table of data are no pairs; a form that is ruled like a table has them', async () => {
  const goods = {
    columns: [120, 100, 100],
    rows: [
      ['Item', 'Quantity', 'Amount'],
      ['Chair', '3', '12.00'],
      ['Lamp', '1', '9.00'],
    ],
  }
  expect(await pairsOf((drawing) => void drawTable(drawing, goods, 'grid'))).toEqual([])
  const form = {
    columns: [120, 160],
    rows: [
      ['Name', 'Mary Brown'],
      ['Date of birth', '12/03/1984'],
      ['City', 'Leeds'],
    ],
  }
  expect(await pairsOf((drawing) => void drawTable(drawing, form, 'grid'))).toEqual(form.rows)
  expect(await pairsOf((drawing) => void drawTable(drawing, form, 'none'))).toEqual(form.rows)
})

test('in a ruled box the small print above asks, and what stands below answers', async () => {
  const pairs = await pairsOf((drawing) => {
    const texts = ['Mary Brown', '12/03/1984', 'Leeds', '']
    for (const [at, label] of ['Name', 'Date of birth', 'City', 'Phone'].entries()) {
      const [x, y] = [60 + (at % 2) * 160, 100 + Math.floor(at / 2) * 32]
      drawing.box(x, y, 160, 32)
      drawing.text(label, x + 3, y + 9, { size: 7 })
      drawing.text(texts[at] ?? '', x + 4, y + 25)
    }
  })
  expect(pairs).toEqual([
    ['Name', 'Mary Brown'],
    ['Date of birth', '12/03/1984'],
    ['City', 'Leeds'],
    ['Phone', undefined],
  ])
})

test('a label before a box of its own has what stands in it', async () => {
  const pairs = await pairsOf((drawing) => {
    drawing.text('Full name', 60, 112)
    drawing.box(150, 100, 200, 18)
    drawing.text('Mary Brown', 154, 112)
    drawing.text('Phone', 60, 152)
    drawing.box(150, 140, 200, 18)
    drawing.text('That is all there is to say about it here', 60, 200)
  })
  expect(pairs).toEqual([
    ['Full name', 'Mary Brown'],
    ['Phone', undefined],
  ])
})

test('lines, underscores and dots are to be written on; dots that lead to a number, and an underlined word, are not', async () => {
  const pairs = await pairsOf((drawing) => {
    drawing.text('Name', 60, 100)
    drawing.line(90, 102, 260, 102)
    drawing.text('Mary Brown', 96, 100)
    drawing.text('City', 280, 100)
    drawing.line(305, 102, 460, 102)
    drawing.text('Phone: ____________________', 60, 140)
    drawing.text('Signature: ....................', 60, 180)
    drawing.text('Address .................... 12', 60, 220)
    drawing.text('Subject', 60, 260)
    const end = 100 + drawing.width('gardens')
    drawing.text('gardens', 100, 260)
    drawing.line(100, 262, end, 262)
  })
  expect(pairs).toEqual([
    ['Name', 'Mary Brown'],
    ['City', undefined],
    ['Phone:', undefined],
    ['Signature:', undefined],
  ])
})

test('what stands on a line is asked by the small print below it', async () => {
  const pairs = await pairsOf((drawing) => {
    drawing.text('Mary Brown', 64, 100)
    drawing.line(60, 103, 260, 103)
    drawing.text('Full name', 60, 112, { size: 7 })
    drawing.text('That is all there is to say about it here', 60, 200)
  })
  expect(pairs).toEqual([['Full name', 'Mary Brown']])
})

test('small print over larger letters asks without a box, and leaders lead to an answer', async () => {
  const pairs = await pairsOf((drawing) => {
    for (const [at, [label, answer]] of [
      ['NAME', 'Mary Brown'],
      ['PHONE', '4711'],
      ['GODMOTHER', 'Susan'],
    ].entries()) {
      drawing.text(label ?? '', 60 + at * 150, 100, { size: 6.5 })
      drawing.text(answer ?? '', 60 + at * 150, 113, { size: 11 })
    }
    drawing.text('City............: Leeds', 60, 160)
  })
  expect(pairs).toEqual([
    ['NAME', 'Mary Brown'],
    ['PHONE', '4711'],
    ['GODMOTHER', 'Susan'],
    ['City............:', 'Leeds'],
  ])
})

test('prebuilt-read looks for no pairs', async () => {
  expect((await read((drawing) => drawing.text('Invoice No: KX-123', 60, 100), 'prebuilt-read')).parts).toBeNull()
})
