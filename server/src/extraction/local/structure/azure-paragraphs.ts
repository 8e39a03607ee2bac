import type { ResultParts } from '@adp/contract/analyze-result.ts'
import type { QuarterTurns } from '../geometry.ts'
import type { LocalPage } from '../local-page.ts'
import type { FoundParagraph } from './paragraphs.ts'
import { regionOf, spansOf } from './region.ts'

/** Paragraphs as Azure gives them. */
export const toAzureParagraphs = (
  paragraphs: readonly FoundParagraph[],
  page: LocalPage,
  turns: QuarterTurns,
): NonNullable<ResultParts['paragraphs']> =>
  paragraphs.map(({ tokens, box, role }) => ({
    ...(role ? { role } : {}),
    content: tokens.map(({ text }) => text).join(' '),
    boundingRegions: [regionOf(box, page, turns)],
    spans: spansOf(tokens),
  }))
