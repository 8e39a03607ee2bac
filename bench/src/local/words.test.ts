import { expect, test } from 'vitest'
import { compareWords, f1, wordsIn } from './words.ts'

test('case and punctuation do not count, ligatures and wide letters are what they stand for', () => {
  expect(wordsIn('The ﬁrst, THE "ＡＢＣ-2"!')).toEqual(['the', 'first', 'the', 'abc', '2'])
})

test('a word counts as often as it is in both', () => {
  expect(compareWords(['a', 'a', 'b', 'c'], ['a', 'b', 'b', 'd'])).toEqual({ found: 4, truth: 4, both: 2 })
})

test('F1 is of everything together, not the mean of each', () => {
  const long = compareWords(['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'])
  const short = compareWords(['x'], ['y'])
  expect(f1([long, short])).toBeCloseTo(8 / 10)
  expect(f1([short])).toBe(0)
  expect(f1([])).toBe(1)
})
