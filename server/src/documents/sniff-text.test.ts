import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { SNIFF_BYTES, sniffType } from './sniff-type.ts'

const sniff = async (bytes: Buffer) => sniffType(bytes.subarray(0, SNIFF_BYTES))

const PORTUGUESE = 'A situação é ótima: não há informação a corrigir.\nAtenção à próxima página.\n'
const RUSSIAN = 'Съешь же ещё этих мягких французских булок, да выпей чаю. Договор заключён между сторонами.\n'.repeat(
  3,
)

describe('a text in any encoding', () => {
  test.each<[string, string, string, object?]>([
    ['UTF-8', PORTUGUESE, 'utf-8'],
    ['UTF-8 with a mark', PORTUGUESE, 'utf-8', { addBOM: true }],
    ['UTF-16 with a mark', PORTUGUESE, 'utf-16le', { addBOM: true }],
    ['UTF-16 of the other order', PORTUGUESE, 'utf-16be', { addBOM: true }],
    ['UTF-16 without a mark', PORTUGUESE, 'utf-16le'],
    ['windows-1252', PORTUGUESE, 'windows-1252'],
    ['windows-1251', RUSSIAN, 'windows-1251'],
    ['Shift JIS', 'これは日本語の文書です。契約書の内容を確認してください。\n'.repeat(3), 'shift_jis'],
  ])('%s', async (_, text, encoding, options) => {
    expect(await sniff(iconv.encode(text, encoding, options))).toBe('text/plain')
  })

  test('cut within a letter', async () => {
    for (const from of [0, 1, 2]) {
      const text = Buffer.from('x'.repeat(from) + '€'.repeat(3000))
      expect(await sniff(Buffer.concat([Buffer.from('Price '), text]))).toBe('text/plain')
    }
  })
})

test.each<[string, string, string | null]>([
  [
    'prose with commas',
    'Dear Ana, thank you, really\nIt was good, so good, truly\nYours, Bob, and Eve\n',
    'text/plain',
  ],
  ['one line', 'a,b,c\n', 'text/plain'],
  ['commas', 'name,amount\nPaper,3\n"Pens, blue",4\n', 'text/csv'],
  ['semicolons and decimal commas', 'nome;valor\nPapel;3,50\nCanetas;4,20\n', 'text/csv'],
  ['tabs', 'a\tb\n1\t2\n', 'text/csv'],
  ['a heading', '# Report\n\nAll is well.\n', 'text/markdown'],
  ['a table', 'Sums\n\n| a | b |\n| - | - |\n| 1 | 2 |\n', 'text/markdown'],
  ['comments of a script', '#!/bin/sh\n# first\necho one\n# second\necho two\n', 'text/plain'],
  ['a page', '<!DOCTYPE html>\n<p>Hello', 'text/html'],
  ['a page of XML', '<?xml version="1.0"?>\n<html xmlns="x"><body/></html>', 'text/html'],
  ['a comment before', '<!-- made by hand -->\n<html><body>Hello</body></html>', 'text/html'],
  ['other XML', '<?xml version="1.0"?>\n<nfe><total>12.50</total></nfe>', 'text/plain'],
  ['a mail', 'Received: from x\n  by y\nSubject: Hello\n\nBody', 'message/rfc822'],
  ['a mail of a mailbox', 'From ana Mon Jan 1\nFrom: ana@example.com\nDate: x\n\nBody', 'message/rfc822'],
  ['a list of names and values', 'Name: Ana\nPlace: here\n\nSubject: none', 'text/plain'],
  ['RTF', '{\\rtf1\\ansi Hello}', 'application/rtf'],
  ['nothing but blanks', ' \n\n\t', null],
  ['a zero', 'Hello\0world', null],
  ['control characters', 'Hello\x01\x02 world', null],
])('%s', async (_, text, type) => {
  expect(await sniff(Buffer.from(text))).toBe(type)
})

test('bytes of no sense are no text', async () => {
  // Multiplicative noise: the same bytes on every run.
  for (let seed = 1; seed <= 200; seed += 1) {
    let state = seed
    const bytes = Buffer.from(
      Array.from({ length: 300 }, () => {
        state = (state * 48_271) % 2_147_483_647
        return state & 255
      }),
    )
    expect(await sniff(bytes)).toBeNull()
  }
})
