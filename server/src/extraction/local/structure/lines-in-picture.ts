import type { Size } from '../geometry.ts'
import type { GreyImage } from '../grey-image.ts'
import type { Line } from './upright.ts'

/** A pixel is dark when it has less than this share of the light of the paper. */
const DARK = 0.7

/** A letter has no stroke as long as this share of the picture's shorter side, which is 0.2 inches of a letter page. */
const SHORTEST_SHARE = 0.025

/**
 * Nor one that is this much longer than the stems of most letters. On a receipt of 3 inches, where the text is large beside the page, the
 * share above is less than a stem: "d" was read as "c", 8 as 3, 1 as nothing.
 */
const LONGER_THAN_STEMS = 1.6
const STEMS = 0.9

/** Upright runs that are shorter, in pixels, are dust or strokes across; of fewer stems than so many nothing is learnt. */
const SHORTEST_STEM = 8
const STEMS_ENOUGH = 100

/** Every so many columns are looked at for stems, whose strokes are as wide. */
const STEM_STEP = 3

/** Pixels of a line may be this far apart: dust, JPEG. With more, the feet of bold letters in a row are one. */
const BREAK = 2

/** What is thicker, in pixels at 200 dpi, is an area: its edges are lines. Areas that are filled to less than this share are pictures or text. */
const THICKEST = 12
const FILLED = 0.7

/** What is thinner is no part of a letter, and what is thicker only if it is this long, as a share of the shorter side: 0.5 inches. */
const HAIRLINE = 4
const LONG_SHARE = 0.06

/** Beside a line there is paper: of what is dark on either side, so many pixels away, there may be this share, as of letters that touch it. */
const ASIDE = 3
const BUSY = 0.25

/** A line's edge, in grey, is so many pixels wide. */
const FRAYED = 1

/** A photograph has more dark runs than a page has lines. */
const MOST_RUNS = 200_000

/** Dark pixels of one row, or of one column, from `from` up to and without `to`. */
type Run = { lane: number; from: number; to: number }

/** The light of the paper: what most pixels have, of the lighter half of all tones. */
export const paperOf = (data: Uint8Array): number => {
  const counts = new Uint32Array(256)
  // By index: an iterator over millions of pixels takes several times as long.
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at] as number
    counts[value] = (counts[value] as number) + 1
  }
  let paper = 255
  for (let tone = 254; tone >= 128; tone -= 1) if ((counts[tone] as number) > (counts[paper] as number)) paper = tone
  return paper
}

type Runs = { add(lane: number, at: number): void; all(): Run[] }

/** Collects dark pixels into runs, one lane at a time or all lanes in turn; keeps those that are long enough. */
const createRuns = (lanes: number, shortest: number): Runs => {
  const start = new Int32Array(lanes).fill(-1)
  const last = new Int32Array(lanes).fill(-1)
  const found: Run[] = []
  const close = (lane: number) => {
    const [from, to] = [start[lane] as number, (last[lane] as number) + 1]
    if (from >= 0 && to - from >= shortest && found.length < MOST_RUNS) found.push({ lane, from, to })
  }
  return {
    add(lane, at) {
      if (start[lane] === -1 || at - (last[lane] as number) > BREAK) {
        close(lane)
        start[lane] = at
      }
      last[lane] = at
    },
    all() {
      for (let lane = 0; lane < lanes; lane += 1) close(lane)
      return found.toSorted((a, b) => a.lane - b.lane || a.from - b.from)
    },
  }
}

/** Runs of neighbouring lanes that touch: a line that is a little askew goes over from one to the next. */
type Stroke = {
  firstLane: number
  lastLane: number
  from: number
  to: number
  area: number
  moment: number
  runs: Run[]
}

const touches = (stroke: Stroke, run: Run): boolean =>
  // Those of the lane before are its last ones.
  stroke.runs.some((end) => end.lane === run.lane - 1 && run.from <= end.to + BREAK && end.from <= run.to + BREAK)

const strokesOf = (runs: readonly Run[]): Stroke[] => {
  const done: Stroke[] = []
  let open: Stroke[] = []
  for (const [lane, inLane] of Map.groupBy(runs, (run) => run.lane)) {
    done.push(...open.filter((stroke) => stroke.lastLane < lane - 1))
    open = open.filter((stroke) => stroke.lastLane >= lane - 1)
    for (const run of inLane) {
      const length = run.to - run.from
      const stroke = open.find((one) => touches(one, run))
      if (!stroke) {
        open.push({ ...run, firstLane: lane, lastLane: lane, area: length, moment: length * lane, runs: [run] })
        continue
      }
      stroke.from = Math.min(stroke.from, run.from)
      stroke.to = Math.max(stroke.to, run.to)
      stroke.area += length
      stroke.moment += length * lane
      stroke.lastLane = lane
      stroke.runs.push(run)
    }
  }
  return [...done, ...open]
}

type Stretch = { at: number; from: number; to: number }

const isThin = ({ area, from, to }: Stroke): boolean => area <= THICKEST * (to - from)

/** A thin stroke is a line; an area that is filled has one along either side. */
const stretchesOf = (stroke: Stroke): Stretch[] => {
  const { from, to, area, moment, firstLane, lastLane } = stroke
  const length = to - from
  if (isThin(stroke)) return [{ at: moment / area + 0.5, from, to }]
  if (area < FILLED * length * (lastLane - firstLane + 1)) return []
  return [firstLane, lastLane + 1].map((at) => ({ at, from, to }))
}

type Strokes = { across: Stroke[]; down: Stroke[] }

type Lanes = { isDark(lane: number, at: number): boolean; count: number }

