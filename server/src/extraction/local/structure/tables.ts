import type { Box } from '../geometry.ts'
import { alignedTables } from './aligned-tables.ts'
import { type FoundTable, isWellFilled } from './grid.ts'
import { withHeader } from './header-cells.ts'
import { type RuledRegion, ruledRegions } from './lattice.ts'
import { ruledTable } from './ruled-table.ts'
import type { Rulings } from './rulings.ts'
import type { Scale } from './scale.ts'
import { bottom, right, type Token } from './token.ts'

/** Lines touch when their ends are closer than so many heights of the text. */
const TOUCHING = 0.35

/** Share of a grid's cells that have text: fewer make a drawing, or a diagram with its scale. */
const FILLED = 0.3

/** Share of the places of two columns between rules that have text: with fewer it is a text with its marginal notes. */
const FULL = 0.8

const isFull = ({ rowCount, columnCount, cells }: FoundTable): boolean =>
  cells.filter((cell) => cell.tokens.length > 0 && cell.columnSpan === 1).length >= FULL * rowCount * columnCount

/** Share of a grid's places that are cells of one column: fewer make text with marks on it. */
const SINGLE = 0.4

const isTable = ({ rowCount, columnCount, cells }: FoundTable): boolean =>
  rowCount > 1 &&
  columnCount > 1 &&
  cells.filter((cell) => cell.tokens.length > 0).length >= FILLED * cells.length &&
  cells.filter((cell) => cell.columnSpan === 1).length >= SINGLE * rowCount * columnCount

/** Ones that lie in another one are cells of it that have lines of their own. */
const outermost = (tables: FoundTable[]): FoundTable[] =>
  tables.filter((table) => !tables.some((other) => other !== table && holds(other, table)))

const holds = ({ box: outer }: FoundTable, { box: inner }: FoundTable): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height &&
  inner.width * inner.height < outer.width * outer.height

const without = (tokens: readonly Token[], tables: readonly FoundTable[]): Token[] => {
  const used = new Set(tables.flatMap((table) => table.cells).flatMap((cell) => cell.tokens))
  return tokens.filter((token) => !used.has(token))
}

const overlaps = ({ box: a }: { box: Box }, { box: b }: { box: Box }): boolean =>
  a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a)

/** Without a line between its columns a table has to look like one: else it is text in a frame, or between rules. */
const looksLikeOne = (table: FoundTable): boolean => isWellFilled(table) && (table.columnCount > 2 || isFull(table))

const hasColumnLines = ({ down, box }: RuledRegion, { height }: Scale): boolean =>
  down.some(({ at }) => at > box.x + height && at < right(box) - height)

/** The tables of a page, from top to bottom: those between lines, and those whose words stand in columns without any. */
export const findTables = (tokens: readonly Token[], rulings: Rulings, scale: Scale): FoundTable[] => {
  const tableIn = (region: RuledRegion) => {
    const table = ruledTable(region, tokens, scale)
    return table && isTable(table) && (hasColumnLines(region, scale) || looksLikeOne(table)) ? [table] : []
  }
  const regions = ruledRegions(rulings, scale.height, TOUCHING * scale.height)
  const framed = outermost(regions.filter(({ down }) => down.length > 0).flatMap(tableIn))
  // Rules that run across the page have tables between them that have lines of their own.
  const stacked = regions
    .filter((region) => region.down.length === 0 && !framed.some((table) => overlaps(table, region)))
    .flatMap(tableIn)
  const ruled = [...framed, ...outermost(stacked)]
  const aligned = alignedTables(without(tokens, ruled), scale).filter(isTable)
  return [...ruled, ...aligned].map(withHeader).toSorted((a, b) => a.box.y - b.box.y)
}
