import { expect, test } from 'vitest'
import { compareTables, markdownTables } from './compare-tables.ts'

test('tables of Markdown, without comments, marks and case', () => {
  expect(markdownTables('Text\n\n| A **b** | <!-- image --> |\n|---|---|\n| 1 | x\\|y |\n\n| alone |\n| - |')).toEqual([
    [
      ['a b', ''],
      ['1', 'x y'],
    ],
    [['alone']],
  ])
})

test('cells that stand at their place, wherever the table begins', () => {
  const truth = [
    ['a', 'b'],
    ['1', '2'],
  ]
  const found = [
    ['title', ''],
    ['a', 'b'],
    ['1', '3'],
  ]
  expect(compareTables([truth], [found])).toEqual({ truth: 4, found: 5, same: 3 })
})

test('a cell that was found counts once', () => {
  const table = [['a', 'b']]
  expect(compareTables([table, table], [table])).toEqual({ truth: 4, found: 2, same: 2 })
})

test('two tables of the truth may be in one', () => {
  expect(compareTables([[['a']], [['c']]], [[['a', 'b', 'c']]])).toEqual({ truth: 2, found: 3, same: 2 })
})
