import type { TextItem } from '@llamaindex/liteparse'
import type { FontPlace } from './tight-box.ts'

/** A box that is so many times as high as its font is of one line and one font. Others are of what has been put together. */
const LOWEST = 0.85
const HIGHEST = 1.6

/** A box has the ascent and the descent that its font tells if it is as high as they are, but for a tenth. */
const NEARLY = 0.1

/**
 * Ascents of a box whose font tells others, by its height, both in sizes of the font: 0.73 of 0.94 in Arial by Distiller, 0.9 of 1.12 in Arial
 * by Word, 1.05 of 1.43 where PDFium takes the box of all letters of the font. A line through these is nowhere 0.06 off.
 */
const ascentOf = (height: number): number => 0.73 + 0.66 * (height - 0.94)

type Metrics = Pick<TextItem, 'fontHeight' | 'fontSize' | 'fontAscent' | 'fontDescent'>

/**
 * Where the baseline of text is in a box that PDFium gives it: from its ascent to its descent, which are from 0.68 and 0.22 of its size, in fonts of
 * TeX, to 1.06 and 0.38. null when nothing tells.
 * @param height of the box, across the text
 */
export const fontPlace = (
  { fontHeight: size, fontSize, fontAscent, fontDescent }: Metrics,
  height: number,
): FontPlace | null => {
  if (!size || !(height >= LOWEST * size && height <= HIGHEST * size)) return null
  const told = (fontAscent ?? 0) - (fontDescent ?? 0)
  // A damaged font may have its feet above its letters' heads.
  const isTold =
    fontSize && fontAscent && told >= fontAscent && Math.abs((told * size) / fontSize - height) < NEARLY * height
  return { size, baseline: isTold ? (fontAscent / told) * height : ascentOf(height / size) * size }
}
