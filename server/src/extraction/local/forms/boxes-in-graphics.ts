import type { ParsedPage } from '@llamaindex/liteparse'
import type { Box } from '../geometry.ts'
import { bottom, centre, right } from '../structure/token.ts'
import type { FoundMark } from './marks.ts'

type Graphics = NonNullable<ParsedPage['vectorGraphics']>
type Shape = Graphics['shapes'][number]

/** The sides of a box to tick, in points; and how much longer one of them may be. */
const SMALLEST = 5
const LARGEST = 24
const SQUARE = 1.25

/** Edges that are closer, in points, are one. */
const SAME = 1.6

/** A page has fewer boxes to tick than this; a drawing, a map or a chart may have more squares. */
const MOST = 300
const MOST_SQUARES = 3000

/** What covers less of a box than this, or is closer to its edge than SAME, is no cross. */
const SMALLEST_MARK = 0.25

const isSquare = ({ width, height }: Box): boolean =>
  Math.min(width, height) >= SMALLEST &&
  Math.max(width, height) <= LARGEST &&
  Math.max(width, height) <= SQUARE * Math.min(width, height)

const isSame = (a: Box, b: Box): boolean =>
  Math.abs(a.x - b.x) < SAME &&
  Math.abs(a.y - b.y) < SAME &&
  Math.abs(right(a) - right(b)) < SAME &&
  Math.abs(bottom(a) - bottom(b)) < SAME

/** Light enough to be paper, or to be seen through. */
const isPaper = (colour: string | undefined): boolean => {
  if (!colour || colour.startsWith('00')) return true
  const [red, green, blue] = [2, 4, 6].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ]
  return 0.3 * red + 0.59 * green + 0.11 * blue > 200
}

const isInked = ({ stroke, strokeColor, fill, fillColor }: Shape): boolean =>
  (stroke && !isPaper(strokeColor ?? 'ff000000')) || (fill && !isPaper(fillColor ?? 'ff000000'))

const isFilled = ({ fill, fillColor }: Shape): boolean => fill && !isPaper(fillColor ?? 'ff000000')

/** Lines as long as a box, or a little longer; those of tables and of drawings are not looked at again for every square. */
const shortLines = ({ lines }: Graphics): Graphics['lines'] =>
  lines.filter(
    ({ x1, x2, y1, y2 }) =>
      Math.abs(y1 - y2) < SAME && Math.abs(x1 - x2) < 4 * LARGEST && Math.abs(x1 - x2) > SMALLEST / 2,
  )

/** Two lines along its upper and its lower edge: a rectangle. A diagonal of the same size has none. */
const hasEdges = (box: Box, lines: Graphics['lines']): boolean =>
  [box.y, bottom(box)].every((y) =>
    lines.some(
      (line) =>
        Math.abs(line.y1 - y) < SAME &&
        Math.min(line.x1, line.x2) < box.x + SAME &&
        Math.max(line.x1, line.x2) > right(box) - SAME,
    ),
  )

const isWithin = (inner: Box, outer: Box): boolean => {
  const { x, y } = centre(inner)
  return (
    x > outer.x &&
    x < right(outer) &&
    y > outer.y &&
    y < bottom(outer) &&
    inner.width <= 2 * outer.width &&
    inner.height <= 2 * outer.height
  )
}

/** Whether something is drawn in a box: a stroke or a curve, a smaller square that is filled, or a line from corner to corner. */
const isCrossed = (outline: Shape, shapes: readonly Shape[]): boolean =>
  shapes.some((shape) => {
    const { bbox } = shape
    if (shape === outline || !isInked(shape) || !isWithin(bbox, outline.bbox)) return false
    if (isSame(bbox, outline.bbox)) return shape.stroke && !shape.fill && !outline.hasCurve && !shape.hasCurve
    const isFrame = !isFilled(shape) && isSquare(bbox) && shape.hasCurve === outline.hasCurve
    return !isFrame && Math.max(bbox.width, bbox.height) >= SMALLEST_MARK * outline.bbox.width
  })

/** Squares in a row that touch are places for the letters of an answer. */
const isInComb = ({ bbox }: Shape, boxes: readonly Shape[]): boolean =>
  boxes.some(
    ({ bbox: other }) =>
      Math.abs(other.y - bbox.y) < SAME &&
      (Math.abs(other.x - right(bbox)) < SAME || Math.abs(right(other) - bbox.x) < SAME),
  )

/**
 * The boxes to tick among what is drawn on a page of a PDF: squares, and circles, with or without something in them.
 * @param toUnit of the page, from points
 */
export const boxesInGraphics = (graphics: Graphics, toUnit: number): FoundMark[] => {
  const squares = graphics.shapes.filter((shape) => isSquare(shape.bbox) && isInked(shape) && !isFilled(shape))
  // Each is compared with each.
  if (squares.length > MOST_SQUARES) return []
  const lines = shortLines(graphics)
  const outlines: Shape[] = []
  for (const shape of squares) {
    if (outlines.length > MOST) return []
    if (!shape.hasCurve && !hasEdges(shape.bbox, lines)) continue
    const isKnown = outlines.some(({ bbox }) => isSame(bbox, shape.bbox) || isWithin(shape.bbox, bbox))
    if (!isKnown) outlines.push(shape)
  }
  const near = graphics.shapes.filter(({ bbox }) => bbox.width <= 2 * LARGEST && bbox.height <= 2 * LARGEST)
  return outlines
    .filter((outline) => !isInComb(outline, outlines))
    .map((outline) => {
      const { x, y, width, height } = outline.bbox
      const box = { x: x * toUnit, y: y * toUnit, width: width * toUnit, height: height * toUnit }
      return {
        state: isCrossed(outline, near) ? 'selected' : 'unselected',
        box,
        confidence: 0.95,
        isSure: false,
      } as const
    })
}
