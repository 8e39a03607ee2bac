import { z } from 'zod'
import { ExtractionError } from '../extractor.ts'

/** What is known of an analysis that is under way, kept as text in the job's `operation`. */
export const AnalyzeOperation = z.object({
  /** Its Operation-Location. */
  location: z.string(),
  model: z.string(),
  /** When it was accepted, ms since 1970. */
  submittedAt: z.number(),
  /** The pages that were sent and how large they are, runs of like ones in one; null where that cannot be known beforehand. */
  pages: z
    .array(
      z.object({ from: z.int(), to: z.int(), width: z.number(), height: z.number(), unit: z.enum(['inch', 'pixel']) }),
    )
    .nullable(),
})
export type AnalyzeOperation = z.infer<typeof AnalyzeOperation>

export type PageFrame = { pageNumber: number; width: number; height: number; unit: 'inch' | 'pixel' }

/** @throws ExtractionError internal_error when it is none that this version has written */
export function parseOperation(text: string): AnalyzeOperation {
  try {
    return AnalyzeOperation.parse(JSON.parse(text))
  } catch (error) {
    throw new ExtractionError('internal_error', `The operation cannot be read: ${text.slice(0, 200)}`, { cause: error })
  }
}

/** 2,000 pages of A4 are one run, not 30 KB that every poll would carry along. */
export function inRuns(frames: PageFrame[]): NonNullable<AnalyzeOperation['pages']> {
  const runs: NonNullable<AnalyzeOperation['pages']> = []
  for (const { pageNumber, width, height, unit } of frames) {
    const frame = { width, height, unit }
    const last = runs.at(-1)
    const goesOn =
      last?.to === pageNumber - 1 &&
      last.width === frame.width &&
      last.height === frame.height &&
      last.unit === frame.unit
    if (last && goesOn) last.to = pageNumber
    else runs.push({ from: pageNumber, to: pageNumber, ...frame })
  }
  return runs
}

export const fromRuns = (runs: NonNullable<AnalyzeOperation['pages']>): PageFrame[] =>
  runs.flatMap(({ from, to, ...frame }) =>
    Array.from({ length: to - from + 1 }, (_, n) => ({ pageNumber: from + n, ...frame })),
  )
