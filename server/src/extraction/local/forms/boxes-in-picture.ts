import type { Box } from '../geometry.ts'
import type { GreyImage } from '../grey-image.ts'
import { paperOf } from '../structure/lines-in-picture.ts'
import { median } from '../structure/token.ts'
import type { FoundMark } from './marks.ts'

/** A pixel is dark when it has less than this share of the light of the paper. */
const DARK = 0.7

/** Sides of a box to tick, as shares of the picture's shorter side: 6.5 and 24 points of a letter page. Letters of 10 points are 7 high. */
const SMALLEST = 0.0107
const LARGEST = 0.04
const SQUARE = 1.25

/** Pixels that a side may stray from its line, and be broken by. */
const STRAY = 1
const BREAK = 2

/** Of each side so much is dark; the round corners and bellies of letters leave more open. */
const COVERED = 0.9

/** Around a box there is paper, so many pixels away, but for what ticks it: a letter has its belly there. */
const ASIDE = 3
const BUSY = 0.2

/** Beside a box, within so much of its width, there is hardly anything: a letter has the next letter there. */
const APART = 0.4
const NEXT_LETTER = 0.12

/** A side is a stroke: of the box, it is so thick at most; of one that is as small as a letter, not as thick as a
 * bold letter's, nor is it as full. */
const THICKEST = 0.18
const SMALL = { side: 0.015, thickest: 0.13, full: 0.6 }

/** Share of the inside, so far from the edge, that is dark: of an empty box less, of a ticked one more; a box that is full is a bullet or a picture. */
const INSET = 0.15
const EMPTY = 0.035
const FULL = 0.8

/** A form has fewer boxes; what has more is a pattern. */
const MOST = 300

type Found = Box & { ink: number }

type Page = { isDark(x: number, y: number): boolean; width: number; height: number; side: number }

/** Share of the places along a side that are dark, or beside which a pixel is. */
const coverage = (from: number, to: number, isDarkAt: (at: number, aside: number) => boolean): number => {
  let dark = 0
  for (let at = from; at < to; at += 1)
    for (let aside = -STRAY; aside <= STRAY; aside += 1)
      if (isDarkAt(at, aside)) {
        dark += 1
        break
      }
  return dark / Math.max(1, to - from)
}

/** How far down a side goes from the corner at x, y. */
const lengthDown = ({ isDark, height }: Page, x: number, y: number, most: number): number => {
  let [last, at] = [y, y]
  while (at < height && at - last <= BREAK && at - y <= most) {
    for (let aside = -STRAY; aside <= STRAY; aside += 1) if (isDark(x + aside, at)) last = at
    at += 1
  }
  return last - y + 1
}

/** How many pixels a stroke is thick that begins at x, y, or just behind, and is crossed downwards or to the right; 0: there is none. */
const thickness = ({ isDark }: Page, x: number, y: number, [stepX, stepY]: [number, number], most: number): number => {
  let start = -STRAY
  while (start <= STRAY && !isDark(x + start * stepX, y + start * stepY)) start += 1
  let thick = 0
  while (thick < most && isDark(x + (start + thick) * stepX, y + (start + thick) * stepY)) thick += 1
  return thick
}

/** The share of dark pixels. */
const inkIn = (page: Page, { x, y, width, height }: Box): number => {
  let dark = 0
  for (let row = y; row < y + height; row += 1)
    for (let column = x; column < x + width; column += 1) if (page.isDark(column, row)) dark += 1
  return width > 0 && height > 0 ? dark / (width * height) : 1
}

const isInWord = (page: Page, { x, y, width, height }: Box): boolean => {
  const apart = Math.ceil(APART * width)
  return [x - apart, x + width + ASIDE].some(
    (from) => inkIn(page, { x: from, y, width: apart - ASIDE, height }) > NEXT_LETTER,
  )
}

