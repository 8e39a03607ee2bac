import { gapsOf } from './aligned-rows.ts'
import { type FoundTable, fillGrid, type Grid, withoutEmptyLanes } from './grid.ts'
import type { RuledRegion } from './lattice.ts'
import { openPlaces } from './open-places.ts'
import { cluster, type Ruling } from './rulings.ts'
import type { Scale } from './scale.ts'
import { splitBands } from './split-bands.ts'
import { centre, isInside, right, rowsOf, type TextRow, type Token } from './token.ts'

/** Borders closer together than so many heights of the text are one. */
const SAME_BORDER = 0.4

/** A border is there when lines cover this share of it. */
const COVERED = 0.5

/** A border that is drawn in fewer rows than this share is needed only where it parts text. */
const OFTEN_DRAWN = 0.3

const isCovered = (rulings: readonly Ruling[], at: number, from: number, to: number, tolerance: number): boolean => {
  let covered = 0
  for (const ruling of rulings)
    if (Math.abs(ruling.at - at) <= tolerance)
      covered += Math.max(0, Math.min(ruling.to, to) - Math.max(ruling.from, from))
  return covered >= COVERED * (to - from)
}

/** Where columns end: at lines down, or, where there is none, in the white space. */
const columnsOf = ({ box, down }: RuledRegion, rows: TextRow[], scale: Scale): number[] => {
  const byLines = cluster([...down.map((line) => line.at), box.x, right(box)], SAME_BORDER * scale.height)
  if (byLines.length > 2) return byLines
  return [box.x, ...gapsOf(rows, scale).filter((gap) => gap > box.x && gap < right(box)), right(box)]
}

type Band = { tokens: Token[]; lined: boolean[] }

/**
 * The borders without those that are drawn beside a few cells only and part no text from other text: the edge of a mark behind words.
 * Of a table without lines down all are kept, since its own text made them.
 */
const neededBorders = (xs: readonly number[], bands: readonly Band[]): number[] => {
  const kept = [...xs.keys()]
  const hasText = ({ tokens }: Band, from: number, to: number) =>
    tokens.some(({ box }) => centre(box).x >= (xs[from] as number) && centre(box).x < (xs[to] as number))
  for (let place = xs.length - 2; place > 0; place -= 1) {
    const [before, border, after] = [place - 1, place, kept[place + 1]]
    if (after === undefined) continue
    const lined = bands.filter((band) => band.lined[border])
    const parts = lined.some((band) => hasText(band, before, border) && hasText(band, border, after))
    if (lined.length > 0 && lined.length < OFTEN_DRAWN * bands.length && !parts) kept.splice(place, 1)
  }
  return kept
}

/** The table between lines; null when what they frame is none. */
export const ruledTable = (region: RuledRegion, tokens: readonly Token[], scale: Scale): FoundTable | null => {
  const { across, down, box } = region
  const inside = tokens.filter((token) => isInside(token, box))
  if (inside.length === 0) return null
  const tolerance = SAME_BORDER * scale.height
  const rows = rowsOf(inside)
  const all = columnsOf(region, rows, scale)
  if (all.length < 3) return null
  const borders = cluster([...across.map((line) => line.at), box.y, box.y + box.height], tolerance)
  const { ys, split } = splitBands(borders, all, rows)
  const bands = ys.slice(1).map((end, row) => {
    const top = ys[row] as number
    const between = inside.filter(({ box: { y, height } }) => y + height / 2 >= top && y + height / 2 <= end)
    return { tokens: between, lined: all.map((x) => isCovered(down, x, top, end, tolerance)) }
  })
  const kept = neededBorders(all, bands)
  const xs = kept.map((border) => all[border] as number)
  const open = bands.map(({ tokens: between, lined }) =>
    openPlaces(
      rowsOf(between),
      xs,
      kept.map((border) => lined[border] ?? false),
      scale,
    ),
  )
  const grid: Grid = {
    xs,
    ys,
    isOpenRight: (row, column) => open[row]?.has(column) ?? false,
    isOpenBelow(row, column) {
      const y = ys[row + 1] as number
      return !split.has(y) && !isCovered(across, y, xs[column] as number, xs[column + 1] as number, tolerance)
    },
  }
  return withoutEmptyLanes(fillGrid(grid, inside))
}
