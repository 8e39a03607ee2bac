import { quarterTurnsOf } from '../geometry.ts'
import type { LaidOutPage } from '../local-page.ts'
import { toAzureTables } from './azure-tables.ts'
import { findTables } from './tables.ts'
import { type Line, uprightRulings, uprightTokens } from './upright.ts'

/** What stands on a page beside its words. @param lines that are drawn on it, in the page's unit */
export const withStructure = (read: LaidOutPage, lines: readonly Line[]): LaidOutPage => {
  const { page } = read
  const turns = quarterTurnsOf(page.angle)
  const tokens = uprightTokens(page, turns)
  const tables = findTables(tokens, uprightRulings(lines, tokens, page, turns))
  return { ...read, parts: tables.length > 0 ? { tables: toAzureTables(tables, page, turns) } : null }
}
