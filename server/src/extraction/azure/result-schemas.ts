import { Page, ResultParts, Warning } from '@adp/contract/analyze-result.ts'
import type { z } from 'zod'
import { ExtractionError } from '../extractor.ts'
import { describeProblem } from './answer.ts'

/** What an element of each list of a result has to be. Of lists that a newer service adds we ask nothing. */
const ELEMENTS = new Map<string, z.ZodType>([
  ['pages', Page],
  ['warnings', Warning],
  ...Object.entries(ResultParts.shape).map(([key, list]): [string, z.ZodType] => [key, list.unwrap().element]),
])

export const isKnownList = (key: string): boolean => ELEMENTS.has(key)

/** Lists of the API before version 3. */
const VERSION_2 = new Set(['readResults', 'pageResults', 'documentResults'])

/** @throws ExtractionError result_outdated_shape for a key that a result of today has not */
export function requireNewKey(key: string): void {
  if (VERSION_2.has(key)) throw new ExtractionError('result_outdated_shape', `The result has ${key}, as in version 2.`)
}

/** @throws ExtractionError result_invalid with the path of the first problem; result_outdated_shape for a `boundingBox` */
export function requireElement(key: string, index: number, element: unknown): void {
  const error = ELEMENTS.get(key)?.safeParse(element).error
  const at = `analyzeResult.${key}[${index}]`
  // Version 2 and the previews of version 3 had this in the place of `polygon`, and a polygon may be absent.
  if (hasBoundingBox(element)) throw new ExtractionError('result_outdated_shape', `${at} has a boundingBox.`)
  if (error) throw new ExtractionError('result_invalid', describeProblem(error, at))
}

function hasBoundingBox(element: unknown): boolean {
  if (typeof element !== 'object' || element === null) return false
  if ('boundingBox' in element && Array.isArray(element.boundingBox)) return true
  const nested = ['words', 'lines', 'selectionMarks', 'boundingRegions', 'key', 'cells'] as const
  return nested.some((name) => {
    const within = (element as Record<string, unknown>)[name]
    return hasBoundingBox(Array.isArray(within) ? within[0] : within)
  })
}
