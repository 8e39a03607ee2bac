import { expect, test } from 'vitest'
import { composePage } from './layout.ts'
import type { LocallyReadPage } from './local-page.ts'
import { packText } from './packed-text.ts'
import { ChildMessage } from './protocol.ts'

const box = (x: number, y: number) => ({ x, y, width: 0.8333, height: 1 / 7 })

const READ = composePage(
  [
    {
      turns: 0,
      words: [
        { text: 'Größe', box: box(1, 1), confidence: 1 },
        { text: '☒', box: box(2, 1), confidence: 0.9, mark: 'selected' },
        { text: '𝒳:', box: box(3, 1), confidence: 0.4242424242 },
      ],
    },
    { turns: 3, words: [{ text: 'sideways', box: box(1 / 3, 2), confidence: 0.5 }] },
  ],
  { pageNumber: 7, unit: 'inch', width: 8.5, height: 11, turns: 0 },
)

const PLAIN: LocallyReadPage = { content: 'a cell', page: { pageNumber: 1, spans: [] }, parts: { paragraphs: [] } }

const said = (read: LocallyReadPage) => JSON.parse(JSON.stringify({ type: 'page', ...packText(read) }))

test.each([
  ['words, marks between them, lines with several spans, text that is turned', READ],
  ['a page without a layout', PLAIN],
  ['a blank page', composePage([], { pageNumber: 1, unit: 'pixel', width: 0, height: 0, turns: 0 })],
])('a page comes as it was sent: %s', (_, read) => {
  expect(ChildMessage.parse(said(read))).toEqual({ type: 'page', page: read })
})

test.each<[string, (message: { text: { words: unknown[]; confidences: unknown[]; lines: unknown[] } }) => void]>([
  ['a word beyond the content', ({ text }) => text.words.splice(8, 1, 1000)],
  ['a word before it', ({ text }) => text.words.splice(8, 1, -1)],
  ['a word without a letter', ({ text }) => text.words.splice(9, 1, 0)],
  ['a corner that is no number', ({ text }) => text.words.splice(0, 1, null)],
  ['a corner that is text', ({ text }) => text.words.splice(0, 1, '1')],
  ['a number too few', ({ text }) => text.words.pop()],
  ['a number too many', ({ text }) => text.words.push(1)],
  ['more than sure', ({ text }) => text.confidences.splice(0, 1, 1.1)],
  ['a line that ends in the middle', ({ text }) => text.lines.pop()],
  ['a line of more spans than there are', ({ text }) => text.lines.splice(8, 1, 1e15)],
  ['no text', (message) => Object.assign(message, { text: undefined })],
])('is refused: %s', (_, spoil) => {
  const message = said(READ)
  spoil(message)
  expect(ChildMessage.safeParse(message).success).toBe(false)
})
