import { expect, test } from 'vitest'
import { composePage } from './layout.ts'
import type { LocallyReadPage, LocalPage } from './local-page.ts'
import { packText, unpacked } from './packed-text.ts'
import { ChildMessage } from './protocol.ts'

const box = (x: number, y: number) => ({ x, y, width: 0.8333, height: 1 / 7 })

const READ = composePage(
  [
    {
      turns: 0,
      words: [
        { text: 'Größe', box: box(1, 1), confidence: 1 },
        { text: '☒', box: box(2, 1), confidence: 0.9, mark: 'selected' },
        { text: '𝒳:', box: box(3, 1), confidence: 0.4242 },
      ],
    },
    { turns: 3, words: [{ text: 'sideways', box: box(1 / 3, 2), confidence: 0.5 }] },
  ],
  { pageNumber: 7, unit: 'inch', width: 8.5, height: 11, turns: 0 },
)

const PLAIN: LocallyReadPage = { content: 'a cell', page: { pageNumber: 1, spans: [] }, parts: { paragraphs: [] } }

type Said = { type: 'page'; page: LocallyReadPage; packedText: string | null }

const said = (read: LocallyReadPage): Said => {
  const { page, packedText } = packText(read)
  return JSON.parse(JSON.stringify({ type: 'page', page, packedText: packedText?.toString('base64') ?? null }))
}

/** As the parent hears it, unpacked. */
const heard = (message: unknown) => {
  const { type, page, packedText } = ChildMessage.parse(message) as Extract<ChildMessage, { type: 'page' }>
  return { type, page: unpacked({ ...page, packedText }) }
}

test.each([
  ['words, marks between them, lines with several spans, text that is turned', READ],
  ['a page without a layout', PLAIN],
  ['a blank page', composePage([], { pageNumber: 1, unit: 'pixel', width: 0, height: 0, turns: 0 })],
])('a page comes as it was sent: %s', (_, read) => {
  expect(heard(said(read))).toEqual({ type: 'page', page: read })
})

/** Where something is said among the integers of a page with two words: their number, then eight corners, offset, length, confidence. */
const [WORDS, CORNER, OFFSET, LENGTH, CONFIDENCE, LINES] = [0, 1, 9, 10, 11, 1 + 3 * 11]

test.each<[string, (numbers: number[]) => void]>([
  ['a word beyond the content', (numbers) => numbers.splice(OFFSET, 1, 1000)],
  ['a word before it', (numbers) => numbers.splice(OFFSET, 1, -1)],
  ['a word without a letter', (numbers) => numbers.splice(LENGTH, 1, 0)],
  ['more than sure', (numbers) => numbers.splice(CONFIDENCE, 1, 10_001)],
  ['less than unsure', (numbers) => numbers.splice(CONFIDENCE, 1, -1)],
  ['a corner too few', (numbers) => numbers.splice(CORNER, 1)],
  ['a number too many', (numbers) => numbers.push(1)],
  ['more words than there are', (numbers) => numbers.splice(WORDS, 1, 2 ** 30)],
  ['fewer words than none', (numbers) => numbers.splice(WORDS, 1, -1)],
  ['a line that ends in the middle', (numbers) => numbers.pop()],
  ['a line of more spans than there are', (numbers) => numbers.splice(LINES + 8, 1, 2 ** 30)],
  ['a last line of fewer spans than none', (numbers) => numbers.splice(LINES + 8, numbers.length, -1)],
  ['nothing but fewer words than none', (numbers) => numbers.splice(WORDS, numbers.length, -1)],
  ['words over one another', (numbers) => numbers.splice(OFFSET + 11, 2, 0, 18)],
  [
    'lines over one another',
    (numbers) => numbers.push(...numbers.slice(LINES, LINES + 9 + 2 * (numbers[LINES + 8] as number))),
  ],
  ['nothing', (numbers) => numbers.splice(0)],
])('is refused: %s', (_, spoil) => {
  const message = said(READ)
  const numbers = [...new Int32Array(new Uint8Array(Buffer.from(message.packedText ?? '', 'base64')).buffer)]
  spoil(numbers)
  message.packedText = Buffer.from(Int32Array.from(numbers).buffer).toString('base64')
  expect(ChildMessage.safeParse(message).success).toBe(false)
})

test.each([
  ['a layout without words', { ...said(READ), packedText: null }],
  ['words without a layout', { ...said(PLAIN), packedText: said(READ).packedText }],
  ['no bytes of an integer', { ...said(READ), packedText: 'AAAA' }],
  ['nothing said of them', { ...said(READ), packedText: undefined }],
])('is refused: %s', (_, message) => {
  expect(ChildMessage.safeParse(message).success).toBe(false)
})

test('what is far from the page is at its end', () => {
  const far = composePage(
    [{ turns: 0, words: [{ text: 'far', box: { x: 3e9, y: -3e9, width: 1, height: 1 }, confidence: 1 }] }],
    { pageNumber: 1, unit: 'pixel', width: 10, height: 10, turns: 0 },
  )
  const { words } = heard(said(far)).page.page as LocalPage
  expect(words[0]?.polygon.slice(0, 2)).toEqual([214748364.7, -214748364.8])
})
