import type { PageComplexityStats, ParsedPage, TextItem } from '@llamaindex/liteparse'
import { expect, test } from 'vitest'
import { needsOcr, textLayerLines } from './text-layer.ts'

const page = (textItems: TextItem[], complexity: Partial<PageComplexityStats> = {}): ParsedPage =>
  ({ pageNum: 1, width: 600, height: 800, textItems, complexity }) as ParsedPage

const item = (text: string, more: Partial<TextItem> = {}): TextItem => ({
  text,
  x: 72,
  y: 36,
  width: 144,
  height: 12,
  ...more,
})

/** The white beside the letters of a font of 12 pt, in inches. */
const BEARING = (0.025 * 12) / 72

const read = (items: TextItem[]) => textLayerLines(page(items)).lines.map((line) => line.words.map((word) => word.text))

test('words without boxes share the width of their item; boxes are in inches', () => {
  const { lines, turns } = textLayerLines(page([item('four five')]))
  expect(turns).toBe(0)
  expect(lines[0]?.words.map(({ text, box }) => [text, box.x, box.width])).toEqual([
    ['four', expect.closeTo(1 + BEARING, 9), expect.closeTo((144 / 72 / 9) * 4 - 2 * BEARING, 9)],
    ['five', expect.closeTo(1 + (144 / 72 / 9) * 5 + BEARING, 9), expect.closeTo((144 / 72 / 9) * 4 - 2 * BEARING, 9)],
  ])
})

test('what the text does not separate is one word, unless there is a gap', () => {
  const words = [
    { text: 'name@', x: 72, y: 36, width: 40, height: 12 },
    { text: 'x.com', x: 112, y: 36, width: 40, height: 12 },
    { text: 'apart', x: 154, y: 36, width: 40, height: 12 },
  ]
  expect(read([item('name@x.comapart', { words })])).toEqual([['name@x.com', 'apart']])
})

test('text that is turned is read in its own direction, after the other', () => {
  const upwards = [
    item('second', { x: 30, y: 100, width: 12, height: 50, rotation: 270 }),
    item('first', { x: 10, y: 100, width: 12, height: 50, rotation: 270 }),
  ]
  const result = textLayerLines(page([...upwards, item('the main text')]))
  expect(result.lines.map((line) => [line.turns, ...line.words.map((word) => word.text)])).toEqual([
    [0, 'the', 'main', 'text'],
    [3, 'first'],
    [3, 'second'],
  ])
})

test('text that is nowhere is left out', () => {
  expect(read([item('lost', { x: Number.NaN }), item('found')])).toEqual([['found']])
})

test.each<[string, boolean, string, Partial<PageComplexityStats>]>([
  ['no text', true, '', {}],
  ['only a page number', true, '- 12 -', {}],
  ['a little text on paper', false, 'Appendix 1 page 170', {}],
  ['a scan with a stamp', true, 'Received 2024-05-01', { fullPageImage: true }],
  ['a scan with margins and a stamp', true, 'Received 2024-05-01', { imageCoverage: 0.8 }],
  ['text on a background picture', false, 'many words '.repeat(20), { fullPageImage: true }],
  ['small pictures between text', false, 'some words here', { imageCoverage: 0.3 }],
  ['text that makes no sense', true, 'x'.repeat(500), { isGarbled: true }],
])('%s needs OCR: %s', (_, expected, text, complexity) => {
  expect(
    needsOcr(page([item(text)], { fullPageImage: false, imageCoverage: 0, isGarbled: false, ...complexity })),
  ).toBe(expected)
})
