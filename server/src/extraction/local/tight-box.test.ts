import { expect, test } from 'vitest'
import { tightBox } from './tight-box.ts'

const font = { x: 10, y: 100, width: 60, height: 20 }

test.each([
  ['Hand', 104.2, 116],
  ['sure', 107.3, 116],
  ['sang', 107.3, 119],
  ['Gypsy', 104.2, 119],
  ['ÉTÉ', 101.4, 116],
  ['1,024', 104.2, 119],
])('%s has the box of its own letters', (text, top, bottom) => {
  const box = tightBox(text, font)
  expect(box.y).toBeCloseTo(top, 5)
  expect(box.y + box.height).toBeCloseTo(bottom, 5)
  expect([box.x, box.width]).toEqual([10.5, 59])
})

test('what is not written in Latin letters keeps the box of its font', () => {
  expect(tightBox('조사처', font)).toBe(font)
  expect(tightBox('שלום', font)).toBe(font)
})

test('a narrow word stays inside its box, with a width', () => {
  expect(tightBox('l', { ...font, width: 1 })).toMatchObject({ x: 10.25, width: 0.5 })
})

test('where the font is known, its letters stand on its baseline, however high its box is', () => {
  const low = tightBox('Hand', { ...font, height: 9.4 }, { size: 10, baseline: 7.3 })
  const high = tightBox('Hand', { ...font, height: 14.3 }, { size: 10, baseline: 10.5 })
  expect(low.height).toBeCloseTo(high.height, 5)
  expect(low.height).toBeCloseTo(7, 0)
  expect(low.y + low.height).toBeCloseTo(107.3, 5)
  expect(high.y + high.height).toBeCloseTo(110.5, 5)
})
