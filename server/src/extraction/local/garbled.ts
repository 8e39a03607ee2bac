import type { ParsedPage } from '@llamaindex/liteparse'

/**
 * Text whose codes are mapped to the wrong letters has few vowels. In languages of Latin script 30 to 45 of 100 letters are; LiteParse calls
 * a text garbled below 20 of 100, in a page or in one font of it that has 15 of 100 of its letters. These bounds are a little wider,
 * since they are only to tell for which pages it is asked.
 */
const FEWEST_VOWELS = 0.22
const FEWEST_LETTERS = 25
const SHARE_OF_A_FONT = 0.12

type Count = { letters: number; vowels: number }

const LOWER_CASE = 0x20
const isLetter = (code: number) => code >= 0x61 && code <= 0x7a
/** a, e, i, o and u. */
const VOWELS = 1 | (1 << 4) | (1 << 8) | (1 << 14) | (1 << 20)

const countInto = (count: Count, text: string) => {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index) | LOWER_CASE
    if (!isLetter(code)) continue
    count.letters += 1
    if ((VOWELS >> (code - 0x61)) & 1) count.vowels += 1
  }
}

const isSuspicious = ({ letters, vowels }: Count) => letters >= FEWEST_LETTERS && vowels < FEWEST_VOWELS * letters

/** Whether the letters of a page may be other ones than those that a person sees. */
export const mayBeGarbled = (page: Pick<ParsedPage, 'textItems'>): boolean => {
  const fonts = new Map<string | undefined, Count>()
  for (const { fontName, text } of page.textItems) {
    let count = fonts.get(fontName)
    if (!count) {
      count = { letters: 0, vowels: 0 }
      fonts.set(fontName, count)
    }
    countInto(count, text)
  }
  const all = { letters: 0, vowels: 0 }
  for (const { letters, vowels } of fonts.values()) {
    all.letters += letters
    all.vowels += vowels
  }
  const counts = [...fonts.values()]
  return isSuspicious(all) || counts.some((one) => one.letters >= SHARE_OF_A_FONT * all.letters && isSuspicious(one))
}
