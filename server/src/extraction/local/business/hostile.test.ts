import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LocalPage } from '../local-page.ts'
import { scaleOf } from '../structure/scale.ts'
import type { Token } from '../structure/token.ts'
import { parseAmount } from './amount.ts'
import { addressIn, isAddressLine, isContact } from './blocks.ts'
import { parseDate, parseTime } from './date.ts'
import { findDocument } from './find-document.ts'
import { isNameLike } from './parties.ts'
import type { SheetSource } from './sheet.ts'

/** Pieces that the patterns look for, so that chance makes what nearly fits. */
const PIECES = [
  '1',
  '23',
  '456',
  '.',
  ',',
  "'",
  ' ',
  '-',
  '(',
  ')',
  '$',
  'R$',
  '€',
  'EUR',
  '%',
  '/',
  ':',
  '#',
  '@',
  'a',
  'Total',
  'Rua',
  'Ltd',
  'May',
  'n.º',
  '\u0300',
  '🧾',
  'ß',
]

const hostileText = fc.array(fc.constantFrom(...PIECES), { maxLength: 400 }).map((pieces) => pieces.join(''))

/** A pattern that runs away does not end within the test's time at this length. */
const repeated = fc
  .tuple(fc.constantFrom(...PIECES), fc.constantFrom(...PIECES))
  .map(([one, other]) => (one + other).repeat(5_000))

test('no text makes a parser throw, or run away', () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, repeated, fc.string({ unit: 'grapheme', maxLength: 60 })), (text) => {
      const amount = parseAmount(text, null)
      expect(amount === null || Number.isFinite(amount.amount)).toBe(true)
      for (const order of ['either', 'day-first', 'month-first'] as const)
        expect(parseDate(text, order)?.date ?? '2000-01-01').toMatch(/^\d{4}-\d{2}-\d{2}$/)
      parseTime(text)
      isAddressLine(text)
      isContact(text)
      isNameLike(text)
      addressIn([])
    }),
    { numRuns: 300 },
  )
})

const pageOf = (texts: string[], seed: number): { source: SheetSource; page: LocalPage } => {
  let at = 0
  const tokens: Token[] = texts.map((text, index) => {
    const span = { offset: at, length: text.length }
    at += text.length + 1
    const box = { x: ((index * seed) % 17) / 2, y: Math.floor(index / 6) * 0.2, width: 0.05 * text.length, height: 0.1 }
    return { index, text, box, span }
  })
  const words = tokens.map(({ text, span }) => ({
    content: text,
    span,
    polygon: [0, 0, 1, 0, 1, 1, 0, 1],
    confidence: 1,
  }))
  const size = { width: 8.5, height: 11 }
  const page: LocalPage = {
    pageNumber: 1,
    angle: 0,
    ...size,
    unit: 'inch',
    words,
    lines: [],
    spans: [{ offset: 0, length: at }],
  }
  return {
    source: { tokens, words, tables: [], rulings: { across: [], down: [] }, scale: scaleOf(tokens), size },
    page,
  }
}

const WORDS = [
  'Total',
  'Total:',
  'Invoice',
  'No.',
  'Date',
  '12/05/2024',
  '1,234.56',
  '$5.00',
  'Subtotal',
  'Tax',
  '20%',
  'Bill',
  'To',
  'Qty',
  'Description',
  'Amount',
  'Ltd',
  'x',
  '#1',
  ':',
  '(',
  'Rua',
  '5',
]

test('whatever words stand wherever on a page, fields have values that are on it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 1, max: 16 }),
      (texts, seed) => {
        const { source, page } = pageOf(texts, seed)
        for (const model of ['prebuilt-invoice', 'prebuilt-receipt'] as const) {
          const document = findDocument(source, model, { page, turns: 0 })
          for (const { spans = [], confidence = 1 } of Object.values(document?.fields ?? {})) {
            expect(confidence).toBeLessThan(1.0001)
            for (const { offset, length } of spans)
              expect(offset + length).toBeLessThanOrEqual(page.spans[0]?.length ?? 0)
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('a page full of labels is given up before it costs time', () => {
  const { source, page } = pageOf(Array(4_900).fill('Total:'), 7)
  const start = process.cpuUsage()
  expect(findDocument(source, 'prebuilt-invoice', { page, turns: 0 })).toBeNull()
  // 5,000 labels, each compared with all others, would take minutes: this is no measure of speed.
  expect(process.cpuUsage(start).user).toBeLessThan(20_000_000)
})
