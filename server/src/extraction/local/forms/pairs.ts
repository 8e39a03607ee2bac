import type { FoundTable } from '../structure/grid.ts'
import type { Rulings } from '../structure/rulings.ts'
import type { Scale } from '../structure/scale.ts'
import { rowsOf, type Token } from '../structure/token.ts'
import { blankPairs } from './blank-pairs.ts'
import { besideBoxes, boxedPairs, cellsAround } from './boxed-pairs.ts'
import { colonPairs } from './colon-pairs.ts'
import { columnPairs } from './column-pairs.ts'
import { fieldPairs } from './field-pairs.ts'
import type { FoundField } from './form-fields.ts'
import { isKnownLabel, textOf } from './label.ts'
import { markPairs } from './mark-pairs.ts'
import { type Segments, segmentsOf } from './segments.ts'
import { smallPrintPairs } from './small-print-pairs.ts'
import { readAsForm } from './table-pairs.ts'

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

/** Of pairs that share a word the one of the stronger evidence, which comes first. */
const once = (pairs: readonly FoundPair[]): FoundPair[] => {
  const used = new Set<number>()
  return pairs.filter(({ key, value }) => {
    const places = [...key, ...value].map(({ span }) => span.offset)
    if (places.some((place) => used.has(place))) return false
    for (const place of places) used.add(place)
    return true
  })
}

/** The pairs of a page in the order of its content. What stands in a table of data is none. */
export const findPairs = (page: PageOfPairs): FoundPair[] => {
  const ofFields = fieldPairs(page)
  const forms = page.tables.map((table) => ({ table, ...readAsForm(table) }))
  const data = forms.filter(({ isForm }) => !isForm).flatMap(({ table }) => table.cells)
  const inData = new Set(data.flatMap((cell) => cell.tokens))
  const ofForm = new Set(ofFields.flatMap(({ key, value }) => [...key, ...value]))
  const free = page.tokens.filter((token) => !inData.has(token) && !ofForm.has(token))
  const rows = rowsOf(free)
  const looking = { ...page, segments: segmentsOf(rows, page.rulings, page.scale) }
  const found = once([
    ...ofFields,
    ...markPairs(page, rows),
    ...blankPairs(page, rows),
    ...forms.flatMap(({ pairs }) => pairs),
    ...boxedPairs(cellsAround(page, free)).filter(({ key }) => isKnownLabel(textOf(key))),
    ...besideBoxes(page, looking.segments),
    ...colonPairs(looking),
    ...columnPairs(looking),
    ...smallPrintPairs(looking),
  ])
  const place = ({ key, value }: FoundPair) => (key[0] ?? value[0])?.span.offset ?? 0
  return found.toSorted((a, b) => place(a) - place(b))
}
