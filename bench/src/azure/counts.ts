import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { DocumentField } from '@adp/contract/result-fields.ts'

export type Counts = { pages: number; words: number; tables: number; cells: number; spanned: number; fields: string }

/** What of a result has to arrive. `spanned`: cells that reach over others; fields by their types. */
export function countParts(result: AnalyzeResult | null): Counts {
  const cells = result?.tables?.flatMap((each) => each.cells) ?? []
  const types = Object.entries(
    Object.groupBy(result?.documents?.flatMap((each) => typesOf(each.fields)) ?? [], (type) => type),
  )
  return {
    pages: result?.pages?.length ?? 0,
    words: result?.pages?.reduce((sum, page) => sum + (page.words?.length ?? 0), 0) ?? 0,
    tables: result?.tables?.length ?? 0,
    cells: cells.length,
    spanned: cells.filter(({ rowSpan = 1, columnSpan = 1 }) => rowSpan * columnSpan > 1).length,
    fields: types.map(([type, all = []]) => `${all.length} ${type}`).join(', ') || '0',
  }
}

const typesOf = (fields: Record<string, DocumentField> = {}): string[] =>
  Object.values(fields).flatMap(({ type, valueObject, valueArray }) => [
    type,
    ...typesOf(valueObject),
    ...typesOf(Object.fromEntries(valueArray?.entries() ?? [])),
  ])