/** The box whose upper side is dark from `from` to `to` in row `y`, if there is one. */
const boxBelow = (page: Page, y: number, from: number, to: number): Found | null => {
  const width = to - from
  const most = Math.ceil(SQUARE * width)
  const heights = [lengthDown(page, from + 1, y, most + 8), lengthDown(page, to - 2, y, most + 8)]
  const height = Math.min(...heights)
  // What goes on below is a line of a table, or a letter.
  if (height < width / SQUARE || Math.max(...heights) > most || Math.max(...heights) - height > 2 * STRAY) return null
  const end = y + height - 1
  const across = (row: number) => coverage(from, to, (at, aside) => page.isDark(at, row + aside))
  const down = (column: number) => coverage(y, end, (at, aside) => page.isDark(column + aside, at))
  if (across(end - 1) < COVERED || down(from + 1) < COVERED || down(to - 2) < COVERED) return null
  const share = (count: number, isDarkAt: (at: number) => boolean) =>
    Array.from({ length: count }, (_, at) => isDarkAt(at)).filter(Boolean).length / count
  const rows = [y - ASIDE, end + ASIDE].map((row) => share(width, (at) => page.isDark(from + at, row)))
  const columns = [from - ASIDE, to - 1 + ASIDE].map((column) => share(height, (at) => page.isDark(column, y + at)))
  if (Math.max(...rows, ...columns) > BUSY) return null
  const isSmall = width < SMALL.side * page.side
  const thickest = Math.ceil((isSmall ? SMALL.thickest : THICKEST) * width)
  const places = [0.3, 0.5, 0.7].map((share) => Math.round(share * width))
  const edges = places.map((place) => thickness(page, from + place, y, [0, 1], thickest + 1))
  const sides = places.map((place) => thickness(page, from, y + place, [1, 0], thickest + 1))
  const edge = median([...edges, ...sides])
  if (edge > thickest || [...edges, ...sides].includes(0)) return null
  const box = { x: from, y, width, height }
  if (isInWord(page, box)) return null
  const inset = Math.max(edge + 2, Math.round(INSET * width))
  const inside = { x: from + inset, y: y + inset, width: width - 2 * inset, height: height - 2 * inset }
  const ink = inkIn(page, inside)
  return ink < (isSmall ? SMALL.full : FULL) ? { ...box, ink } : null
}

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const pageOf = ({ data, width, height }: GreyImage, dark: number): Page => {
  return {
    isDark: (x, y) => x >= 0 && x < width && y >= 0 && y < height && (data[y * width + x] as number) < dark,
    width,
    height,
    side: Math.min(width, height),
  }
}

const boxesIn = (image: GreyImage, paper: number): Found[] => {
  const dark = paper * DARK
  const page = pageOf(image, dark)
  const [smallest, largest] = [Math.floor(SMALLEST * page.side), Math.ceil(LARGEST * page.side)]
  const { data, width: stride } = image
  const found: Found[] = []
  for (let y = 0; y < page.height - smallest; y += 1) {
    let from = -1
    for (let x = 0, last = -1; x <= page.width; x += 1) {
      if (x < stride && (data[y * stride + x] as number) < dark) {
        if (from < 0) from = x
        last = x
      } else if (from >= 0 && x - last > BREAK) {
        const width = last + 1 - from
        if (width >= smallest && width <= largest) {
          const box = boxBelow(page, y, from, last + 1)
          if (box && !found.some((other) => overlaps(box, other))) found.push(box)
        }
        from = -1
      }
    }
    if (found.length > MOST) return []
  }
  return found
}

/** The picture without its boxes, which OCR reads as letters. */
const withoutBoxes = (image: GreyImage, boxes: readonly Box[], paper: number): GreyImage => {
  const data = Buffer.from(image.data)
  for (const box of boxes)
    for (let y = Math.max(0, box.y - STRAY); y < Math.min(image.height, box.y + box.height + STRAY); y += 1)
      data.fill(
        paper,
        y * image.width + Math.max(0, box.x - STRAY),
        y * image.width + Math.min(image.width, box.x + box.width + STRAY),
      )
  return { ...image, data }
}

/** The boxes to tick in a picture, in its pixels, and `text` without them. */
export const partBoxes = (image: GreyImage, text: GreyImage): { marks: FoundMark[]; text: GreyImage } => {
  const paper = paperOf(image.data)
  const boxes = boxesIn(image, paper)
  if (boxes.length === 0) return { marks: [], text }
  const marks = boxes.map(({ ink, ...box }) => ({
    state: ink > EMPTY ? 'selected' : 'unselected',
    box,
    // Between empty and ticked lies dust; the nearer to it, the less sure.
    confidence: ink < EMPTY / 2 || ink > 3 * EMPTY ? 0.9 : 0.6,
    isSure: false,
  })) satisfies FoundMark[]
  return { marks, text: withoutBoxes(text, boxes, paper) }
}
