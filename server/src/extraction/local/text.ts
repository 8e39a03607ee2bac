/** Letters and digits, the characters that make a text worth reading, in any script. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/gu

/** What PostgreSQL refuses in jsonb (NUL, lone surrogates), and the control characters that PDFs leave in their text. */
const CONTROL = /\p{Cc}/gu

/** Makes any string safe to store: white space becomes single spaces, control characters go, lone surrogates become U+FFFD. */
export const cleanText = (text: string): string => text.replace(/\s+/gu, ' ').replace(CONTROL, '').toWellFormed().trim()

/** How many letters and digits a text has. */
export const countLetters = (text: string): number => text.match(LETTER_OR_DIGIT)?.length ?? 0

/** Hebrew, Arabic and their relatives, as far as one regular expression can say it. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/g

/** True when most letters of the text belong to scripts that are written from right to left. */
export const isRightToLeft = (text: string): boolean =>
  (text.match(RIGHT_TO_LEFT)?.length ?? 0) * 2 > countLetters(text)
