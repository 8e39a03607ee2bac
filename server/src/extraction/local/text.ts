/** Letters and digits, the characters that make a text worth reading, in any script. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/gu

/** What PostgreSQL refuses in jsonb (NUL, lone surrogates), and the control characters that PDFs leave in their text. */
const CONTROL = /\p{Cc}/gu

/** Nearly every word of Latin, Greek or Cyrillic script: there is nothing in it that would have to be cleaned. */
const CLEAN = /^[!-~\u00A1-\u167F]*$/

/** Whether there is nothing to be cleaned in a text, and no space: so it is with nearly every word. */
export const isCleanWord = (text: string): boolean => CLEAN.test(text)

/** Makes any string safe to store: white space becomes single spaces, control characters go, lone surrogates become U+FFFD. */
export const cleanText = (text: string): string =>
  CLEAN.test(text) ? text : text.replace(/\s+/gu, ' ').replace(CONTROL, '').toWellFormed().trim()

const LAST_OF_ASCII = 0x7f
const ASCII_LETTERS = Uint8Array.from({ length: LAST_OF_ASCII + 1 }, (_, code) =>
  /[0-9A-Za-z]/.test(String.fromCharCode(code)) ? 1 : 0,
)

/** How many letters and digits a text has. */
export const countLetters = (text: string): number => {
  let letters = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code > LAST_OF_ASCII) return text.match(LETTER_OR_DIGIT)?.length ?? 0
    letters += ASCII_LETTERS[code] as number
  }
  return letters
}

/** Hebrew, Arabic and their relatives, as far as one regular expression can say it. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/g

/** True when most letters of the text belong to scripts that are written from right to left. */
export const isRightToLeft = (text: string): boolean => {
  const found = text.match(RIGHT_TO_LEFT)?.length ?? 0
  return found > 0 && found * 2 > countLetters(text)
}
