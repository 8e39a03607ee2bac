import type { Page } from '@adp/contract/analyze-result.ts'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

const VOCABULARY = 20_000
export const WORDS_A_PAGE = 350
const SYLLABLES =
  'ba ce di fo gu la me ni po ru sa te vi xo za ção ões tra pre com ning ment able er al in de re'.split(' ')

export type InventedPage = { content: string; page: Page }

/** Pages of invented words, a few of them frequent and most rare, as in a language (Zipf); the same ones for the same seed. */
export function createPages(seed: number): { next(pageNumber: number): InventedPage; word(rank: number): string } {
  const generator = xoroshiro128plus(seed)
  const random = () => uniformFloat64(generator)
  const vocabulary = Array.from({ length: VOCABULARY }, (_, rank) => inventWord(rank))
  // The n-th word is as frequent as 1/n: its rank is spread evenly in the logarithm.
  const pick = () => vocabulary[Math.floor(VOCABULARY ** random()) - 1] ?? ''
  return {
    next: (pageNumber) => layOut(pageNumber, Array.from({ length: WORDS_A_PAGE }, pick)),
    word: (rank) => vocabulary[rank - 1] ?? '',
  }
}

/** A word of its own for each number, short for the frequent ones. */
function inventWord(rank: number): string {
  let word = ''
  for (let rest = rank + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    word += SYLLABLES[rest % SYLLABLES.length]
  }
  return word
}

/** Ten words a line, on a page of 8.5 by 11 inches. */
function layOut(pageNumber: number, texts: string[]): InventedPage {
  let offset = 0
  const words = texts.map((content, n) => {
    const span = { offset, length: content.length }
    offset += content.length + 1
    const [left, top] = [0.5 + (n % 10) * 0.75, 0.5 + Math.floor(n / 10) * 0.28]
    const [right, bottom] = [left + 0.7, top + 0.17]
    const polygon = [left, top, right, top, right, bottom, left, bottom].map((inches) => Number(inches.toFixed(2)))
    return { content, polygon, span, confidence: 1 }
  })
  const content = texts
    .map((text, n) => (n % 10 === 9 ? `${text}\n` : `${text} `))
    .join('')
    .trimEnd()
  return {
    content,
    page: { pageNumber, width: 8.5, height: 11, unit: 'inch', words, spans: [{ offset: 0, length: content.length }] },
  }
}
