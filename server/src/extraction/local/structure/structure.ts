import type { LocalModel } from '@adp/contract/extraction-options.ts'
import { quarterTurnsOf } from '../geometry.ts'
import type { LaidOutPage } from '../local-page.ts'
import { toAzureTables } from './azure-tables.ts'
import { findTables } from './tables.ts'
import { type Line, uprightRulings, uprightTokens } from './upright.ts'

/**
 * A page with what the model looks for beside its words: with prebuilt-read nothing, which costs nothing.
 * @param lines that are drawn on it, in the page's unit
 */
export const structured = (read: LaidOutPage, lines: readonly Line[], model: LocalModel): LaidOutPage => {
  if (model === 'prebuilt-read') return read
  const { page } = read
  const turns = quarterTurnsOf(page.angle)
  const tokens = uprightTokens(page, turns)
  const tables = findTables(tokens, uprightRulings(lines, tokens, page, turns))
  return { ...read, parts: tables.length > 0 ? { tables: toAzureTables(tables, page, turns) } : null }
}
