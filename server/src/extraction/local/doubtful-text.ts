import type { ParsedPage } from '@llamaindex/liteparse'

/** So many words of a page are looked at: as many as tell. */
const SAMPLE = 120
const ENOUGH = 15

/** In print 1 to 12 of 100 words are odd, in tables of codes more; in what a bad OCR left behind a scan 30 and more. */
const ODD_SHARE = 0.25

/** What letters and digits of a word are written between. */
const PLAIN = /^[\p{P}\p{S}]*(.*?)[\p{P}\p{S}]*$/u

/** A word, its plural, its abbreviation; a number, a date, an amount, one with a unit; an address. */
const USUAL = [
  /^(\p{Lu}?[\p{Ll}\p{M}]+|\p{Lu}+|\p{Lo}+)([-'’./](\p{Lu}?[\p{Ll}\p{M}]+|\p{Lu}+|\p{N}+))*$/u,
  /^\p{N}+([.,:/'’-]\p{N}+)*(\p{L}{1,3})?$/u,
  /^[\p{L}\p{N}._-]+@[\p{L}\p{N}.-]+$|^(https?:|www\.)/u,
]

/** Letters that stand by themselves in some language: a, e, i, o, u, y, A in a list. */
const ALONE = /^[aeiouyàéóAEIOUY]$/u

const isOdd = (word: string): boolean => {
  const [, plain = ''] = PLAIN.exec(word) ?? []
  if (plain === '') return word.length > 1
  if (/^\p{L}$/u.test(plain) && plain === word) return !ALONE.test(plain)
  return !USUAL.some((usual) => usual.test(plain))
}

const GRID = 16

/** A page that is full of text has more letters. */
const MUCH_TEXT = 1000

/** The largest part of the page, as a share, that is one rectangle without text: a picture may be there. */
const SPACE_FOR_A_PICTURE = 0.25

/** Whether what stands on the page as text is hardly words, as what a bad OCR left behind a scan. */
export const hasOddWords = ({ textItems }: Pick<ParsedPage, 'textItems'>): boolean => {
  let [seen, odd] = [0, 0]
  for (const { text } of textItems) {
    for (const word of text.split(/\s+/)) {
      if (word === '') continue
      seen += 1
      if (isOdd(word)) odd += 1
    }
    if (seen >= SAMPLE) break
  }
  return seen >= ENOUGH && odd >= ODD_SHARE * seen
}

/** The largest rectangle of free cells that ends in a row, for each row: with as many free cells above each as `heights` says. */
const largestUnder = (heights: readonly number[]): number => {
  let largest = 0
  for (let from = 0; from < heights.length; from += 1) {
    let lowest = Number.POSITIVE_INFINITY
    for (let to = from; to < heights.length; to += 1) {
      lowest = Math.min(lowest, heights[to] as number)
      largest = Math.max(largest, lowest * (to - from + 1))
    }
  }
  return largest
}

/** Whether there is so much room beside the text of a page that a large picture may be there. */
export const hasRoomForPicture = (page: ParsedPage): boolean => {
  const { textItems, width, height } = page
  if (textItems.reduce((sum, { text }) => sum + text.length, 0) > MUCH_TEXT) return false
  const taken = new Uint8Array(GRID * GRID)
  const cell = (at: number, size: number) => Math.max(0, Math.min(GRID - 1, Math.floor((at / size) * GRID)))
  for (const { x, y, width: wide, height: high } of textItems) {
    const [left, right] = [cell(x, width), cell(x + wide, width)]
    for (let row = cell(y, height); row <= cell(y + high, height); row += 1)
      taken.fill(1, row * GRID + left, row * GRID + right + 1)
  }
  const heights = new Array<number>(GRID).fill(0)
  let largest = 0
  for (let row = 0; row < GRID; row += 1) {
    for (let column = 0; column < GRID; column += 1)
      heights[column] = taken[row * GRID + column] === 1 ? 0 : (heights[column] as number) + 1
    largest = Math.max(largest, largestUnder(heights))
  }
  return largest >= SPACE_FOR_A_PICTURE * GRID * GRID
}
