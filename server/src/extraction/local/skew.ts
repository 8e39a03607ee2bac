import sharp from 'sharp'
import type { Size } from './geometry.ts'
import type { GreyImage } from './grey-image.ts'

/** Paper that went in askew, or was held so: more is no skew but somebody's design. */
const MOST_DEGREES = 10
const COARSE_STEP = 0.5
const FINE_STEP = 0.1

/** Tesseract reads what is less askew as well as what is straight: F1 of an invoice 100 at 1 degree, 77 at 5. */
const LEAST_DEGREES = 0.7

/** Lines of text are at least this much sharper in the direction they run than in a usual one: 1.6 and more on pages, below 1.2 on photographs. */
const SHARPER = 1.35

/** The edges of photographs and of noise are as many in any direction, within this factor; there are at least so many of them. */
const LINELESS = 1.2
const BUSY = 5000

/** The picture is looked at in this size: a degree moves the end of a line by 14 pixels. */
const LOOKED_AT = 800
/** A change from one pixel to the next that is the edge of a letter. */
const EDGE = 24
const MOST_EDGES = 40_000
const FEWEST_EDGES = 200

type Points = { along: Float32Array; across: Float32Array }

const small = async ({ data, width, height }: GreyImage): Promise<GreyImage> => {
  const scale = Math.min(1, LOOKED_AT / Math.max(width, height))
  const { data: pixels, info } = await sharp(data, { raw: { width, height, channels: 1 } })
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data: pixels, width: info.width, height: info.height }
}

/** Where it gets lighter from one pixel to the one `step` further, whatever the light: below the letters of a line, say. */
const edgesOf = ({ data, width }: GreyImage, step: number): number[] => {
  const edges: number[] = []
  for (let at = step; at < data.length; at += 1)
    if ((data[at] as number) - (data[at - step] as number) > EDGE && (step > 1 || at % width > 0)) edges.push(at)
  const every = Math.ceil(edges.length / MOST_EDGES)
  return every <= 1 ? edges : edges.filter((_, n) => n % every === 0)
}

/** Points by their distance along a line of text and across it. Columns are lines of text that is turned by a quarter. */
const pointsOf = (image: GreyImage, turned: boolean): Points | null => {
  const edges = edgesOf(image, turned ? 1 : image.width)
  if (edges.length < FEWEST_EDGES) return null
  const [x, y] = [edges.map((at) => at % image.width), edges.map((at) => Math.floor(at / image.width))]
  const points = turned ? { along: y, across: x.map((one) => -one) } : { along: x, across: y }
  return { along: Float32Array.from(points.along), across: Float32Array.from(points.across) }
}

/** How unevenly points lie in lanes that run at an angle: most unevenly when the lanes are the lines of the text. */
const sharpness = ({ along, across }: Points, degrees: number): number => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const lanes = new Uint32Array(4 * LOOKED_AT)
  for (let n = 0; n < along.length; n += 1) {
    const lane = Math.round((across[n] as number) * cos - (along[n] as number) * sin) + 2 * LOOKED_AT
    lanes[lane] = (lanes[lane] as number) + 1
  }
  return lanes.reduce((sum, count) => sum + count * count, 0)
}

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, n) => from + n * step)

const sharpestOf = (points: Points): { degrees: number; ratio: number } => {
  const scores = range(-MOST_DEGREES, MOST_DEGREES, COARSE_STEP).map((degrees) => ({
    degrees,
    score: sharpness(points, degrees),
  }))
  const best = (all: typeof scores) => all.reduce((one, other) => (other.score > one.score ? other : one))
  const coarse = best(scores)
  const usual = scores.map(({ score }) => score).toSorted((a, b) => a - b)[scores.length >> 1] ?? 1
  const near = range(coarse.degrees - COARSE_STEP, coarse.degrees + COARSE_STEP, FINE_STEP)
  const fine = best(near.map((degrees) => ({ degrees, score: sharpness(points, degrees) })))
  return { degrees: fine.degrees, ratio: fine.score / usual }
}

/** What a picture shows beside text, or instead of it. */
export type Texture = {
  /**
   * By how many degrees, clockwise, its lines of text are turned from the nearest of its sides, up to 10 either way; 0 when they are straight
   * enough to be read, or when there are none.
   */
  skew: number
  /** Full of edges that lie in no lines: a photograph, a pattern. It may have a word on it, but is no page. */
  isPhotograph: boolean
}

/** Looks for lines of text by projection profiles (Postl, 1986), of edges, so that shadows play no part. */
export const lookForLines = async (image: GreyImage): Promise<Texture> => {
  const looked = await small(image)
  const found = [false, true]
    .flatMap((turned) => pointsOf(looked, turned) ?? [])
    .map((points) => ({ points, ...sharpestOf(points) }))
  const best = found.reduce((one, other) => (other.ratio > one.ratio ? other : one), { degrees: 0, ratio: 0 })
  const isSkewed = best.ratio >= SHARPER && Math.abs(best.degrees) >= LEAST_DEGREES
  const isBusy = found.some(({ points }) => points.along.length >= BUSY)
  return { skew: isSkewed ? best.degrees : 0, isPhotograph: isBusy && best.ratio < LINELESS }
}

/** Turns a picture anticlockwise by a skew; the corners come to lie on white beyond its sides, so it grows. */
export const straighten = async ({ data, width, height }: GreyImage, degrees: number): Promise<GreyImage> => {
  const turned = sharp(data, { raw: { width, height, channels: 1 } }).rotate(-degrees, { background: '#fff' })
  const result = await turned.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  return { data: result.data, width: result.info.width, height: result.info.height }
}

/**
 * Moves each polygon in a part of a result from the straightened picture to where it is in the picture as it was.
 * @param from the size of the straightened picture @param to that of the picture, both in the unit of the polygons
 */
export function layAskew<T>(part: T, degrees: number, from: Size, to: Size, round = (value: number) => value): T {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const move = (polygon: number[]) =>
    polygon.map((value, index) => {
      const [x, y] = index % 2 === 0 ? [value, polygon[index + 1] ?? 0] : [polygon[index - 1] ?? 0, value]
      const [fromX, fromY] = [x - from.width / 2, y - from.height / 2]
      return round(
        index % 2 === 0 ? to.width / 2 + fromX * cos - fromY * sin : to.height / 2 + fromX * sin + fromY * cos,
      )
    })
  const moveAll = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moveAll)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) =>
        key === 'polygon' && Array.isArray(each) ? [key, move(each)] : [key, moveAll(each)],
      ),
    )
  }
  return moveAll(part) as T
}
