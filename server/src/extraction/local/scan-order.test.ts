import { expect, test } from 'vitest'
import type { QuarterTurns } from './geometry.ts'
import type { FoundLine } from './layout.ts'
import { scanInReadingOrder } from './scan-order.ts'

const PAGE = { width: 1000, height: 1400 }
const LETTER = 10
const HEIGHT = 20

/** A line as OCR finds it: `gap` is a space as wide as four letters' heights, as between the columns of a table. */
const line = (text: string, x: number, y: number): FoundLine => {
  let at = x
  const words = text.split(' ').flatMap((word) => {
    if (word === 'gap') {
      at += 4 * HEIGHT
      return []
    }
    const box = { x: at, y, width: word.length * LETTER, height: HEIGHT }
    at += box.width + LETTER
    return [{ text: word, box, confidence: 0.9 }]
  })
  return { words, turns: 0 }
}

const textOf = (lines: FoundLine[]) => lines.map(({ words }) => words.map(({ text }) => text).join(' '))

test('columns of a table that OCR read one after the other are rows again, each cell a line', () => {
  const found = [
    line('Date', 100, 100),
    line('09-Dec', 100, 140),
    line('Place gap Note', 400, 101),
    line('Lisbon', 400, 141),
  ]
  expect(textOf(scanInReadingOrder(found, 0, PAGE))).toEqual(['Date', 'Place', 'Note', '09-Dec', 'Lisbon'])
})

test('columns of running text are read one after the other', () => {
  const column = (x: number) =>
    Array.from({ length: 8 }, (_, n) => line(`running text of line ${n} at ${x}`, x, 100 + 40 * n))
  const [left, right] = [column(100), column(550)]
  const mixed = left.flatMap((one, n) => [right[n] as FoundLine, one])
  expect(textOf(scanInReadingOrder(mixed, 0, PAGE))).toEqual(textOf([...left, ...right]))
})

test.each<QuarterTurns>([1, 2, 3])(
  'a page that is turned by %i quarters has the same order, and its words their boxes',
  (turns) => {
    const upright = [line('second line here', 100, 200), line('first line here', 100, 100)]
    const { width, height } = PAGE
    const turn = ({ x, y, width: w, height: h }: { x: number; y: number; width: number; height: number }) =>
      turns === 1
        ? { x: height - y - h, y: x, width: h, height: w }
        : turns === 2
          ? { x: width - x - w, y: height - y - h, width: w, height: h }
          : { x: y, y: width - x - w, width: h, height: w }
    const lying = upright.map(({ words }) => ({
      turns,
      words: words.map((word) => ({ ...word, box: turn(word.box) })),
    }))
    const size = turns === 2 ? PAGE : { width: height, height: width }
    const ordered = scanInReadingOrder([...lying, line('a stamp', 10, 10)], turns, size)
    expect(textOf(ordered)).toEqual(['first line here', 'second line here', 'a stamp'])
    expect(ordered[0]).toEqual(lying[1])
  },
)

test('nothing has an order', () => {
  expect(scanInReadingOrder([], 0, PAGE)).toEqual([])
})
