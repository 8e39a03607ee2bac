import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import type { LengthUnit } from '@adp/contract/geometry.ts'
import { ExtractionError } from '../extractor.ts'

export const API_VERSION = '2024-11-30'

/** A page as it was sent. Sizes in the unit. */
export type SentPage = { pageNumber: number; width: number; height: number; unit: LengthUnit }

/** What a result has to be of. `pages` null: what was sent has no known pages. */
export type ExpectedResult = { modelId: string; pages: SentPage[] | null }

/** A page as the service describes it. Without layout, as of Office files, there is no size. */
export type FoundPage = { pageNumber: number; width?: number; height?: number; unit?: LengthUnit }

/** Sizes are rounded on the way, to whole pixels or a hundredth of an inch, and a page that is turned a little is cut by as much. */
const TOLERANCE = 0.01
const ROUNDING = { inch: 0.05, pixel: 1.5 }

/**
 * Checks that a result is whole, and of what was sent.
 * @throws ExtractionError result_mismatch, result_incomplete
 */
export function checkResult(
  result: { header: ResultHeader; pages: readonly FoundPage[] },
  expected: ExpectedResult,
): void {
  const { apiVersion, modelId, stringIndexType } = result.header
  requireSame('apiVersion', apiVersion, API_VERSION)
  requireSame('modelId', modelId, expected.modelId)
  requireSame('stringIndexType', stringIndexType, 'utf16CodeUnit')
  const found = new Map(result.pages.map((page) => [page.pageNumber, page]))
  const sent = expected.pages ?? countUp(Math.max(1, ...found.keys()))
  requireAll(sent, found)
  requireNoOthers(sent, found)
  for (const page of expected.pages ?? []) requireSize(page, found.get(page.pageNumber))
}

function requireSame(name: string, actual: string, expected: string): void {
  if (actual !== expected) throw new ExtractionError('result_mismatch', `${name} is ${actual}, not ${expected}.`)
}

/** Pages 1 to `last`: of a file whose pages we do not know, none may be left out between. */
const countUp = (last: number): { pageNumber: number }[] =>
  Array.from({ length: last }, (_, index) => ({ pageNumber: index + 1 }))

function requireAll(sent: readonly { pageNumber: number }[], found: ReadonlyMap<number, FoundPage>): void {
  const missing = sent.filter(({ pageNumber }) => !found.has(pageNumber))
  if (missing.length === 0) return
  throw new ExtractionError('result_incomplete', `Of ${sent.length} pages these are missing: ${listOf(missing)}.`)
}

function requireNoOthers(sent: readonly { pageNumber: number }[], found: ReadonlyMap<number, FoundPage>): void {
  const known = new Set(sent.map(({ pageNumber }) => pageNumber))
  const others = [...found.values()].filter(({ pageNumber }) => !known.has(pageNumber))
  if (others.length === 0) return
  throw new ExtractionError('result_mismatch', `These pages were not sent: ${listOf(others)}.`)
}

/** Enough to see which, of thousands too. */
function listOf(pages: readonly { pageNumber: number }[]): string {
  const numbers = pages.slice(0, 20).map(({ pageNumber }) => pageNumber)
  return numbers.join(', ') + (pages.length > numbers.length ? ', …' : '')
}

/** A size of 0 is not known: a page that could not be parsed here. */
function requireSize(sent: SentPage, found: FoundPage | undefined): void {
  if (sent.width === 0 || sent.height === 0) return
  const { width, height, unit } = found ?? {}
  if (width !== undefined && height !== undefined && unit !== undefined) {
    // Of a page in inches its shape is compared: a unit of its own (UserUnit) may count or not, and in the other unit it is a picture that
    // the service made of the page, with nobody knows how many pixels for an inch.
    const scale =
      unit === 'pixel' && sent.unit === 'pixel' ? 1 : Math.sqrt((width * height) / (sent.width * sent.height))
    const near = (actual: number, wanted: number) =>
      Math.abs(actual - wanted * scale) <= wanted * scale * TOLERANCE + ROUNDING[unit]
    const upright = near(width, sent.width) && near(height, sent.height)
    // A page that is displayed with a quarter turn.
    const turned = near(width, sent.height) && near(height, sent.width)
    if (upright || turned) return
  }
  throw new ExtractionError(
    'result_mismatch',
    `Page ${sent.pageNumber} is ${width} × ${height} ${unit}; ${sent.width} × ${sent.height} ${sent.unit} was sent.`,
  )
}
