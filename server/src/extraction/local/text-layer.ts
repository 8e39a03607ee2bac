import type { ParsedPage, TextItem } from '@llamaindex/liteparse'
import { hasOddWords, hasRoomForPicture } from './doubtful-text.ts'
import { fontPlace } from './font-place.ts'
import { type Box, type QuarterTurns, quarterTurnsOf, type Size, scaleBox, turnBack, unionBox } from './geometry.ts'
import type { FoundLine, FoundWord } from './layout.ts'
import { type Fragment, inReadingOrder, type PlacedWord } from './reading-order.ts'
import { cleanText, countLetters, isRightToLeft } from './text.ts'
import { tightBox } from './tight-box.ts'

type WordBox = NonNullable<TextItem['words']>[number]

/** LiteParse measures in points, 72 to the inch, from the top left. */
export const POINTS_PER_INCH = 72

/** Below this many letters and digits there is no text layer to speak of: a page number, a stamp. */
const FEW_LETTERS = 10

/** A scan with a stamp or a running header in its text layer has fewer letters than this; a page that only has a picture for background has more. */
export const STAMP_LETTERS = 100

/** Share of the page that its pictures cover from which on it may be a scan with margins. */
const SCAN_COVERAGE = 0.5

/** How many letters and digits the own text of a page has. */
export const lettersOf = ({ textItems }: Pick<ParsedPage, 'textItems'>): number =>
  textItems.reduce((sum, item) => sum + countLetters(item.text), 0)

/**
 * Whether a page has to be rendered and read by OCR. LiteParse's own verdict is not used: it wants OCR for 149 of 612
 * pages whose text is fine, because there is a small picture or little text on them.
 */
export const needsOcr = (page: ParsedPage): boolean => {
  const letters = lettersOf(page)
  if (letters < FEW_LETTERS) return true
  const { complexity } = page
  if (!complexity) return false
  const covered = complexity.fullPageImage || complexity.imageCoverage > SCAN_COVERAGE
  return complexity.isGarbled || (covered && (letters < STAMP_LETTERS || hasOddWords(page)))
}

/** A picture that covers so much of a page may be a screenshot, a table, a stamped form; a smaller one is a logo, an ornament, a face. */
const LARGE_PICTURE = 0.15

/** Whether a page that has text of its own has a picture too that may carry more. */
export const hasPictureToRead = (page: ParsedPage): boolean =>
  (page.complexity?.largestImageCoverage ?? 0) >= LARGE_PICTURE && hasRoomForPicture(page)

/** An item without word boxes: its width is shared out by the number of characters. */
const splitEvenly = (item: TextItem, turns: QuarterTurns): FoundWord[] => {
  const downwards = turns === 1 || turns === 3
  const backwards = turns === 2 || turns === 3
  const perUnit = (downwards ? item.height : item.width) / Math.max(1, item.text.length)
  return [...item.text.matchAll(/\S+/gu)].map((match) => {
    const [length, start] = [match[0].length * perUnit, match.index * perUnit]
    const at = backwards ? (downwards ? item.height : item.width) - start - length : start
    const box = downwards
      ? { x: item.x, y: item.y + at, width: item.width, height: length }
      : { x: item.x + at, y: item.y, width: length, height: item.height }
    return { text: match[0], box, confidence: 1 }
  })
}

const wordOf = ({ text, x, y, width, height }: WordBox): FoundWord => ({
  text,
  box: { x, y, width, height },
  confidence: 1,
})

const wordsOf = (item: TextItem, turns: QuarterTurns): FoundWord[] =>
  item.words?.length ? item.words.map(wordOf) : splitEvenly(item, turns)

/** A gap of less than this many line heights is no space: those that a text leaves out by mistake have 0.11 and more. */
const NO_GAP = 0.08

/**
 * LiteParse may give "name@example.com" as two words. The item's text says where the spaces are, so what it does not
 * separate, and the paper does not either, is one word: the first of them, which grows.
 */
const joinWords = (words: readonly PlacedWord[], text: string, lineHeight: number): PlacedWord[] => {
  const joined: PlacedWord[] = []
  let at = 0
  for (const word of words) {
    const found = text.indexOf(word.text, at)
    const last = joined.at(-1)
    const gap = last ? word.upright.x - last.upright.x - last.upright.width : 0
    if (last && found === at && gap < NO_GAP * lineHeight) {
      last.text += word.text
      last.box = unionBox([last.box, word.box])
      const upright = unionBox([last.upright, word.upright])
      if (upright.height !== last.upright.height) last.font = null
      last.upright = upright
    } else joined.push(word)
    if (found >= 0) at = found + word.text.length
  }
  return joined
}

type TurnedFragment = Fragment & { turns: QuarterTurns }

/** A damaged file can place text nowhere; a comparison with NaN would lose it. */
const isPlaced = ({ x, y, width, height }: Box): boolean =>
  Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(width) && Number.isFinite(height)

const fragmentsOf = (page: ParsedPage): TurnedFragment[] =>
  page.textItems.filter(isPlaced).flatMap((item) => {
    const turns = quarterTurnsOf(item.rotation ?? 0)
    const box = turnBack(item, page, turns)
    const placed = wordsOf(item, turns)
      .filter((word) => isPlaced(word.box) && cleanText(word.text) !== '')
      .map((word) => {
        const upright = turnBack(word.box, page, turns)
        return { text: word.text, box: word.box, confidence: 1, upright, font: fontPlace(item, upright.height) }
      })
    // Right-to-left text comes in the order in which it stands, where a comma precedes its word.
    const words = isRightToLeft(item.text) ? placed : joinWords(placed, item.text, box.height)
    return words.length > 0 ? [{ words, box, turns }] : []
  })

/** The size of a page once it is turned so that text of these turns is upright. */
const turned = ({ width, height }: Size, turns: QuarterTurns): Size =>
  turns % 2 === 1 ? { width: height, height: width } : { width, height }

const oppositeOf = (turns: QuarterTurns): QuarterTurns => ((4 - turns) % 4) as QuarterTurns

const toInches = (box: Box): Box => scaleBox(box, 1 / POINTS_PER_INCH, 1 / POINTS_PER_INCH)

/**
 * The lines of a page's own text in reading order, boxes in inches. Text that is turned is read by itself, in its own
 * direction: the direction with the most words first, so that a stamp at the margin comes last.
 */
export const textLayerLines = (page: ParsedPage): { lines: FoundLine[]; turns: QuarterTurns } => {
  const groups = Map.groupBy(fragmentsOf(page), (fragment) => fragment.turns)
  const size = (fragments: Fragment[]) => fragments.reduce((sum, fragment) => sum + fragment.words.length, 0)
  const ordered = [...groups].sort((a, b) => size(b[1]) - size(a[1]))
  const lines = ordered.flatMap(([turns, fragments]) =>
    inReadingOrder(fragments).map((words) => ({
      turns,
      words: words.map(({ text, upright, font, confidence }) => {
        const box = turnBack(tightBox(text, upright, font), turned(page, turns), oppositeOf(turns))
        return { text, box: toInches(box), confidence }
      }),
    })),
  )
  return { lines, turns: ordered[0]?.[0] ?? 0 }
}
