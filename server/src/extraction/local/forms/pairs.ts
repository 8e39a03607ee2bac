import type { FoundTable } from '../structure/grid.ts'
import type { Rulings } from '../structure/rulings.ts'
import type { Scale } from '../structure/scale.ts'
import type { Token } from '../structure/token.ts'
import { colonPairs } from './colon-pairs.ts'
import { fieldPairs } from './field-pairs.ts'
import type { FoundField } from './form-fields.ts'
import { type Segments, segmentsOf } from './segments.ts'

/** By what a pair is known, which its confidence follows. */
export type Evidence = 'field' | 'colon' | 'beside' | 'below' | 'boxed' | 'columns' | 'blank' | 'mark'

/**
 * A label and what is said by it; without tokens the value is blank. `confidence` 0 to 1. The key of a form's field that has nothing written
 * beside it is its `name`, without tokens.
 */
export type FoundPair = { key: Token[]; value: Token[]; evidence: Evidence; confidence: number; name?: string }

/** A page's upright words and what is drawn and found on it: what pairs are looked for in. */
export type PageOfPairs = {
  tokens: readonly Token[]
  rulings: Rulings
  tables: readonly FoundTable[]
  scale: Scale
  fields: readonly FoundField[]
}

export type Looking = PageOfPairs & { segments: Segments }

/** The pairs of a page in the order of its content. What stands in a table of data is none. */
export const findPairs = (page: PageOfPairs): FoundPair[] => {
  const ofFields = fieldPairs(page)
  const used = new Set(ofFields.flatMap(({ key, value }) => [...key, ...value]).map(({ span }) => span.offset))
  const cells = new Set(page.tables.flatMap((table) => table.cells).flatMap((cell) => cell.tokens))
  const free = page.tokens.filter((token) => !cells.has(token) && !used.has(token.span.offset))
  const segments = segmentsOf(free, page.rulings, page.scale)
  const found = [...ofFields, ...colonPairs({ ...page, segments })]
  const place = ({ key, value }: FoundPair) => (key[0] ?? value[0])?.span.offset ?? 0
  return found.toSorted((a, b) => place(a) - place(b))
}
