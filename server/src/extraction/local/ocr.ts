import { ExtractionError } from '../extractor.ts'
import type { Box, QuarterTurns, Size } from './geometry.ts'
import { scaleBox, turnBack } from './geometry.ts'
import { type GreyImage, isBlank, turnImage } from './grey-image.ts'
import type { FoundLine } from './layout.ts'
import type { Tesseract } from './tesseract.ts'
import { countLetters } from './text.ts'

/** Below this mean confidence the page may lie on its side. Upright pages that are clean have 0.85 to 0.95, turned ones 0.2 to 0.5. */
const SURE = 0.65

/** Words that speak for a reading: sideways text is read as many words of one and two letters, noise as words below this confidence. */
const TRUSTED_WORD = { confidence: 0.6, letters: 3 }

/** How long a photograph may take, in ms: words on one are found in a second or two, and noise keeps Tesseract busy for minutes. */
export const PHOTOGRAPH_MS = 5000

/** A word in a photograph is one with this confidence. */
const SURE_WORD = 0.7

/** A turned reading must have this many more trusted letters. */
const MARGIN = 5

/**
 * Lines run from left to right when at least this share of all confident letters is in trusted words: in our corpus it is 0.66
 * to 1 for upright text, the badly readable included, and at most 0.38 for text on its side.
 */
const HORIZONTAL_SHARE = 0.5

/** With fewer trusted letters than this the share says nothing. */
const ENOUGH_LETTERS = 30

export type OcrResult = {
  /** In the engine's reading order; boxes in the unit of `size`. */
  lines: FoundLine[]
  turns: QuarterTurns
  /** Mean over the words, 0 to 1; 0 without words. */
  confidence: number
}

export const NOTHING_READ: OcrResult = { lines: [], turns: 0, confidence: 0 }

/** Lines as Tesseract read them, and by how many quarters the picture was turned for it. */
type Reading = { read: FoundLine[]; turns: QuarterTurns }

const meanConfidence = (lines: FoundLine[]): number => {
  const words = lines.flatMap((line) => line.words)
  return words.length === 0 ? 0 : words.reduce((sum, word) => sum + word.confidence, 0) / words.length
}

/** Words that are surely read, of lines that have one of some letters: in photographs of leaves and gravel OCR finds others. */
export const sureLines = (lines: readonly FoundLine[]): FoundLine[] =>
  lines
    .map((line) => ({ ...line, words: line.words.filter(({ confidence }) => confidence >= SURE_WORD) }))
    .filter(({ words }) => words.some(({ text }) => countLetters(text) >= TRUSTED_WORD.letters))

/** Letters and digits in words that are confident and have at least so many of them. */
const lettersOf = ({ read }: Reading, atLeast: number): number =>
  read
    .flatMap((line) => line.words)
    .map((word) => (word.confidence >= TRUSTED_WORD.confidence ? countLetters(word.text) : 0))
    .reduce((sum, letters) => sum + (letters >= atLeast ? letters : 0), 0)

const trustedLetters = (reading: Reading): number => lettersOf(reading, TRUSTED_WORD.letters)

const isHorizontal = (reading: Reading): boolean => trustedLetters(reading) >= HORIZONTAL_SHARE * lettersOf(reading, 1)

const isSure = (reading: Reading): boolean => meanConfidence(reading.read) >= SURE && isHorizontal(reading)

/** Tesseract finds out by itself that text runs down the page, and reads it; not, that it runs up the page or is upside down. */
const turnsToTry = (reading: Reading): QuarterTurns[] =>
  isHorizontal(reading) && trustedLetters(reading) >= ENOUGH_LETTERS ? [2] : [2, 1, 3]

const oppositeOf = (turns: QuarterTurns): QuarterTurns => ((4 - turns) % 4) as QuarterTurns

const sumOf = (turns: QuarterTurns, more: QuarterTurns): QuarterTurns => ((turns + more) % 4) as QuarterTurns

/** As most of the words are turned. */
const turnsOfMost = (lines: FoundLine[]): QuarterTurns => {
  const words = [0, 0, 0, 0]
  for (const line of lines) words[line.turns] = (words[line.turns] ?? 0) + line.words.length
  return words.indexOf(Math.max(...words)) as QuarterTurns
}

const toLines = ({ read, turns }: Reading, image: Size, size: Size): FoundLine[] => {
  const sideways = turns % 2 === 1
  const seen = sideways ? { width: image.height, height: image.width } : image
  // What was turned clockwise to be read is turned back by as much.
  const place = (box: Box): Box =>
    scaleBox(turnBack(box, seen, turns), size.width / image.width, size.height / image.height)
  return read.map((line) => ({
    turns: sumOf(oppositeOf(turns), line.turns),
    words: line.words.map((word) => ({ ...word, box: place(word.box) })),
  }))
}

/** Reads the picture as it is and, when that makes little sense, turned, unless the next reading would end after `budgetMs`. */
const bestReading = async (image: GreyImage, tesseract: Tesseract, budgetMs: number, now: () => number) => {
  const start = now()
  let best: Reading = { read: await tesseract(image, budgetMs), turns: 0 }
  for (const [readings, turns] of turnsToTry(best).entries()) {
    const expectedMs = ((now() - start) / (readings + 1)) * (readings + 2)
    if (isSure(best) || expectedMs > budgetMs) break
    const [turned, left] = [await turnImage(image, turns), budgetMs - (now() - start)]
    // A second reading that fails does not spoil the first one.
    const read = await tesseract(turned, left).catch(() => null)
    if (!read) break
    const reading = { read, turns }
    if (trustedLetters(reading) > trustedLetters(best) + MARGIN) best = reading
  }
  return best
}

/**
 * Reads the text of a picture. `size` is the size, in any unit, that boxes are given in. Up to four readings are made
 * when the picture may lie on its side, as long as `budgetMs` is likely to suffice. Throws what Tesseract throws.
 */
export const readPicture = async (
  image: GreyImage,
  size: Size,
  tesseract: Tesseract,
  budgetMs: number,
  now: () => number = () => performance.now(),
): Promise<OcrResult> => {
  if (isBlank(image)) return NOTHING_READ
  const reading = await bestReading(image, tesseract, budgetMs, now)
  const lines = toLines(reading, image, size)
  return { lines, turns: turnsOfMost(lines), confidence: meanConfidence(lines) }
}

/**
 * Reads what there may be of text in a photograph: in one reading, only the words that are sure, and nothing when it takes longer than
 * `budgetMs`, as noise does.
 */
export const readPhotograph = async (
  image: GreyImage,
  size: Size,
  tesseract: Tesseract,
  budgetMs: number,
): Promise<OcrResult> => {
  const read = await tesseract(image, budgetMs).catch((error: unknown) => {
    if (error instanceof ExtractionError && error.code === 'page_timeout') return []
    throw error
  })
  const lines = toLines({ read: sureLines(read), turns: 0 }, image, size)
  return { lines, turns: turnsOfMost(lines), confidence: meanConfidence(lines) }
}
