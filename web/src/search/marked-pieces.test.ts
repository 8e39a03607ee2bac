import { expect, test } from 'vitest'
import { markedPieces } from './marked-pieces.ts'

const written = (text: string, spans: [number, number][]) =>
  markedPieces(
    text,
    spans.map(([offset, length]) => ({ offset, length })),
  ).map(({ content, isMarked }) => (isMarked ? `[${content}]` : content))

test.each([
  ['one two', [], ['one two']],
  ['one two', [[0, 3]], ['[one]', ' two']],
  ['one two', [[4, 3]], ['one ', '[two]']],
  [
    'one two',
    [
      [0, 3],
      [3, 1],
      [4, 3],
    ],
    ['[one]', '[ ]', '[two]'],
  ],
  ['one', [[1, 9]], ['o', '[ne]']],
  ['one', [[7, 2]], ['one']],
  ['', [], []],
] as [string, [number, number][], string[]][])('%s %j', (text, spans, pieces) => {
  expect(written(text, spans)).toEqual(pieces)
})
