import type { TextItem } from '@llamaindex/liteparse'
import { expect, test } from 'vitest'
import { mayBeGarbled } from './garbled.ts'

const ENGLISH = 'The quick brown fox jumps over the lazy dog and runs away into the forest'
const PORTUGUESE = 'A rápida raposa castanha salta sobre o cão preguiçoso e foge para a floresta'

/** Each letter is another one, three further, as where a font's table of letters is wrong. */
const shifted = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 3) % 26) + 97))

const page = (...texts: [text: string, fontName?: string][]) => ({
  textItems: texts.map(([text, fontName]) => ({ text, fontName, x: 0, y: 0, width: 1, height: 1 }) as TextItem),
})

test.each([
  ['English', page([ENGLISH]), false],
  ['Portuguese', page([PORTUGUESE]), false],
  ['other letters than one sees', page([shifted(ENGLISH)]), true],
  ['in capitals', page([shifted(ENGLISH.toLowerCase()).toUpperCase()]), true],
  ['one font of two', page([ENGLISH, 'good'], [shifted(ENGLISH), 'bad']), true],
  ['a font with a few letters', page([ENGLISH.repeat(9), 'good'], [shifted(ENGLISH), 'bad']), false],
  ['too little to tell', page(['XKCD BDFG']), false],
  ['numbers', page(['1,234.56 7,890.12 '.repeat(20)]), false],
  ['a script without vowels of its own', page(['חברת החשמל לישראל בעירבון מוגבל '.repeat(5)]), false],
])('%s may be garbled: %#', (_, found, expected) => expect(mayBeGarbled(found)).toBe(expected))
