import { expect, test } from 'vitest'
import { angleOf, corners, quarterTurnsOf, turnBack } from './geometry.ts'

const page = { width: 100, height: 200 }
const box = { x: 10, y: 20, width: 30, height: 5 }

test.each([
  [0, 0],
  [90, 1],
  [-90, 3],
  [270, 3],
  [315, 0],
  [359.9, 0],
  [-180, 2],
])('%d degrees are %d quarter turns', (degrees, turns) => {
  expect(quarterTurnsOf(degrees)).toBe(turns)
})

test('four quarter turns bring a box back to where it was', () => {
  const sideways = { width: page.height, height: page.width }
  const turned = turnBack(turnBack(turnBack(turnBack(box, page, 1), sideways, 1), page, 1), sideways, 1)
  expect(turned).toEqual(box)
})

test('two quarter turns are a half turn', () => {
  const sideways = { width: page.height, height: page.width }
  expect(turnBack(turnBack(box, page, 1), sideways, 1)).toEqual(turnBack(box, page, 2))
  expect(turnBack(turnBack(box, page, 2), page, 1)).toEqual(turnBack(box, page, 3))
})

test('text at the right edge that reads downwards is the first line once it is upright', () => {
  expect(turnBack({ x: 90, y: 0, width: 10, height: 50 }, page, 1)).toEqual({ x: 0, y: 0, width: 50, height: 10 })
})

test('corners begin at the top left of the text, not of the page', () => {
  const edges = { left: 10, top: 20, right: 40, bottom: 25 }
  expect(corners(edges, 0)).toEqual([10, 20, 40, 20, 40, 25, 10, 25])
  expect(corners(edges, 1)).toEqual([40, 20, 40, 25, 10, 25, 10, 20])
  expect(corners(edges, 3)).toEqual([10, 25, 10, 20, 40, 20, 40, 25])
})

test('angles are above -180 and up to 180', () => {
  expect(([0, 1, 2, 3] as const).map(angleOf)).toEqual([0, 90, 180, -90])
})
