import type { FoundTable } from '../structure/grid.ts'
import type { Rulings } from '../structure/rulings.ts'
import type { Scale } from '../structure/scale.ts'
import type { Token } from '../structure/token.ts'
import { colonPairs } from './colon-pairs.ts'
import { type Segments, segmentsOf } from './segments.ts'

/** By what a pair is known, which its confidence follows. */
export type Evidence = 'field' | 'colon' | 'beside' | 'below' | 'boxed' | 'columns' | 'blank' | 'mark'

/** A label and what is said by it; without tokens the value is blank. `confidence` 0 to 1. */
export type FoundPair = { key: Token[]; value: Token[]; evidence: Evidence; confidence: number }

/** A page's upright words and what is drawn and found on it: what pairs are looked for in. */
export type PageOfPairs = {
  tokens: readonly Token[]
  rulings: Rulings
  tables: readonly FoundTable[]
  scale: Scale
}

export type Looking = PageOfPairs & { segments: Segments }

/** The pairs of a page in the order of its content. What stands in a table of data is none. */
export const findPairs = (page: PageOfPairs): FoundPair[] => {
  const cells = new Set(page.tables.flatMap((table) => table.cells).flatMap((cell) => cell.tokens))
  const free = page.tokens.filter((token) => !cells.has(token))
  const segments = segmentsOf(free, page.rulings, page.scale)
  const found = colonPairs({ ...page, segments })
  const place = ({ key }: FoundPair) => key[0]?.span.offset ?? 0
  return found.toSorted((a, b) => place(a) - place(b))
}
