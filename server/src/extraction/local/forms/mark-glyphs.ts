import type { FoundLine, FoundWord } from '../layout.ts'
import type { MarkState } from '../structure/token.ts'
import { countLetters } from '../text.ts'
import { markText } from './marks.ts'

/** Boxes, in Unicode and where Wingdings and its relatives put them (U+F000 and their code), and ticks. */
const SELECTED = '☑☒✓✔✗✘🗹🗵🗷⮽⊠\uF0FE\uF0FD\uF0FC\uF0FB\uF052\uF053\uF054'
const UNSELECTED = '☐□❏❐❑❒◻▢⬜🞎🞏\uF06F\uF0A8\uF071\uF072\uF0A3'

/** Bullets as often as marks: they are marks on a page that has both. */
const PAIRS: [selected: string, unselected: string][] = [
  ['■▣◼⬛\uF06E\uF0A7', '□◻▢❏❐❑❒☐\uF06F\uF0A8'],
  ['●⦿◉⚫🔘', '○◯⚪'],
]

const BRACKETS = /^(?:\[[xX✓✔]\]|\[_?\])$/u

type Known = (text: string) => MarkState | undefined

/** What stands for a mark on this page. */
const knownOn = (lines: readonly FoundLine[]): Known => {
  const seen = new Set(lines.flatMap((line) => line.words.flatMap(({ text }) => [...text])))
  const onPage = (set: string) => [...set].some((glyph) => seen.has(glyph))
  const both = PAIRS.filter(([selected, unselected]) => onPage(selected) && onPage(unselected))
  const [selected, unselected] = [0, 1].map((side) => both.map((pair) => pair[side]).join('')) as [string, string]
  const glyphs = new Map<string, MarkState>()
  for (const glyph of UNSELECTED + unselected) glyphs.set(glyph, 'unselected')
  for (const glyph of SELECTED + selected) glyphs.set(glyph, 'selected')
  return (text) => {
    const state = glyphs.get(text)
    if (state) return state
    return BRACKETS.test(text) ? (/[^[\]_]/.test(text) ? 'selected' : 'unselected') : undefined
  }
}

/** "[ ]" is read as two words. */
const joinBrackets = (words: readonly FoundWord[]): FoundWord[] => {
  const joined: FoundWord[] = []
  for (const word of words) {
    const last = joined.at(-1)
    const isOne = last && /^\[[xX✓✔_]?$/u.test(last.text) && /^[xX✓✔]?\]$/u.test(word.text)
    if (isOne) {
      const box = { ...last.box, width: word.box.x + word.box.width - last.box.x }
      joined.splice(-1, 1, { ...last, text: last.text + word.text, box })
    } else joined.push(word)
  }
  return joined
}

/** A mark without a space before or after its label: "☐Yes". */
const partsOf = (word: FoundWord, known: Known): FoundWord[] => {
  const glyphs = [...word.text]
  const first = known(glyphs[0] ?? '') && glyphs.length > 1
  const last = known(glyphs.at(-1) ?? '') && glyphs.length > 1
  if ((!first && !last) || countLetters(word.text) === 0) return [word]
  const ends = [0, ...(first ? [1] : []), ...(last ? [glyphs.length - 1] : []), glyphs.length]
  const share = word.box.width / glyphs.length
  return ends.slice(1).flatMap((end, index) => {
    const from = ends[index] as number
    const text = glyphs.slice(from, end).join('')
    return text === ''
      ? []
      : [{ ...word, text, box: { ...word.box, x: word.box.x + from * share, width: (end - from) * share } }]
  })
}

/** Any of them, so that a page without is let alone: most are. */
const ANY = new RegExp(`[${SELECTED}${UNSELECTED}${PAIRS.flat().join('')}\\[]`, 'u')

const hasGlyph = ({ words }: FoundLine): boolean => words.some(({ text }) => ANY.test(text))

/** The same lines, where words that are selection marks are marked as such. */
export const withMarkGlyphs = (lines: readonly FoundLine[]): readonly FoundLine[] => {
  const marked = new Set(lines.filter(hasGlyph))
  if (marked.size === 0) return lines
  const known = knownOn([...marked])
  return lines.map((line) => (marked.has(line) ? withMarksOf(line, known) : line))
}

const withMarksOf = (line: FoundLine, known: Known): FoundLine => ({
  ...line,
  words: joinBrackets(line.words)
    .flatMap((word) => (line.turns === 0 ? partsOf(word, known) : [word]))
    .map((word) => {
      const state = known(word.text)
      return state ? { ...word, text: markText(state), mark: state } : word
    }),
})
