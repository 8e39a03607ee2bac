import type { Polygon } from '@adp/contract/analyze-result.ts'

/** Where a word stands: its bottom left corner, its size along and across its baseline, and how far that is turned. */
export type WordBox = { x: number; y: number; width: number; height: number; degrees: number }

/** The box of a polygon (corners clockwise from the top left of the text), in the polygon's unit times `scale`. */
export function wordBox(polygon: Polygon, scale: number): WordBox {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, , , x4 = 0, y4 = 0] = polygon.map((value) => value * scale)
  return {
    x: x4,
    y: y4,
    width: Math.hypot(x2 - x1, y2 - y1),
    height: Math.hypot(x4 - x1, y4 - y1),
    degrees: (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI,
  }
}
