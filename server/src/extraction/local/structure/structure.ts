import type { LocalModel } from '@adp/contract/extraction-options.ts'
import { findDocument } from '../business/find-document.ts'
import { toAzurePairs } from '../forms/azure-pairs.ts'
import type { FoundField } from '../forms/form-fields.ts'
import { findPairs } from '../forms/pairs.ts'
import { quarterTurnsOf } from '../geometry.ts'
import type { LaidOutPage } from '../local-page.ts'
import { toAzureParagraphs } from './azure-paragraphs.ts'
import { toAzureTables } from './azure-tables.ts'
import { languageOf } from './language.ts'
import { findParagraphs } from './paragraphs.ts'
import { scaleOf } from './scale.ts'
import { findTables } from './tables.ts'
import { type Line, uprightFields, uprightRulings, uprightTokens } from './upright.ts'

/**
 * A page with what there is to find beside its words and marks: paragraphs, tables, pairs, its language, and what the model looks for.
 * @param lines that are drawn on it, in the page's unit @param fields of its form
 */
export const structured = (
  read: LaidOutPage,
  lines: readonly Line[],
  fields: readonly FoundField[],
  model: LocalModel,
): LaidOutPage => {
  const { page } = read
  const turns = quarterTurnsOf(page.angle)
  const tokens = uprightTokens(page, turns)
  if (tokens.length === 0) return read
  const scale = scaleOf(tokens)
  const rulings = uprightRulings(lines, scale, page, turns)
  const tables = findTables(tokens, rulings, scale)
  const size = turns % 2 === 1 ? { width: page.height, height: page.width } : page
  const paragraphs = findParagraphs(tokens, read.content, scale, size, tables)
  const pairs = findPairs({ tokens, rulings, tables, scale, fields: uprightFields(fields, page, turns) })
  const document = findDocument({ tokens, words: page.words, tables, rulings, scale, size }, model, { page, turns })
  const language = languageOf(read.content)
  const parts = {
    paragraphs: toAzureParagraphs(paragraphs, page, turns),
    ...(tables.length > 0 ? { tables: toAzureTables(tables, page, turns) } : {}),
    ...(pairs.length > 0 ? { keyValuePairs: toAzurePairs(pairs, page, turns) } : {}),
    ...(document ? { documents: [document] } : {}),
    ...(language ? { languages: [language] } : {}),
  }
  return { ...read, parts }
}
