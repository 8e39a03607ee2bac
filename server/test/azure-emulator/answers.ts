import { readFile } from 'node:fs/promises'
import type { AnalyzeOperationOutput, AnalyzeResultOutput } from '@azure-rest/ai-document-intelligence'
import { parseExactly } from './exact-json.ts'
import { type AnalyzedContent, generateAnswer } from './generated-answer.ts'
import type { ErrorBody } from './service-error.ts'

/** The file of the recorded answer to a content, by the SHA-256 of its bytes; undefined where there is none. */
export type Answers = ReadonlyMap<string, string> | ((sha256: string) => string | undefined)

const fileOf = (answers: Answers, sha256: string): string | undefined =>
  typeof answers === 'function' ? answers(sha256) : answers.get(sha256)

/** A recorded answer that has no result: of an analysis that failed, or, without a status, of one that was refused. */
export type RecordedError = { status?: 'failed'; error: ErrorBody['error'] }

/** @returns null when what is recorded for the content is a result, or nothing is */
export async function readRecordedError(answers: Answers, sha256: string): Promise<RecordedError | null> {
  const file = fileOf(answers, sha256)
  const recorded = file === undefined ? {} : await readRecorded(file)
  return 'error' in recorded ? (recorded as RecordedError) : null
}

/** The analyzeResult of the recorded answer as it is, whatever was asked, to the digits; without one, a generated result. */
export async function readAnswer(answers: Answers, content: AnalyzedContent): Promise<AnalyzeResultOutput> {
  const file = fileOf(answers, content.sha256)
  return file === undefined ? generateAnswer(content) : readRecordedResult(file)
}

/** @throws Error when the file has no analyzeResult */
export async function readRecordedResult(file: string): Promise<AnalyzeResultOutput> {
  const { analyzeResult } = await readRecorded(file)
  if (!analyzeResult) throw new Error(`${file} has no analyzeResult`)
  return analyzeResult
}

const readRecorded = async (file: string) => parseExactly(await readFile(file, 'utf8')) as AnalyzeOperationOutput
