import { expect, test } from 'vitest'
import { wordBox } from './word-box.ts'

test('an upright word', () => {
  expect(wordBox([1, 2, 4, 2, 4, 3, 1, 3], 10)).toEqual({ x: 10, y: 30, width: 30, height: 10, degrees: 0 })
})

test('a word that runs down the page: its top left corner is at the top right', () => {
  const box = wordBox([3, 1, 3, 5, 2, 5, 2, 1], 1)
  expect(box).toEqual({ x: 2, y: 1, width: 4, height: 1, degrees: 90 })
})

test('a word that is upside down', () => {
  const box = wordBox([4, 3, 1, 3, 1, 2, 4, 2], 1)
  expect(box).toMatchObject({ x: 4, y: 2, width: 3, height: 1 })
  expect(Math.abs(box.degrees)).toBe(180)
})
