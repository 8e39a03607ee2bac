import type { FoundCell, FoundTable } from '../structure/grid.ts'
import { isNumber } from '../structure/split-bands.ts'
import { rowsOf, type Token } from '../structure/token.ts'
import { boxedPairs } from './boxed-pairs.ts'
import { endsWithColon, isKnownLabel, isLabel, isProse, sizeOf, textOf } from './label.ts'
import type { FoundPair } from './pairs.ts'
import { splitLine } from './split-line.ts'

/** Of a table's cells that have text so many are pairs when it is a form that is ruled like a table. */
const FORM = 0.6

/** Of the labels of a form without colons so many are known words, in so many rows at least. */
const KNOWN = 0.6
const FEWEST_ROWS = 3

/** What heads the columns of lists of goods, of which there may be one only. */
const GOODS =
  /^(?:qty|quant|qtd|item|art|desc|price|pre[cç]o|amount|valor|unit|total|product|produto|menge|betrag|preis)/i

/** Letters that are so much larger than most are those of titles. */
const HEADING = 1.35

/** How sure pairs are that stand in columns, with and without a colon, and one above the other. */
const CONFIDENCE = { colon: 0.93, words: 0.82, above: 0.7 }

type Entry = { key: Token[]; value: Token[] }

const hasInline = ({ tokens }: FoundCell): boolean =>
  tokens.some(({ text }) => text.includes(':')) &&
  rowsOf(tokens).some((row) => {
    const [piece] = splitLine(row.tokens)
    return piece !== undefined && piece.value.length > 0 && isLabel(textOf(piece.key))
  })

const isColon = ({ key }: Entry): boolean => key.length > 0 && endsWithColon(key.at(-1) as Token)

/** Whether these are labels with their answers, and not the first columns of a list. */
const isAsked = (entries: readonly Entry[]): boolean => {
  if (!entries.every(({ key, value }) => isLabel(textOf(key)) && !isProse(textOf(value)))) return false
  if (entries.every(isColon)) return true
  const known = entries.filter((entry) => isColon(entry) || isKnownLabel(textOf(entry.key))).length
  return entries.length >= FEWEST_ROWS && known >= KNOWN * entries.length
}

const pairsOf = (entries: readonly Entry[], confidence?: number): FoundPair[] =>
  entries.map((entry) => ({
    ...entry,
    evidence: 'columns',
    confidence: confidence ?? (isColon(entry) ? CONFIDENCE.colon : CONFIDENCE.words),
  }))

/** A title above a form may be taken for its first row. */
const isHeading = (key: Token[], cells: readonly FoundCell[]): boolean =>
  sizeOf(key) > HEADING * sizeOf(cells.flatMap(({ tokens }) => tokens))

/** Labels on the left of their answers, in the first column or in every other one. */
const besideIn = ({ columnCount, cells }: FoundTable): FoundPair[] => {
  if (columnCount % 2 !== 0 || cells.some((cell) => cell.columnSpan > 1 && cell.tokens.length > 0)) return []
  const at = (row: number, column: number) =>
    cells.find((cell) => cell.row === row && cell.column === column)?.tokens ?? []
  const entries = cells
    .filter((cell) => cell.column % 2 === 0)
    .map(({ row, column, tokens }) => ({ key: tokens, value: at(row, column + 1) }))
    .filter(({ key, value }) => key.length + value.length > 0 && !isHeading(key, cells))
  const isMarked = entries.some(({ value }) => value.some(({ mark }) => mark))
  return !isMarked && entries.length > 0 && isAsked(entries) ? pairsOf(entries) : []
}

/** One row of labels over one of answers. */
const aboveIn = ({ rowCount, cells }: FoundTable): FoundPair[] => {
  if (rowCount !== 2 || cells.some(({ rowSpan }) => rowSpan > 1)) return []
  const entries = cells
    .filter((cell) => cell.row === 0 && cell.tokens.length > 0)
    .map(({ tokens, column }) => ({
      key: tokens,
      value: cells.find((cell) => cell.row === 1 && cell.column === column)?.tokens ?? [],
    }))
  const isGoods = entries.filter(({ key }) => GOODS.test(textOf(key))).length > 1
  const isAnswered = entries.every(
    ({ value }) => value.length > 0 && value.every(({ mark, text }) => !mark && !isLabelled(text)),
  )
  const isNumbers = entries.every(({ value }) => value.every(({ text }) => isNumber(text)))
  return !isGoods && !isNumbers && isAnswered && isAsked(entries) ? pairsOf(entries, CONFIDENCE.above) : []
}

const isLabelled = (text: string): boolean => /[:：]$/u.test(text)

/** What a form says that is laid out as a table; and whether it is one at all, so that its lines may be looked at like others. */
export type TableAsForm = { isForm: boolean; pairs: FoundPair[] }

export const readAsForm = (table: FoundTable): TableAsForm => {
  const filled = table.cells.filter(({ tokens }) => tokens.length > 0)
  const others = filled.filter((cell) => !hasInline(cell))
  const boxed = boxedPairs(others)
  if (boxed.length + filled.length - others.length >= FORM * filled.length) return { isForm: true, pairs: boxed }
  const beside = besideIn(table)
  const pairs = beside.length > 0 ? beside : aboveIn(table)
  return { isForm: pairs.length > 0, pairs }
}
