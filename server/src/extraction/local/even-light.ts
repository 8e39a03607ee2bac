import type { GreyImage } from './grey-image.ts'

/** The paper's light is looked at in squares of so many pixels: more than a line of text, less than a shadow. */
const SQUARE = 32

/** So much of a square is darker than its paper where it is full of text. */
const PAPER_QUANTILE = 0.8

/** Paper as light at one end of the page as at the other, up to this factor, is even: thresholds are local anyway. */
const EVEN = 1.15

/** How much a square that is darker than the surface counts in its fit; much darker are panels, photographs, the desk beside the paper. */
const DARKER_WEIGHT = 0.02
const MUCH_DARKER = { share: 0.7, weight: 0.0002 }
const ROUNDS = 12

/**
 * At least so many squares are as light as the surface, within a seventh: else there is the edge of a shadow, and to divide by what is
 * between light and dark would make it a stroke.
 */
const FITTING = 0.7
const FIT = 0.15

/** A fit that says the light falls below this share of white somewhere has lost its way; it stands for that much there. */
const LEAST_LIGHT = 0.15

/**
 * Print's edges: from one pixel to the one this far to the right the tone changes by so much, of 255, or by more. Smoothed grain is below it.
 * From paper to ink it is further where a scan is blurred or was enlarged: of such print that is black, half is seen two pixels away.
 */
const STEP = 4
const EDGE = 24
/** There must be so many of them, as a share of the page: a few words. */
const LEAST_EDGES = 0.0005
/** The sharpest of them: the rest are grain, or cut across the corners of letters. */
const SHARPEST = 0.97

/**
 * Print that stands out from its paper by less than this, of 255, is made to stand out by FULL_CONTRAST. F1 of print in 50 of 255: 0, then 99.
 * Black print has 110 and more, blurred and at 75 dpi too; strengthened, its letters run into one another: F1 of a blurred page 83, without 96.
 */
const FAINT = 90
const FULL_CONTRAST = 200

/** The terms of a surface of the second order, x and y from -1 to 1. */
const termsAt = (x: number, y: number): number[] => [1, x, y, x * x, x * y, y * y]
const TERMS = 6

type Square = { terms: number[]; tone: number }

const quantile = (counts: Uint32Array, total: number, share: number): number => {
  let seen = 0
  for (let tone = 0; tone < counts.length; tone += 1) {
    seen += counts[tone] as number
    if (seen >= share * total) return tone
  }
  return counts.length - 1
}

const squaresOf = ({ data, width, height }: GreyImage): Square[] => {
  const squares: Square[] = []
  for (let top = 0; top + SQUARE <= height; top += SQUARE)
    for (let left = 0; left + SQUARE <= width; left += SQUARE) {
      const counts = new Uint32Array(256)
      // Every other row and column tell as much.
      for (let y = top; y < top + SQUARE; y += 2)
        for (let at = y * width + left; at < y * width + left + SQUARE; at += 2)
          counts[data[at] as number] = (counts[data[at] as number] as number) + 1
      const [x, y] = [(2 * left + SQUARE) / width - 1, (2 * top + SQUARE) / height - 1]
      squares.push({ terms: termsAt(x, y), tone: quantile(counts, (SQUARE / 2) ** 2, PAPER_QUANTILE) })
    }
  return squares
}

/** Gaussian elimination, rows with their right-hand side at the end. */
const solve = (rows: number[][]): number[] => {
  for (let at = 0; at < TERMS; at += 1) {
    const pivot = rows
      .slice(at)
      .reduce((one, other) => (Math.abs(other[at] ?? 0) > Math.abs(one[at] ?? 0) ? other : one))
    rows.splice(rows.indexOf(pivot, at), 1)
    rows.splice(at, 0, pivot)
    for (const [n, row] of rows.entries()) {
      if (n === at) continue
      const factor = (row[at] as number) / ((pivot[at] as number) || 1)
      for (let column = at; column <= TERMS; column += 1)
        row[column] = (row[column] as number) - factor * (pivot[column] as number)
    }
  }
  return rows.map((row, at) => (row[TERMS] as number) / ((row[at] as number) || 1))
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, one, n) => sum + one * (b[n] as number), 0)

const weightOf = (tone: number, expected: number): number => {
  if (tone >= expected) return 1
  return tone < MUCH_DARKER.share * expected ? MUCH_DARKER.weight : DARKER_WEIGHT
}

