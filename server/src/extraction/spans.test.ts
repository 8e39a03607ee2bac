import type { Span } from '@adp/contract/geometry.ts'
import { expect, test } from 'vitest'
import { moveBy, moveInto, moveSpans, piecesOf } from './spans.ts'

const span = (offset: number, length: number): Span => ({ offset, length })

/** A page that has the text from 10 to 14 and from 20 to 25 of its document. */
const intoPage = moveInto(piecesOf([span(10, 4), span(20, 5)]))

test.each<[string, Span, Span[]]>([
  ['inside a piece', span(21, 2), [span(5, 2)]],
  ['cut at both ends', span(0, 100), [span(0, 9)]],
  ['over a gap', span(12, 10), [span(2, 4)]],
  ['in the gap', span(14, 6), []],
  ['empty, at the end of a piece', span(14, 0), [span(4, 0)]],
  ['empty, in the gap', span(16, 0), []],
])('a span %s', (_, before, after) => {
  expect(intoPage(before)).toEqual(after)
})

test('an empty span between two pieces is one, though they are apart on the page', () => {
  expect(moveInto(piecesOf([span(5, 2), span(3, 2)]))(span(5, 0))).toEqual([span(0, 0)])
})

test('spans are moved wherever they are, and what is only called so is left', () => {
  const part = {
    span: span(20, 1),
    newer: [{ spans: [span(10, 1), span(0, 1)] }],
    fields: { spans: { type: 'string' }, span: { type: 'date' } },
  }
  expect(moveSpans(part, intoPage)).toEqual({ span: span(4, 1), newer: [{ spans: [span(0, 1)] }], fields: part.fields })
  expect(moveSpans(part, moveBy(100))).toEqual({
    span: span(120, 1),
    newer: [{ spans: [span(110, 1), span(100, 1)] }],
    fields: part.fields,
  })
  expect(part.span).toEqual(span(20, 1))
})

test('a single span that is not on the page is an error', () => {
  expect(() => moveSpans({ span: span(15, 2) }, intoPage)).toThrow(RangeError)
})
