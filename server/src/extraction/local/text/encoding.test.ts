import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { decodeText, detectEncoding } from './encoding.ts'
import { textKind } from './text-kind.ts'

const TEXTS: Record<string, [text: string, encodings: string[]]> = {
  Portuguese: [
    'A situação económica não é boa: ações caíram, disse o primeiro-ministro.',
    ['windows-1252', 'iso-8859-1', 'cp850', 'macintosh'],
  ],
  French: ['L’été dernier, nous avons mangé des crêpes où j’ai vu ma sœur.', ['windows-1252', 'macintosh']],
  German: ['Die Größe der Übung für 5 Bücher ist äußerst schön.', ['windows-1252', 'cp850']],
  Icelandic: ['Það er gott veður í dag, sagði maðurinn og þagði síðan.', ['windows-1252']],
  'signs beside words': ['It costs £5, 3 m³ at 20 °C, 5 µm, the 1ª and the 2ºC: “¿qué?” ½ ®…', ['windows-1252']],
  Polish: ['Zażółć gęślą jaźń, to jest zwykły tekst po polsku.', ['windows-1250', 'iso-8859-2', 'cp852']],
  Czech: ['Příliš žluťoučký kůň úpěl ďábelské ódy.', ['windows-1250', 'iso-8859-2', 'cp852']],
  Hungarian: ['Árvíztűrő tükörfúrógép, mondta a győri tanító úr.', ['windows-1250', 'iso-8859-2', 'cp852']],
  Turkish: ['Pijamalı hasta yağız şoföre çabucak güvendi, dedi öğretmen.', ['windows-1254', 'iso-8859-9']],
  Russian: ['Это обычный текст на русском языке, чтобы проверить кодировку.', ['windows-1251', 'koi8-r', 'cp866']],
}
const cases = Object.entries(TEXTS).flatMap(([language, [text, encodings]]) =>
  encodings.map((encoding): [string, string, string] => [language, encoding, text]),
)

describe('a text in an encoding of one byte', () => {
  test.each(cases)('%s in %s', (_, encoding, text) => {
    const bytes = iconv.encode(`${text}\n`, encoding)
    expect(decodeText(bytes)).toBe(`${text}\n`)
    expect(textKind(bytes, true)).toBe('text/plain')
  })

  test('that ends with its only letter beyond ASCII is no UTF-8 that is cut off', () => {
    for (const text of ['Café', 'A José', 'Loading…']) expect(decodeText(iconv.encode(text, 'windows-1252'))).toBe(text)
    expect(detectEncoding(Buffer.from('É o café').subarray(0, -1))).toBe('utf-8')
  })

  test('a word with an accent is not Japanese, and a few words of Japanese are', () => {
    for (const text of ['Größe', 'año', 'naïve', 'É bom'])
      expect(decodeText(iconv.encode(text, 'windows-1252'))).toBe(text)
    expect(decodeText(iconv.encode('これは日本語の請求書です。内容を確認してください。', 'shift_jis'))).toBe(
      'これは日本語の請求書です。内容を確認してください。',
    )
  })

  test('bytes at random are no text of DOS, which has a letter for each', () => {
    let seed = 1
    const random = () => {
      seed = (seed * 48_271) % 0x7fffffff
      return 128 + (seed % 128)
    }
    for (let round = 0; round < 50; round += 1)
      expect(textKind(Buffer.from(Array.from({ length: 400 }, random)), true)).toBeNull()
  })
})
