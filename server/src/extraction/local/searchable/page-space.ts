import type { Size } from '../geometry.ts'
import type { ToUserSpace } from './searchable-page.ts'

export type Rectangle = Size & { x: number; y: number }

/** What of a page is shown: of the two boxes, what is in both (ISO 32000-1, 14.11.2). */
export const intersection = (a: Rectangle, b: Rectangle): Rectangle => {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)]
  return {
    x,
    y,
    width: Math.min(a.x + a.width, b.x + b.width) - x,
    height: Math.min(a.y + a.height, b.y + b.height) - y,
  }
}

/**
 * From a page as it is seen, in a unit of its own, to its user space, whose origin is at the bottom left before the page is turned.
 * @param box that is shown, in points  @param turns clockwise quarter turns in which it is shown  @param seen the page's size in its unit
 */
export const toUserSpace = (box: Rectangle, turns: number, seen: Size): ToUserSpace => {
  const sideways = turns % 2 === 1
  const scaleX = (sideways ? box.height : box.width) / seen.width
  const scaleY = (sideways ? box.width : box.height) / seen.height
  const [right, top] = [box.x + box.width, box.y + box.height]
  return (x, y) => {
    const [across, down] = [x * scaleX, y * scaleY]
    if (turns === 1) return { x: box.x + down, y: box.y + across }
    if (turns === 2) return { x: right - across, y: box.y + down }
    if (turns === 3) return { x: right - down, y: top - across }
    return { x: box.x + across, y: top - down }
  }
}
