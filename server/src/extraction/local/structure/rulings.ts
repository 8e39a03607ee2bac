/** A straight line along an axis: `at` on the other axis, `from` and `to` on its own. */
export type Ruling = { at: number; from: number; to: number }

/** The lines of a page, those that run across it and those that run down; in the page's unit, with the text upright. */
export type Rulings = { across: Ruling[]; down: Ruling[] }

export const NO_RULINGS: Rulings = { across: [], down: [] }

/** A page with more lines than this is a drawing or a map; only its longest are looked at. */
const MOST_RULINGS = 600

/** Numbers that lie closer together than `tolerance` become one, their mean. Sorted. */
export const cluster = (numbers: readonly number[], tolerance: number): number[] => {
  const groups: number[][] = []
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = groups.at(-1)
    if (last && number - (last.at(-1) as number) <= tolerance) last.push(number)
    else groups.push([number])
  }
  return groups.map((group) => group.reduce((sum, number) => sum + number, 0) / group.length)
}

/** Pieces of lines on one height, from left to right, joined where they touch. */
const joinPieces = (pieces: Ruling[], at: number, tolerance: number): Ruling[] => {
  const joined: Ruling[] = []
  for (const piece of pieces.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && piece.from <= last.to + tolerance) last.to = Math.max(last.to, piece.to)
    else joined.push({ ...piece, at })
  }
  return joined
}

/** Lines of the same direction, where each cell of a table draws its own border and every border is two edges of a thin box. */
export const mergeRulings = (rulings: readonly Ruling[], tolerance: number, shortest: number): Ruling[] => {
  const groups: Ruling[][] = []
  for (const ruling of rulings.toSorted((a, b) => a.at - b.at)) {
    const last = groups.at(-1)
    if (last && ruling.at - (last[0] as Ruling).at <= tolerance) last.push(ruling)
    else groups.push([ruling])
  }
  const merged = groups.flatMap((group) => {
    const at = group.reduce((sum, ruling) => sum + ruling.at, 0) / group.length
    return joinPieces(group, at, tolerance).filter((ruling) => ruling.to - ruling.from >= shortest)
  })
  const length = (ruling: Ruling) => ruling.to - ruling.from
  return merged.length <= MOST_RULINGS
    ? merged
    : merged.toSorted((a, b) => length(b) - length(a)).slice(0, MOST_RULINGS)
}
