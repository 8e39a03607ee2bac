import { ExtractionError, type ProviderEvents } from '../extractor.ts'
import { analyzeResultJson, readAnswer } from './answer.ts'
import { checkResult } from './check-result.ts'
import { type AnalyzeOperation, fromRuns } from './operation.ts'
import { readPages } from './read-pages.ts'
import { failedOperation } from './service-error.ts'
import { splitResult } from './split-result.ts'

const ENDED_BADLY = new Set(['failed', 'canceled', 'skipped'])

/**
 * Takes what an answer in a file says: a result is checked, stored as it came, and handed over page by page.
 * @param folder a throwaway one, for a result that is larger than memory
 * @returns `running` when there is no result yet
 * @throws ExtractionError provider_answer_broken when the file is not whole, provider_failed, result_invalid and the like
 */
export async function takeAnswer(
  { file, folder }: { file: string; folder: string },
  operation: AnalyzeOperation,
  events: ProviderEvents,
  signal: AbortSignal,
): Promise<'running' | 'done'> {
  const answer = await readAnswer(file)
  if (ENDED_BADLY.has(answer.status)) {
    await events.onOperationFailed()
    throw failedOperation(answer.error)
  }
  // A status that is not known yet is not an end either.
  if (answer.status !== 'succeeded') return 'running'
  const result = await splitResult(file, folder)
  try {
    checkResult(result, { modelId: operation.model, pages: operation.pages && fromRuns(operation.pages) })
    await events.onProviderResult(analyzeResultJson(file), result.header, result.pages.length)
    for await (const page of readPages(result)) {
      signal.throwIfAborted()
      await events.onPage(page)
    }
  } finally {
    await result.close()
  }
  return 'done'
}

/** Whether it may be whole when it is fetched again. */
export const isBroken = (error: unknown): error is ExtractionError =>
  error instanceof ExtractionError && error.code === 'provider_answer_broken'
