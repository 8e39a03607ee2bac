import fc from 'fast-check'
import { expect, test } from 'vitest'
import { snippetOf } from './search-snippet.ts'

const FILLER = 'lorem ipsum dolor '.repeat(30)

test('it is where most matches are near each other, in whole words', () => {
  const content = `${FILLER}one ${FILLER}one two three ${FILLER}`
  const matches = [...content.matchAll(/one|two|three/g)].map(({ 0: word, index }) => ({
    offset: index,
    length: word.length,
  }))
  const { text, matches: marked, starts_inside, ends_inside } = snippetOf(content, matches)
  expect(marked.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual(['one', 'two', 'three'])
  expect(text.split(' ').every((word) => `${FILLER}one two three`.split(' ').includes(word))).toBe(true)
  expect([starts_inside, ends_inside]).toEqual([true, true])
})

test('a short text is its own snippet', () => {
  expect(snippetOf('one\ntwo', [{ offset: 4, length: 3 }])).toEqual({
    text: 'one two',
    matches: [{ offset: 4, length: 3 }],
    starts_inside: false,
    ends_inside: false,
  })
})

test('whatever the text, it is a piece of it, well-formed, short, and its marks stand where they stood', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2000 })
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(400), (content, at, length) => {
      const offset = at % content.length
      const match = { offset, length: Math.min(length + 1, content.length - offset) }
      fc.pre(content.slice(0, offset).isWellFormed() && content.slice(0, offset + match.length).isWellFormed())
      const snippet = snippetOf(content, [match])
      expect(content.replace(/\s/g, ' ')).toContain(snippet.text)
      expect(snippet.text.isWellFormed()).toBe(true)
      expect(snippet.text.length).toBeLessThan(700)
      for (const marked of snippet.matches)
        expect(snippet.text.slice(marked.offset, marked.offset + marked.length)).toBe(
          content.slice(offset, offset + match.length).replace(/\s/g, ' '),
        )
      expect(snippet.matches).toHaveLength(1)
    }),
    { numRuns: 500 },
  )
})
