import { expect, test } from 'vitest'
import { type Fragment, inReadingOrder } from './reading-order.ts'

/** A fragment of 10 pt high text, 5 pt for each character. */
const fragment = (text: string, x: number, y: number): Fragment => {
  let at = x
  const words = text.split(' ').map((word) => {
    const box = { x: at, y, width: word.length * 5, height: 10 }
    at += (word.length + 1) * 5
    return { text: word, box, upright: box, confidence: 1 }
  })
  return { words, box: { x, y, width: text.length * 5, height: 10 } }
}

const read = (fragments: Fragment[]) =>
  inReadingOrder(fragments).map((words) => words.map((word) => word.text).join(' '))

const column = (name: string, x: number, y: number, lines = 6, pitch = 12) =>
  Array.from({ length: lines }, (_, line) => fragment(`${name}${line} some words of running text`, x, y + line * pitch))

const textOf = (fragments: Fragment[]) => fragments.map(({ words }) => words.map((word) => word.text).join(' '))

test('columns of running text are read one after the other, whatever the order they come in', () => {
  const [left, right] = [column('a', 50, 100), column('b', 320, 104, 6, 13)]
  const mixed = [...left, ...right].toSorted((a, b) => a.box.y - b.box.y)
  expect(read(mixed)).toEqual([...textOf(left), ...textOf(right)])
})

test('three columns', () => {
  const columns = [column('a', 20, 100), column('b', 220, 100), column('c', 420, 100)]
  expect(read(columns.flat().reverse())).toEqual(columns.flatMap(textOf))
})

test('a title above the columns is read first, a line across them in between', () => {
  const title = fragment('The title of it all goes right across both of the columns of the page', 100, 50)
  const between = fragment('And so does this wide caption in the middle of the page, for a wide figure', 100, 200)
  const top = [column('a', 50, 100), column('b', 320, 100)]
  const end = [column('c', 50, 220), column('d', 320, 220)]
  expect(read([...end.flat(), between, ...top.flat(), title])).toEqual([
    ...textOf([title]),
    ...top.flatMap(textOf),
    ...textOf([between]),
    ...end.flatMap(textOf),
  ])
})

test('a table is read row by row, its cells are lines of their own', () => {
  const rows = Array.from({ length: 6 }, (_, row) => [
    fragment(`item ${row}`, 50, 100 + row * 15),
    fragment(`${row} pieces`, 250, 100 + row * 15),
    fragment(`$${row}.00`, 450, 99 + row * 15),
  ])
  expect(read(rows.flat())).toEqual(rows.flatMap(textOf))
})

test('what stands on one line with small gaps is one line', () => {
  expect(read([fragment('justified', 50, 100), fragment('text', 105, 101), fragment('here', 137, 100)])).toEqual([
    'justified text here',
  ])
})

test('lines of a right-to-left script are read from the right', () => {
  expect(read([fragment('שלישי שני', 50, 100), fragment('ראשון', 100, 100)])).toEqual(['ראשון שני שלישי'])
})

test('nothing gives nothing', () => {
  expect(read([])).toEqual([])
})