/** The feet of letters in a row are no line, nor is what is left of a dark area between the letters on it: these have the like beside them. */
const standsAlone = (stroke: Stroke, { isDark, count }: Lanes): boolean => {
  const away = Math.ceil(stroke.area / (stroke.to - stroke.from)) + ASIDE
  let [seen, dark] = [0, 0]
  for (const { lane, from, to } of stroke.runs) {
    for (const beside of [lane - away, lane + away]) {
      if (beside < 0 || beside >= count) continue
      for (let at = from; at < to; at += 1) if (isDark(beside, at)) dark += 1
      seen += to - from
    }
  }
  return dark <= BUSY * seen
}

/** How high the stems of letters are, in pixels: most upright runs that are too short for a line are no longer. 0: there are too few. */
const stemHeight = ({ data, width, height }: GreyImage, dark: number): number => {
  const longest = Math.floor(LONG_SHARE * Math.min(width, height))
  const counts = new Uint32Array(longest + 1)
  for (let x = 0; x < width; x += STEM_STEP)
    for (let y = 0, length = 0; y <= height; y += 1)
      if (y < height && (data[y * width + x] as number) < dark) length += 1
      else {
        if (length >= SHORTEST_STEM && length <= longest) counts[length] = (counts[length] as number) + 1
        length = 0
      }
  const all = counts.reduce((sum, count) => sum + count, 0)
  let [length, seen] = [0, 0]
  while (seen < STEMS * all) seen += counts[length++] as number
  return all < STEMS_ENOUGH ? 0 : length - 1
}

const strokesIn = (image: GreyImage): Strokes => {
  const { data, width, height } = image
  const dark = paperOf(data) * DARK
  const shortest = Math.max(SHORTEST_SHARE * Math.min(width, height), LONGER_THAN_STEMS * stemHeight(image, dark))
  const [rows, columns] = [createRuns(height, shortest), createRuns(width, shortest)]
  for (let y = 0, index = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, index += 1)
      if ((data[index] as number) < dark) {
        rows.add(y, x)
        columns.add(x, y)
      }
  const byRow = { isDark: (y: number, x: number) => (data[y * width + x] as number) < dark, count: height }
  const byColumn = { isDark: (x: number, y: number) => byRow.isDark(y, x), count: width }
  const kept = (runs: Run[], lanes: Lanes) =>
    strokesOf(runs).filter((stroke) => !isThin(stroke) || standsAlone(stroke, lanes))
  return { across: kept(rows.all(), byRow), down: kept(columns.all(), byColumn) }
}

const isErased = (stroke: Stroke, { width, height }: Size): boolean => {
  const length = stroke.to - stroke.from
  const thickness = stroke.area / length
  return thickness <= HAIRLINE || (thickness <= THICKEST && length >= LONG_SHARE * Math.min(width, height))
}

/** Where each place along a stroke is dark: in the lanes from `first` up to and with `last`. */
const extentOf = ({ from, to, runs }: Stroke): { first: Int32Array; last: Int32Array } => {
  const [first, last] = [new Int32Array(to - from).fill(-1), new Int32Array(to - from)]
  // Runs are in the order of their lanes.
  for (const run of runs)
    for (let at = run.from - from; at < run.to - from; at += 1) {
      if (first[at] === -1) first[at] = run.lane
      last[at] = run.lane
    }
  return { first, last }
}

/** Paints over a stroke with the lighter of what is on its two sides: paper, the colour of a panel, a letter only where that crosses it. */
const erase = (data: Buffer, stroke: Stroke, stepOfLane: number, step: number, lanes: number) => {
  const { first, last } = extentOf(stroke)
  for (let n = 0; n < first.length; n += 1) {
    if (first[n] === -1) continue
    const [from, to] = [(first[n] as number) - FRAYED, (last[n] as number) + FRAYED]
    const place = (stroke.from + n) * step
    const toneAt = (lane: number) => (lane < 0 || lane >= lanes ? 0 : (data[lane * stepOfLane + place] as number))
    const tone = Math.max(toneAt(from - 1), toneAt(to + 1))
    for (let lane = Math.max(0, from); lane <= Math.min(lanes - 1, to); lane += 1)
      data[lane * stepOfLane + place] = tone
  }
}

/** The picture without its lines, which Tesseract takes for the frame of a figure: it leaves out what stands between them. */
const withoutLines = (image: GreyImage, { across, down }: Strokes): GreyImage => {
  const { width, height } = image
  const data = Buffer.from(image.data)
  for (const stroke of across) if (isErased(stroke, image)) erase(data, stroke, width, 1, height)
  // Where two cross, the first is gone already when the second is painted over.
  for (const stroke of down) if (isErased(stroke, image)) erase(data, stroke, 1, width, width)
  return { ...image, data }
}

/**
 * The straight lines in a picture that run along its sides, in its pixels, and the picture without them. Askew by up to a degree or two they
 * are found too.
 */
export const partLines = (image: GreyImage): { lines: Line[]; text: GreyImage } => {
  const strokes = strokesIn(image)
  const across = strokes.across.flatMap(stretchesOf)
  const down = strokes.down.flatMap(stretchesOf)
  const lines = [
    ...across.map(({ at, from, to }) => ({ x1: from, y1: at, x2: to, y2: at })),
    ...down.map(({ at, from, to }) => ({ x1: at, y1: from, x2: at, y2: to })),
  ]
  return { lines, text: withoutLines(image, strokes) }
}

/** Lines in another unit, or in a picture of another size. */
export const scaleLines = (lines: readonly Line[], byX: number, byY: number): Line[] =>
  lines.map(({ x1, y1, x2, y2 }) => ({ x1: x1 * byX, y1: y1 * byY, x2: x2 * byX, y2: y2 * byY }))
