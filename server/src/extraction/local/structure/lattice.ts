import { type Box, unionBox } from '../geometry.ts'
import type { Ruling, Rulings } from './rulings.ts'

/** Lines that belong to one table, and the box around them. */
export type RuledRegion = Rulings & { box: Box }

/** Lines across without any down are one table when they share at least this much of their length. */
const SAME_EXTENT = 0.85

/** Lines further apart than so many heights of the text have no table between them that had no line of its own. */
const FARTHEST_RULES = 30

type Groups = { of(index: number): number; join(a: number, b: number): void }

/** Union-find: which of `size` things belong together. */
export const createGroups = (size: number): Groups => {
  const parents = Array.from({ length: size }, (_, index) => index)
  const find = (index: number): number => {
    let root = index
    while (parents[root] !== root) root = parents[root] as number
    parents[index] = root
    return root
  }
  const join = (a: number, b: number) => {
    parents[find(a)] = find(b)
  }
  return { of: find, join }
}

const boxOf = ({ across, down }: Rulings): Box =>
  unionBox([
    ...across.map(({ at, from, to }) => ({ x: from, y: at, width: to - from, height: 0 })),
    ...down.map(({ at, from, to }) => ({ x: at, y: from, width: 0, height: to - from })),
  ])

const crosses = (across: Ruling, down: Ruling, tolerance: number): boolean =>
  down.at >= across.from - tolerance &&
  down.at <= across.to + tolerance &&
  across.at >= down.from - tolerance &&
  across.at <= down.to + tolerance

const shareOf = (a: Ruling, b: Ruling): number =>
  (Math.min(a.to, b.to) - Math.max(a.from, b.from)) / Math.max(a.to - a.from, b.to - b.from)

/** Rules across that have no lines down: one below the other and of the same extent they are the rules of one table. */
const stackRules = (across: Ruling[], height: number): Ruling[][] => {
  const stacks: Ruling[][] = []
  for (const ruling of across.toSorted((a, b) => a.at - b.at)) {
    const stack = stacks.find((one) => {
      const last = one.at(-1) as Ruling
      return ruling.at - last.at <= FARTHEST_RULES * height && shareOf(last, ruling) >= SAME_EXTENT
    })
    if (stack) stack.push(ruling)
    else stacks.push([ruling])
  }
  return stacks.filter((stack) => stack.length > 1)
}

/**
 * The groups of lines that may be tables: those that touch, and rules of the same extent one below the other.
 * @param height of the text @param tolerance how far apart lines may be that touch
 */
export const ruledRegions = ({ across, down }: Rulings, height: number, tolerance: number): RuledRegion[] => {
  const groups = createGroups(across.length + down.length)
  // By their numbers: with 600 of each, pairs of a number and a line are 360,000 objects.
  for (let a = 0; a < across.length; a += 1)
    for (let d = 0; d < down.length; d += 1)
      if (crosses(across[a] as Ruling, down[d] as Ruling, tolerance)) groups.join(a, across.length + d)
  const members = Map.groupBy(
    Array.from({ length: across.length + down.length }, (_, index) => index),
    (index) => groups.of(index),
  )
  const regions: Rulings[] = []
  const single: Ruling[] = []
  for (const indices of members.values()) {
    const region = {
      across: indices.filter((index) => index < across.length).map((index) => across[index] as Ruling),
      down: indices.filter((index) => index >= across.length).map((index) => down[index - across.length] as Ruling),
    }
    if (region.across.length > 0 && region.down.length > 0) regions.push(region)
    else single.push(...region.across)
  }
  regions.push(...stackRules(single, height).map((stack) => ({ across: stack, down: [] })))
  return regions.map((region) => ({ ...region, box: boxOf(region) }))
}
