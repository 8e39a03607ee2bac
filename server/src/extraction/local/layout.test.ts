import { Page } from '@adp/contract/analyze-result.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composePage, type FoundLine } from './layout.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\0', '\uD800', 'a\nb', ' '),
)
const anyNumber = fc.oneof(fc.double(), fc.integer())
const anyBox = fc.record({ x: anyNumber, y: anyNumber, width: anyNumber, height: anyNumber })
const anyWord = fc.record({ text: anyText, box: anyBox, confidence: anyNumber })
const anyLine: fc.Arbitrary<FoundLine> = fc.record({
  words: fc.array(anyWord, { maxLength: 6 }),
  turns: fc.constantFrom(0, 1, 2, 3),
})

const frame = { pageNumber: 1, width: 8.5, height: 11, unit: 'inch', turns: 0 } as const

test('every span cuts its own content out of the page, whatever the words are', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 6 }), (lines) => {
      const { content, page } = composePage(lines, frame)
      const cut = ({ offset, length }: { offset: number; length: number }) => content.slice(offset, offset + length)
      expect(page.words.map((word) => cut(word.span))).toEqual(page.words.map((word) => word.content))
      expect(page.lines.map((line) => line.spans.map(cut).join())).toEqual(page.lines.map((line) => line.content))
      expect(page.spans.map(cut)).toEqual([content])
      expect(page.words.map((word) => word.content).join(' ')).toBe(content.replaceAll('\n', ' '))
      expect(page.words.every((word) => word.content !== '')).toBe(true)
    }),
  )
})

test('every page can be stored as jsonb and fits the contract', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 6 }), (lines) => {
      const { content, page } = composePage(lines, frame)
      expect(content.isWellFormed()).toBe(true)
      expect(content).not.toContain('\0')
      expect(Page.parse(JSON.parse(JSON.stringify(page)))).toEqual(page)
    }),
  )
})

test('a line is the box around its words', () => {
  const words = [
    { text: 'Total', box: { x: 1, y: 2, width: 0.5, height: 0.2 }, confidence: 1 },
    { text: 'due', box: { x: 1.6, y: 1.9, width: 0.4, height: 0.2 }, confidence: 0.5 },
  ]
  const { content, page } = composePage([{ words, turns: 0 }], frame)
  expect(content).toBe('Total due')
  expect(page.lines).toEqual([
    { content: 'Total due', polygon: [1, 1.9, 2, 1.9, 2, 2.2, 1, 2.2], spans: [{ offset: 0, length: 9 }] },
  ])
  expect(page.words[1]).toEqual({
    content: 'due',
    polygon: [1.6, 1.9, 2, 1.9, 2, 2.1, 1.6, 2.1],
    span: { offset: 6, length: 3 },
    confidence: 0.5,
  })
})

test('a page without text has one empty span', () => {
  expect(composePage([], frame).page.spans).toEqual([{ offset: 0, length: 0 }])
})
