import { median, type Token } from './token.ts'

/** What distances on a page are measured by: the height of a line, the width of a letter, and from how wide a gap on two words are apart. */
export type Scale = { height: number; character: number; space: number }

/** Spaces are about half as wide as letters; in justified text, or in a font of fixed width, up to one and a half. */
const WIDEST_SPACE = 1.6

/** A line of text is so much higher than most of its words. */
const LINE = 1.6

/** Shorter words say little about the width of a letter: "I", "1." */
const LETTERS_ENOUGH = 3

export const scaleOf = (all: readonly Token[]): Scale => {
  const words = all.filter(({ mark }) => !mark)
  const tokens = words.length > 0 ? words : all
  const long = tokens.filter(({ text }) => text.length >= LETTERS_ENOUGH)
  const character = median((long.length > 0 ? long : tokens).map(({ text, box }) => box.width / text.length))
  return { height: LINE * median(tokens.map(({ box }) => box.height)), character, space: WIDEST_SPACE * character }
}
