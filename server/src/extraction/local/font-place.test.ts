import { expect, test } from 'vitest'
import { fontPlace } from './font-place.ts'

test('the baseline is as far below the top as the font says, whatever scale the page has', () => {
  const tex = { fontHeight: 10, fontSize: 10, fontAscent: 6.8, fontDescent: -2.2 }
  expect(fontPlace(tex, 9)?.baseline).toBeCloseTo(6.8, 5)
  const scaled = { fontHeight: 10, fontSize: 1, fontAscent: 0.68, fontDescent: -0.22 }
  expect(fontPlace(scaled, 9)).toEqual(fontPlace(tex, 9))
})

test('where the box is not as high as the font says, its height tells', () => {
  const arial = { fontHeight: 10, fontSize: 10, fontAscent: 9, fontDescent: -2.1 }
  expect(fontPlace(arial, 9.38)?.baseline).toBeCloseTo(7.3, 0)
  expect(fontPlace(arial, 14.3)?.baseline).toBeCloseTo(10.5, 0)
})

test('a box of more than one line, or a font without a height, tells nothing', () => {
  const arial = { fontHeight: 10, fontSize: 10, fontAscent: 9, fontDescent: -2.1 }
  expect(fontPlace(arial, 30)).toBeNull()
  expect(fontPlace(arial, Number.NaN)).toBeNull()
  expect(fontPlace({ fontSize: 10 }, 11)).toBeNull()
})