/** The surface that most squares of paper lie on (asymmetric least squares, Eilers and Boelens, 2005). */
const fitPaper = (squares: readonly Square[]): number[] => {
  let surface = [0, 0, 0, 0, 0, 0]
  for (let round = 0; round < ROUNDS; round += 1) {
    const rows = Array.from({ length: TERMS }, () => new Array<number>(TERMS + 1).fill(0))
    for (const { terms, tone } of squares) {
      const weight = weightOf(tone, dot(terms, surface))
      for (const [n, row] of rows.entries()) {
        const term = weight * (terms[n] as number)
        for (let column = 0; column < TERMS; column += 1)
          row[column] = (row[column] as number) + term * (terms[column] as number)
        row[TERMS] = (row[TERMS] as number) + term * tone
      }
    }
    surface = solve(rows)
  }
  return surface
}

/** The picture as if its paper were white all over. */
const divideBy = ({ data, width, height }: GreyImage, surface: readonly number[]): GreyImage => {
  const [constant, byX, byY, byXX, byXY, byYY] = surface as [number, number, number, number, number, number]
  const even = Buffer.allocUnsafe(data.length)
  for (let row = 0, at = 0; row < height; row += 1) {
    const y = (2 * row) / height - 1
    const [ofRow, ofX] = [constant + byY * y + byYY * y * y, byX + byXY * y]
    for (let column = 0; column < width; column += 1, at += 1) {
      const x = (2 * column) / width - 1
      const light = Math.max(LEAST_LIGHT * 255, ofRow + ofX * x + byXX * x * x)
      even[at] = Math.min(255, ((data[at] as number) * 255) / light)
    }
  }
  return { data: even, width, height }
}

const evenOut = (image: GreyImage): GreyImage => {
  const squares = squaresOf(image)
  // Fewer are no page, but a picture of some words.
  if (squares.length < 10 * TERMS) return image
  const surface = fitPaper(squares)
  const lights = squares.map(({ terms }) => dot(terms, surface))
  const [least, most] = [Math.min(...lights), Math.max(...lights)]
  const fitting = squares.filter(({ tone }, n) => Math.abs(tone / (lights[n] as number) - 1) <= FIT).length
  const isUneven = most > EVEN * Math.max(1, least) && fitting >= FITTING * squares.length
  return isUneven ? divideBy(image, surface) : image
}

const countTones = (data: Uint8Array): Uint32Array => {
  const counts = new Uint32Array(256)
  for (const value of data) counts[value] = (counts[value] as number) + 1
  return counts
}

/** The tone that most of the lighter half has. */
const paperOf = (counts: Uint32Array): number => {
  let paper = 255
  for (let tone = 254; tone >= 96; tone -= 1) if ((counts[tone] as number) > (counts[paper] as number)) paper = tone
  return paper
}

/** By how much print stands out from what is beside it, whatever the light there, of 255; null without print. */
const contrastOf = ({ data }: GreyImage): number | null => {
  const edges = new Uint32Array(256)
  for (let at = STEP; at < data.length; at += 1) {
    const change = Math.abs((data[at] as number) - (data[at - STEP] as number))
    edges[change] = (edges[change] as number) + 1
  }
  edges.fill(0, 0, EDGE)
  const total = edges.reduce((sum, count) => sum + count, 0)
  return total < LEAST_EDGES * data.length ? null : quantile(edges, total, SHARPEST)
}

/** Makes faint print black on white. */
const strengthen = (image: GreyImage): GreyImage => {
  const contrast = contrastOf(image)
  if (contrast === null || contrast >= FAINT) return image
  const paper = paperOf(countTones(image.data))
  const tones = Uint8Array.from({ length: 256 }, (_, tone) =>
    Math.max(0, Math.min(255, Math.round(255 - ((paper - tone) * FULL_CONTRAST) / contrast))),
  )
  return { ...image, data: Buffer.from(image.data.map((value) => tones[value] as number)) }
}

/**
 * The picture as if its paper were evenly lit, and what is printed on it black: Tesseract's local threshold takes print for paper when that
 * differs from it by less than a third. Panels and photographs stay as they are.
 */
export const evenLight = (image: GreyImage): GreyImage => strengthen(evenOut(image))
