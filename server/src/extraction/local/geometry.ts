/** An upright rectangle, top-left origin, in any unit. */
export type Box = { x: number; y: number; width: number; height: number }

/** The same by where it ends. */
export type Edges = { left: number; top: number; right: number; bottom: number }

export type Size = { width: number; height: number }

/** Clockwise quarter turns: 1 is text that reads from top to bottom. */
export type QuarterTurns = 0 | 1 | 2 | 3

/** Degrees, any sign, to the nearest number of clockwise quarter turns. */
export const quarterTurnsOf = (degrees: number): QuarterTurns =>
  (((Math.round(degrees / 90) % 4) + 4) % 4 || 0) as QuarterTurns

/** Quarter turns as Azure's `angle`: degrees, clockwise, above -180 and up to 180. */
export const angleOf = (turns: QuarterTurns): number => (turns === 3 ? -90 : turns * 90)

/**
 * Where a box lies once the page is turned back by `turns`, so that text turned clockwise by as many quarters is upright.
 * `page` is the size of the page as it is.
 */
export const turnBack = (box: Box, page: Size, turns: QuarterTurns): Box => {
  const { x, y, width, height } = box
  const right = page.width - x - width
  const bottom = page.height - y - height
  if (turns === 1) return { x: y, y: right, width: height, height: width }
  if (turns === 2) return { x: right, y: bottom, width, height }
  if (turns === 3) return { x: bottom, y: x, width: height, height: width }
  return box
}

/** The corners of a box in the order of a Polygon: clockwise, from the top left of text that is turned by `turns`. */
export const corners = ({ left, top, right, bottom }: Edges, turns: QuarterTurns): number[] => {
  const clockwise = [left, top, right, top, right, bottom, left, bottom]
  return turns === 0 ? clockwise : [...clockwise.slice(turns * 2), ...clockwise.slice(0, turns * 2)]
}

/** The smallest box around several. At least one must be given. */
export const unionBox = (boxes: readonly Box[]): Box => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const box of boxes) {
    left = Math.min(left, box.x)
    top = Math.min(top, box.y)
    right = Math.max(right, box.x + box.width)
    bottom = Math.max(bottom, box.y + box.height)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

export const scaleBox = (box: Box, byX: number, byY: number): Box => ({
  x: box.x * byX,
  y: box.y * byY,
  width: box.width * byX,
  height: box.height * byY,
})
